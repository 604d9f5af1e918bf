import { describe, expect, test } from '@jest/globals';
import { SessionClients } from '../../lambdas/contain/runbook-host/session-clients';
import { AwsClients } from '../../lambdas/shared/aws-clients';

/** Stands for a client of the SDK: says who was asked, and by which session. */
class Client {
  readonly region: string;
  constructor(config: { readonly region: string }) {
    this.region = config.region;
  }
  send(command: Ask): Promise<string> {
    return command(this.region);
  }
}

type Ask = (session: string) => Promise<string>;

/** Sessions are told apart by their Region here. */
const clients = (...sessions: string[]) =>
  new SessionClients(
    'home',
    sessions.map((session) => new AwsClients(session)),
  );

const failing = (name: string) => Object.assign(new Error(name), { name });

describe('a run of several sessions', () => {
  test('makes a call with the first session that allows it', async () => {
    const asked: string[] = [];
    const answer = await clients('one', 'two', 'three')
      .of(Client)
      .send((session) => {
        asked.push(session);
        return session === 'two' ? Promise.resolve('done') : Promise.reject(failing('UnauthorizedOperation'));
      });
    expect([answer, asked]).toEqual(['done', ['one', 'two']]);
  });

  test('is denied where none allows it', async () => {
    await expect(
      clients('one', 'two')
        .once(Client)
        .send(() => Promise.reject(failing('AccessDenied'))),
    ).rejects.toThrow('AccessDenied');
  });

  test('tries no other session after any other error: the call may have had its effect', async () => {
    const asked: string[] = [];
    const sending = clients('one', 'two')
      .of(Client)
      .send((session) => {
        asked.push(session);
        return Promise.reject(failing('TimeoutError'));
      });
    await expect(sending).rejects.toThrow('TimeoutError');
    expect(asked).toEqual(['one']);
  });

  test('is a plain client where there is one session', () => {
    expect(clients('one').of(Client)).toBeInstanceOf(Client);
    expect(clients('one').of(Client).region).toBe('one');
  });
});
