import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { GetUserCommand, IAMClient } from '@aws-sdk/client-iam';
import { listen } from '../../local/ports';
import { type FaultKind } from '../../local/proxy/fault';
import { ProxyClient } from '../../local/proxy-client';
import { RecordingProxy } from '../../local/proxy';

const ANSWER =
  '<GetUserResponse><GetUserResult><User><UserName>mallory</UserName></User></GetUserResult></GetUserResponse>';

describe('RecordingProxy', () => {
  let emulator: Server;
  let seen: { url: string; host: string }[];
  let killed: number[];
  let proxy: RecordingProxy;
  let iam: IAMClient;

  beforeEach(async () => {
    seen = [];
    killed = [];
    emulator = createServer((request, response) => {
      seen.push({ url: request.url ?? '', host: request.headers.host ?? '' });
      request.resume().on('end', () => response.setHeader('content-type', 'text/xml').end(ANSWER));
    });
    await listen(emulator, 0);
    const address = emulator.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    proxy = await RecordingProxy.start({
      port: 0,
      route: () => Promise.resolve({ port }),
      kill: (pid) => Promise.resolve(void killed.push(pid)),
      setWaitScale: () => Promise.resolve(),
      reset: () => Promise.resolve(),
    });
    iam = new IAMClient({
      endpoint: `http://127.0.0.1:${proxy.port}`,
      region: 'us-east-1',
      credentials: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'test' },
      maxAttempts: 1,
    });
  });

  afterEach(async () => {
    iam.destroy();
    await proxy.stop();
    emulator.closeAllConnections();
    emulator.close();
  });

  const getUser = (): Promise<unknown> => iam.send(new GetUserCommand({ UserName: 'mallory' }));

  test('passes a call on and records it', async () => {
    await expect(getUser()).resolves.toMatchObject({ User: { UserName: 'mallory' } });

    expect(await proxy.calls()).toMatchObject([
      { seq: 1, service: 'iam', operation: 'GetUser', mutating: false, status: 200, forwarded: true },
    ]);
  });

  test.each<[FaultKind, string]>([
    ['throttled', 'Throttling'],
    ['internal-error', 'ServiceFailureException'],
    ['access-denied', 'AccessDenied'],
    ['not-found', 'NoSuchEntityException'],
    ['limit-exceeded', 'LimitExceededException'],
    ['temporarily-unmodifiable', 'EntityTemporarilyUnmodifiableException'],
  ])('%s reaches the caller as %s, without any effect', async (fault, name) => {
    await proxy.inject({ match: { service: 'iam' }, fault });

    await expect(getUser()).rejects.toThrow(expect.objectContaining({ name }));

    expect(seen).toEqual([]);
    expect(await proxy.calls()).toMatchObject([{ fault, forwarded: false }]);
  });

  test.each<[FaultKind, number]>([
    ['timeout-before', 0],
    ['timeout-after', 1],
  ])('%s breaks the connection when the emulator has seen the call %d times', async (fault, times) => {
    await proxy.inject({ match: {}, fault });

    await expect(getUser()).rejects.toThrow('socket hang up');

    expect(seen).toHaveLength(times);
  });

  test('kill-after kills the calling worker once the call had its effect', async () => {
    await proxy.inject({ match: {}, fault: 'kill-after' });
    const agent = { 'user-agent': 'x exec-env/AWS_Lambda_nodejs~Contain~4711' };

    await expect(fetch(`http://127.0.0.1:${proxy.port}/?Action=GetUser`, { headers: agent })).rejects.toThrow('fetch');

    expect(killed).toEqual([4711]);
    expect(seen).toHaveLength(1);
  });

  test('strikes the calls that are asked for and no other', async () => {
    await proxy.inject({ match: { operation: 'GetUser', resource: 'mall' }, fault: 'throttled', skip: 1, times: 1 });
    await proxy.inject({ match: { operation: 'CreateUser' }, fault: 'throttled', times: 0 });

    await getUser();
    await expect(getUser()).rejects.toThrow();
    await expect(getUser()).resolves.toBeDefined();
  });

  test('strikes every try of one call where that is asked for, and no other call', async () => {
    const patient = new IAMClient({
      endpoint: `http://127.0.0.1:${proxy.port}`,
      region: 'us-east-1',
      credentials: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'test' },
      maxAttempts: 2,
    });
    const ask = () => patient.send(new GetUserCommand({ UserName: 'mallory' }));
    const id = await proxy.inject({ match: {}, fault: 'internal-error', skip: 1, wholeCall: true });

    await expect(ask()).resolves.toBeDefined();
    await expect(ask()).rejects.toMatchObject({ name: 'ServiceFailureException' });
    await expect(ask()).resolves.toBeDefined();

    const invocations = (await proxy.calls()).map(({ invocation }) => invocation);
    expect(invocations).toHaveLength(4);
    expect(new Set(invocations).size).toBe(3);
    expect(await proxy.faults()).toMatchObject([{ id, seen: 2, struck: 1 }]);
    await proxy.remove(id);
    expect(await proxy.faults()).toEqual([]);
    patient.destroy();
  });

  test('ends a process that was adopted, and none that was not asked for', async () => {
    const worker = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)']);
    const ended = once(worker, 'exit');
    process.env['AWS_EXECUTION_ENV'] = `AWS_Lambda_nodejs~contain~${worker.pid ?? 0}`;
    await proxy.adopt(worker.pid ?? 0);
    await proxy.inject({ match: {}, fault: 'kill-before' });

    await expect(getUser()).rejects.toBeDefined();
    delete process.env['AWS_EXECUTION_ENV'];

    expect((await ended)[1]).toBe('SIGKILL');
    expect(killed).toEqual([]);
    expect(() => proxy.adopt(process.pid)).toThrow(/only the id of a worker's process can be adopted/);
  });

  test('lets a hook look before and after the effect', async () => {
    const moments: string[] = [];
    proxy.onCall({ service: 'iam' }, 'before', () => void moments.push(`before ${seen.length}`));
    const end = proxy.onCall({ service: 'iam' }, 'after', () => void moments.push(`after ${seen.length}`));

    await getUser();
    end();
    await getUser();

    expect(moments).toEqual(['before 0', 'after 1', 'before 1']);
  });

  test('is controlled from another process by the same words', async () => {
    const client = new ProxyClient(`http://127.0.0.1:${proxy.port}`);
    expect(await client.isThere()).toBe(true);

    await client.inject({ match: {}, fault: 'throttled' });
    await expect(getUser()).rejects.toThrow();
    await client.clearFaults();
    await getUser();

    expect(await client.calls({ service: 'iam', after: 1 })).toMatchObject([{ seq: 2, status: 200 }]);
    await client.clear();
    expect(await client.calls()).toEqual([]);
  });

  test('refuses a fault that does not exist, and says which do', async () => {
    const client = new ProxyClient(`http://127.0.0.1:${proxy.port}`);

    await expect(client.inject({ match: {}, fault: 'meteor' as FaultKind })).rejects.toThrow(
      /throttled, internal-error/,
    );
  });

  test('reaches a host that does not resolve by its path', async () => {
    await fetch(`http://127.0.0.1:${proxy.port}/_firebreak/host/abc.execute-api.localhost/ack?token=1`);

    expect(seen).toEqual([{ url: '/ack?token=1', host: 'abc.execute-api.localhost' }]);
  });

  test('says what is wrong when the emulator is gone', async () => {
    emulator.closeAllConnections();
    emulator.close();

    const answer = await fetch(`http://127.0.0.1:${proxy.port}/?Action=GetUser`);

    expect(answer.status).toBe(502);
    expect(await answer.text()).toContain('The recording proxy could not pass this call on');
  });
});
