import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import { GetRoleCommand, GetRolePolicyCommand, IAMClient } from '@aws-sdk/client-iam';
import {
  AddPermissionCommand,
  CreateEventSourceMappingCommand,
  DeleteEventSourceMappingCommand,
  DeleteFunctionConcurrencyCommand,
  InvokeCommand,
  LambdaClient,
  UpdateFunctionUrlConfigCommand,
} from '@aws-sdk/client-lambda';
import { SQSClient } from '@aws-sdk/client-sqs';
import { createHash } from 'node:crypto';
import { runbook } from '../../runbooks/quarantine-function/actions';
import { cases, type FunctionCase } from '../../runbooks/quarantine-function/cases';
import { subjectOf } from '../../runbooks/quarantine-function/subject';
import { embeddedAws } from '../embedded/aws';
import { makeFunction, readFunctionState, type FunctionClients } from './function';
import { RunActions, targetOf } from './run-actions';

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
