import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { STSClient } from '@aws-sdk/client-sts';
import type { AssumeRoleCommandInput } from '@aws-sdk/client-sts';
import { action, type Action, type ChangeContext } from '../../lambdas/contain/runbook-host/action';
import { makeChange } from '../../lambdas/contain/runbook-host/make-change';
import type { Run } from '../../lambdas/contain/runbook-host/run';
import { AwsClients, type ClientConfig } from '../../lambdas/shared/aws-clients';

const ARN = (name: string) => `arn:aws:iam::111122223333:user/${name}`;

type Before = { readonly users: string[] };

/** STS, and who asked it for what. */
class Sts extends AwsClients {
  readonly asked: AssumeRoleCommandInput[] = [];
  failures: Error[] = [];

  override of<Client>(Kind: new (config: ClientConfig) => Client): Client {
    expect(Kind.name).toBe('STSClient');
    const send: STSClient['send'] = (command: { readonly input: AssumeRoleCommandInput }) => {
      const failure = this.failures.pop();
      if (failure) return Promise.reject(failure);
      this.asked.push(command.input);
      return Promise.resolve({
        Credentials: { AccessKeyId: command.input.Policy, SecretAccessKey: 'hush', SessionToken: 'token' },
      }) as never;
    };
    return { send } as Client;
  }
}

/** Stands for a service: allows what the policy names, which is the access key here. */
class Service {
  constructor(private readonly config: ClientConfig) {}

  async change(arn: string): Promise<void> {
    const { accessKeyId = '' } = (await this.config.credentials?.()) ?? {};
    if (!accessKeyId.includes(arn)) throw Object.assign(new Error(`not allowed: ${arn}`), { name: 'AccessDenied' });
  }
}

class AnotherService extends Service {}

const named = (name: string) => Object.assign(new Error(name), { name });

describe('a change', () => {
  const sts = new Sts('eu-central-1');
  let there: string[];

  const run = {
    containment: { id: 'con-1', incidentId: 'inc-1' },
    context: { target: { region: 'eu-central-1' }, parameters: { partition: 'aws' }, aws: sts },
  } as unknown as Run;

  /** Changes each user that is there now, whatever was written down. */
  const make = (contain: (context: ChangeContext) => Promise<void>): Action =>
    action<Before>({
      id: 'change-users',
      read: () => Promise.resolve({ users: [...there] }),
      changes: () => [],
      permissions: ({ users }) => [{ actions: ['iam:UpdateUser'], resources: users.map(ARN) }],
      contain: (_before, context) => contain(context),
      verify: () => Promise.resolve({ ok: true, observed: '' }),
      release: () => Promise.resolve({ restored: [], tasks: [] }),
      verifyReleased: () => Promise.resolve({ ok: true, observed: '' }),
    });

  const changeAll = make(async ({ change }) => {
    for (const user of there) await change.of(Service).change(ARN(user));
    for (const user of there) await change.once(AnotherService).change(ARN(user));
  });

  let logged: jest.SpiedFunction<typeof console.log>;
  beforeEach(() => {
    logged = jest.spyOn(console, 'log').mockReturnValue();
    sts.asked.length = 0;
    there = ['alice'];
    process.env['CONTAIN_ROLE_ARN'] = 'arn:aws:iam::111122223333:role/firebreak/x/contain/Run';
    process.env['GUARD_RAILS'] = JSON.stringify({
      account: '111122223333',
      region: 'eu-central-1',
      protected: ['arn:aws:iam::*:user/break-glass'],
      networks: [],
      maximumContainmentsPerHour: 5,
    });
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  test('is made with one session for the action, that says whose it is and names the target alone', async () => {
    const policy = await makeChange(run, changeAll, { users: ['alice'] });

    expect(sts.asked).toEqual([
      {
        RoleArn: process.env['CONTAIN_ROLE_ARN'],
        RoleSessionName: 'con-1',
        SourceIdentity: 'inc-1',
        DurationSeconds: 900,
        Policy: JSON.stringify({
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action: 'iam:UpdateUser', Resource: ARN('alice') }],
        }),
      },
    ]);
    expect(policy?.allowed).toEqual([`iam:UpdateUser on ${ARN('alice')}`]);
    const log = JSON.stringify(logged.mock.calls);
    expect(log).toContain(policy?.sha256);
    expect(log).not.toMatch(/hush|token/);
  });

  test('asks for no credentials where there is nothing to change', async () => {
    await makeChange(
      run,
      make(() => Promise.resolve()),
      { users: ['alice'] },
    );
    expect(sts.asked).toEqual([]);
  });

  test('may be made to what appeared since the state was written down, once that was read and asked about', async () => {
    there = ['alice', 'mallory'];

    const policy = await makeChange(run, changeAll, { users: ['alice'] });

    expect(sts.asked).toHaveLength(2);
    expect(policy?.allowed).toEqual([`iam:UpdateUser on ${ARN('alice')}, ${ARN('mallory')}`]);
  });

  test('may be made where nothing was there when the state was written down, and something is now', async () => {
    const policy = await makeChange(run, changeAll, { users: [] });
    expect(policy?.allowed).toEqual([`iam:UpdateUser on ${ARN('alice')}`]);
  });

  test('is denied where what appeared is protected', async () => {
    there = ['alice', 'break-glass'];
    await expect(makeChange(run, changeAll, { users: ['alice'] })).rejects.toThrow(/protected by the guard rail/);
    expect(sts.asked).toHaveLength(1);
  });

  test('stays denied where nothing new is there: no second try with the same policy', async () => {
    const stranger = make(({ change }) => change.of(Service).change(ARN('stranger')));
    await expect(makeChange(run, stranger, { users: ['alice'] })).rejects.toThrow('not allowed');
    expect(sts.asked).toHaveLength(1);
  });

  test('is refused before anything happens where it names what is protected', async () => {
    await expect(makeChange(run, changeAll, { users: ['break-glass'] })).rejects.toThrow(/protected by the guard rail/);
    expect(sts.asked).toEqual([]);
  });

  test('waits for STS where that passes by itself, and fails where it does not', async () => {
    sts.failures = [named('ThrottlingException')];
    await expect(makeChange(run, changeAll, { users: ['alice'] })).resolves.toBeDefined();
    sts.failures = [named('RegionDisabledException')];
    await expect(makeChange(run, changeAll, { users: ['alice'] })).rejects.toThrow('RegionDisabledException');
  });

  test('that named nothing it may change is a mistake of the runbook, and says so', async () => {
    const careless = { ...changeAll, permissions: () => [] };
    await expect(makeChange(run, careless, { users: ['alice'] })).rejects.toThrow(
      "action 'change-users' changes something, and named nothing that it may change",
    );
  });
});
