import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import { GetRoleCommand, GetRolePolicyCommand, IAMClient } from '@aws-sdk/client-iam';
import {
  AddPermissionCommand,
  CreateEventSourceMappingCommand,
  CreateFunctionUrlConfigCommand,
  DeleteEventSourceMappingCommand,
  DeleteFunctionConcurrencyCommand,
  InvokeCommand,
  LambdaClient,
  PutProvisionedConcurrencyConfigCommand,
  UpdateFunctionUrlConfigCommand,
} from '@aws-sdk/client-lambda';
import { SQSClient } from '@aws-sdk/client-sqs';
import { createHash } from 'node:crypto';
import { runbook } from '../../runbooks/quarantine-function/actions';
import { cases, type FunctionCase } from '../../runbooks/quarantine-function/cases';
import { subjectOf } from '../../runbooks/quarantine-function/subject';
import { embeddedAws } from '../embedded/aws';
import { makeFunction, readFunctionState, type FunctionClients } from './function';
import { RunActions, targetOf, type Undo } from './run-actions';

jest.setTimeout(60_000);

const EVERYTHING = cases.at(-1) as FunctionCase;
const PLAIN = cases[0] as FunctionCase;
const nameOf = (arn: string) => arn.split(':').at(-1) ?? '';

describe('quarantine-function on the embedded AWS', () => {
  const aws = embeddedAws();
  let clients: FunctionClients;

  beforeAll(() => {
    clients = {
      lambda: new LambdaClient({ ...aws.client, maxAttempts: 1 }),
      iam: new IAMClient(aws.client),
      sqs: new SQSClient(aws.client),
    };
  });

  async function start(shape: FunctionCase = EVERYTHING) {
    const arn = await makeFunction(clients, shape);
    const run = new RunActions(runbook, targetOf('function', arn));
    return { arn, FunctionName: nameOf(arn), run, before: await readFunctionState(clients, arn) };
  }

  test.each(cases)('contains and releases a function: $name', async (shape) => {
    const { arn, FunctionName, run, before } = await start(shape);

    const undo = await run.contain();

    const now = await readFunctionState(clients, arn);
    expect(now.reserved).toBe(0);
    expect(now.provisioned).toEqual([]);
    expect(Object.values(now.mappings).filter((state) => state !== 'Disabled')).toEqual([]);
    expect(now.urls.map(([, auth]) => auth)).toEqual(before.urls.map(() => 'AWS_IAM'));
    expect(now.grants.map(({ Sid }) => Sid)).toEqual(shape.grants.includes('own-bucket') ? ['own-bucket'] : []);
    expect(now.rolePolicies).toEqual([`FirebreakQuarantine-${FunctionName}`]);
    await expect(clients.lambda.send(new InvokeCommand({ FunctionName }))).rejects.toThrow(/Rate Exceeded/);
    expect(await run.missing(undo)).toEqual([]);

    const tasks = await run.release(undo);

    expect(tasks).toEqual([]);
    expect(await readFunctionState(clients, arn)).toEqual(before);
  });

  test('GIVEN it is released WHEN it is called THEN it runs again', async () => {
    const { FunctionName, run } = await start(PLAIN);

    await run.release(await run.contain());

    const { Payload } = await clients.lambda.send(new InvokeCommand({ FunctionName }));
    expect(Buffer.from(Payload ?? []).toString()).toBe('"ran"');
  });

  test('run again, it ends the same, and so does its release', async () => {
    const { arn, run, before } = await start();
    const undo = await run.contain();
    const contained = await readFunctionState(clients, arn);

    await run.contain(undo);
    expect(await readFunctionState(clients, arn)).toEqual(contained);

    await run.release(undo);
    await run.release(undo);
    expect(await readFunctionState(clients, arn)).toEqual(before);
  });

  test('a policy that Lambda denies to have for a moment is written down all the same', async () => {
    const { FunctionName, run } = await start();
    const action = run.action('remove-foreign-grants');
    const known = await action.read(run.context);
    const match = { service: 'lambda', operation: 'GetPolicy', resource: FunctionName };
    const fault = await aws.proxy.inject({ match, fault: 'not-found', wholeCall: true });

    const read = await action.read(run.context);

    const struck = (await aws.proxy.faults()).find(({ id }) => id === fault)?.struck;
    await aws.proxy.remove(fault);
    expect(known).not.toEqual({ foreign: [] });
    expect([struck, read]).toEqual([1, known]);
  });

  test('GIVEN an attacker who undoes it WHEN it is read back THEN it says what is missing, and running it again mends it', async () => {
    const { FunctionName, run } = await start();
    const undo = await run.contain();
    const { lambda } = clients;

    await lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
    await lambda.send(new UpdateFunctionUrlConfigCommand({ FunctionName, AuthType: 'NONE' }));
    await lambda.send(
      new AddPermissionCommand({
        FunctionName,
        StatementId: 'again',
        Action: 'lambda:UpdateFunctionCode',
        Principal: '999988887777',
      }),
    );
    await lambda.send(
      new CreateEventSourceMappingCommand({
        FunctionName,
        EventSourceArn: `arn:aws:sqs:us-east-1:000000000000:${FunctionName}-0`,
      }),
    );
    expect((await run.missing(undo)).map((line) => line.split(':')[0])).toEqual([
      'stop-invocations',
      'disable-event-sources',
      'close-function-urls',
      'remove-foreign-grants',
    ]);

    await run.contain(undo);
    expect(await run.missing(undo)).toEqual([]);
  });

  test('GIVEN what was added while it was quarantined, and stopped as well WHEN it is released THEN what is left of it are tasks, and what leaves no trace was said', async () => {
    const { FunctionName, run, before } = await start({ ...EVERYTHING, url: 'none' });
    const undo = await run.contain();
    const { lambda } = clients;
    const EventSourceArn = `arn:aws:sqs:us-east-1:000000000000:${FunctionName}-0`;
    const { UUID = '' } = await lambda.send(new CreateEventSourceMappingCommand({ FunctionName, EventSourceArn }));
    const { FunctionUrl = '' } = await lambda.send(
      new CreateFunctionUrlConfigCommand({ FunctionName, AuthType: 'NONE' }),
    );
    await lambda.send(
      new AddPermissionCommand({
        FunctionName,
        StatementId: 'partner',
        Action: 'lambda:InvokeFunction',
        Principal: '999988887777',
      }),
    );
    await lambda.send(
      new PutProvisionedConcurrencyConfigCommand({
        FunctionName,
        Qualifier: 'live',
        ProvisionedConcurrentExecutions: 3,
      }),
    );

    await run.contain(undo);

    const said = async (what: 'verify' | 'verifyReleased', record: Undo) => {
      const sentences = new Map<string, string>();
      for (const { id } of runbook.actions) {
        const { observed } = await run.action(id)[what](record.get(id) ?? {}, run.context, { reactivateKeys: false });
        sentences.set(id, observed);
      }
      return sentences;
    };
    const contained = await said('verify', undo);
    expect(contained.get('remove-foreign-grants')).toMatch(
      /^nobody outside .*; not in the state written down, so that no release gives it back: permission 'partner' \(.*999988887777/,
    );
    expect(contained.get('remove-provisioned-concurrency')).toContain("'live' (it kept 3 environment(s) warm)");
    expect(contained.get('disable-event-sources')).toContain(`${UUID} (it polled ${EventSourceArn})`);
    expect(contained.get('close-function-urls')).toContain(`${FunctionUrl} (it was open to anybody)`);

    // As it comes back from the store, to another run.
    const stored = new Map([...undo].map(([id, record]) => [id, structuredClone(record)]));
    const tasks = await run.release(stored);

    expect(tasks).toEqual([
      expect.stringMatching(`^The function URL ${FunctionUrl} .* --function-name ${FunctionName} --auth-type NONE$`),
      expect.stringMatching(
        `^The event source mapping ${UUID} of ${EventSourceArn} was added .* --uuid ${UUID} --enab`,
      ),
    ]);
    const released = await said('verifyReleased', stored);
    expect(released.get('disable-event-sources')).toBe(
      `event sources poll as before; added since, and still disabled: ${UUID} of ${EventSourceArn}`,
    );
    expect(released.get('close-function-urls')).toContain(`made since, and for signed requests only: ${FunctionUrl}`);
    expect(released.get('remove-foreign-grants')).toMatch(/what came later and was removed .* stands in the timeline$/);
    const arn = run.context.target.id;
    expect((await readFunctionState(clients, arn)).grants).toEqual(before.grants);
  });

  test('spares a function that shares the role: its name stands in neither condition', async () => {
    const first = await start(PLAIN);
    const { Role } = await clients.iam.send(new GetRoleCommand({ RoleName: first.FunctionName }));
    const second = await makeFunction(clients, PLAIN, Role?.Arn);
    const other = new RunActions(runbook, targetOf('function', second));

    const undo = await first.run.contain();
    const undoOther = await other.contain();

    const { PolicyDocument } = await clients.iam.send(
      new GetRolePolicyCommand({
        RoleName: first.FunctionName,
        PolicyName: `FirebreakQuarantine-${first.FunctionName}`,
      }),
    );
    const { Statement } = JSON.parse(decodeURIComponent(PolicyDocument ?? '')) as {
      Statement: { Condition: unknown }[];
    };
    expect(Statement.map(({ Condition }) => Condition)).toEqual([
      { ArnLike: { 'lambda:SourceFunctionArn': [first.arn, `${first.arn}:*`] } },
      { StringEquals: { 'aws:userid': `${Role?.RoleId ?? ''}:${first.FunctionName}` } },
    ]);
    await first.run.release(undo);
    expect(await other.missing(undoOther)).toEqual([]);
  });

  test('GIVEN something was deleted meanwhile WHEN it is released THEN the rest is given back and a person is told', async () => {
    const { arn, run, before } = await start();
    const undo = await run.contain();
    const [gone = ''] = Object.entries(before.mappings).find(([, state]) => state === 'Enabled') ?? [];
    await clients.lambda.send(new DeleteEventSourceMappingCommand({ UUID: gone }));

    const tasks = await run.release(undo);

    expect(tasks).toEqual([expect.stringContaining(`${gone} of arn:aws:sqs:us-east-1:000000000000:`)]);
    expect((await readFunctionState(clients, arn)).grants).toEqual(before.grants);
  });

  test('its plan says what is cut off, and every policy of a run names the function or its role', async () => {
    const { FunctionName, run } = await start();
    const undo = await run.read();

    expect(run.plan(undo)).toEqual([
      expect.stringMatching(/^lambda:DeleteProvisionedConcurrencyConfig .*:live: 2 environment\(s\) kept warm → none/),
      expect.stringMatching(
        /^lambda:PutFunctionConcurrency .*: reserved concurrency is 5 → reserved concurrency is 0: no/,
      ),
      expect.stringMatching(/^iam:PutRolePolicy .*others that share the role go on$/),
      expect.stringMatching(/^lambda:UpdateEventSourceMapping .*: polls arn:aws:sqs:.*-0 → disabled$/),
      expect.stringMatching(/^lambda:UpdateFunctionUrlConfig https:.*: open to anybody → signed requests only$/),
      ...Array.from({ length: 5 }, () => expect.stringMatching(/^lambda:RemovePermission '.*→ no such permission$/)),
    ]);
    for (const step of ['contain', 'release'] as const) {
      for (const [, policy] of run.policies(undo, step)) {
        expect(policy).toContain(FunctionName);
        expect(policy.length).toBeLessThan(700);
      }
    }
  });

  test('evidence has the code, hashed, and no secret', async () => {
    const { run } = await start();

    const evidence = await run.evidence();

    expect([...evidence.keys()]).toEqual(runbook.evidence.map(({ name }) => name));
    const code = JSON.parse(evidence.get('code') ?? '') as { sha256Base64: string; zipBase64: string };
    const zip = Buffer.from(code.zipBase64, 'base64');
    expect(createHash('sha256').update(zip).digest('base64')).toBe(code.sha256Base64);
    expect(zip.toString()).toContain('exports.handler');
    const everything = [...evidence.values()].join('\n');
    expect(everything).toContain('DATABASE_PASSWORD');
    expect(everything).not.toMatch(/hunter2|X-Amz-Signature/);
  });

  describe('the guard rails are told', () => {
    const ask = (id: string) => subjectOf(new RunActions(runbook, targetOf('function', id)).context);

    test('that there is no such function', async () => {
      await expect(ask('arn:aws:lambda:us-east-1:000000000000:function:no-such')).rejects.toThrow(
        "function 'no-such' does not exist in us-east-1; it may have been deleted",
      );
    });

    test('that it is no function', async () => {
      await expect(ask('arn:aws:lambda:us-east-1:000000000000:layer:x:1')).rejects.toThrow(
        /is not the ARN of a Lambda function without version or alias/,
      );
    });

    test('which role goes with it', async () => {
      const { arn, FunctionName } = await start(PLAIN);

      expect(await ask(arn)).toEqual({
        arns: [`arn:aws:iam::000000000000:role/service-role/${FunctionName}`],
        networks: [],
      });
    });
  });
});
