import { beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { EC2Client } from '@aws-sdk/client-ec2';
import { IAMClient } from '@aws-sdk/client-iam';
import { AddPermissionCommand, CreateEventSourceMappingCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { RDSClient } from '@aws-sdk/client-rds';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Runbook } from '../../lambdas/contain/runbook-host/action';
import { getIncident } from '../../lambdas/shared/store/incidents';
import { readTimeline } from '../../lambdas/shared/store/timelines';
import type { Target } from '../../lib/model/plan';
import { runbook as lockBucket } from '../../runbooks/lock-bucket/actions';
import { cases as buckets, type BucketCase } from '../../runbooks/lock-bucket/cases';
import { runbook as quarantineFunction } from '../../runbooks/quarantine-function/actions';
import { cases as functions, type FunctionCase } from '../../runbooks/quarantine-function/cases';
import { runbook as unshareSnapshot } from '../../runbooks/unshare-snapshot/actions';
import { cases as snapshots, type SnapshotCase } from '../../runbooks/unshare-snapshot/cases';
import { GUARD_RAILS, World } from '../contain/world';
import { embeddedAws } from '../embedded/aws';
import { makeBucket } from './bucket';
import { makeFunction } from './function';
import { targetOf } from './run-actions';
import { makeShared } from './shared-snapshot';

jest.setTimeout(120_000);

describe('bucket, function and snapshot by the host, with its store, vault and machines', () => {
  const aws = embeddedAws();
  const protectedTargets = new Map<string, Target>();
  let sharesRole: Target;
  let world: World;

  beforeAll(async () => {
    world = await World.create(aws, 'arn:aws:iam::000000000000:policy/unused');
    for (const { id, make } of named) protectedTargets.set(id, await make());
    // The function of a protected role is not protected by itself: a name of its own, and its role's.
    sharesRole = await (named[1] as (typeof named)[number]).make();
    const role = `arn:aws:iam::*:role/service-role/${sharesRole.id.split(':').at(-1) ?? ''}`;
    const ids = [...protectedTargets.values()].map(({ id }) => id);
    // Read once, at the first question.
    process.env['GUARD_RAILS'] = JSON.stringify({ ...GUARD_RAILS, protected: [...ids, role] });
  });
  beforeEach(() => {
    jest.spyOn(console, 'log').mockReturnValue();
    jest.spyOn(console, 'error').mockReturnValue();
  });

  const made: readonly [Runbook, () => Promise<Target>][] = [
    [
      lockBucket,
      async () => {
        const s3 = new S3Client({ ...aws.client, forcePathStyle: true });
        return targetOf('bucket', `arn:aws:s3:::${await makeBucket(s3, buckets.at(-1) as BucketCase)}`);
      },
    ],
    [
      quarantineFunction,
      async () => {
        const clients = {
          lambda: new LambdaClient(aws.client),
          iam: new IAMClient(aws.client),
          sqs: new SQSClient(aws.client),
        };
        return targetOf('function', await makeFunction(clients, functions.at(-1) as FunctionCase));
      },
    ],
    [
      unshareSnapshot,
      async () => {
        const clients = { ec2: new EC2Client(aws.client), rds: new RDSClient(aws.client) };
        return targetOf('snapshot', await makeShared(clients, snapshots[3] as SnapshotCase));
      },
    ],
  ];
  const named = made.map(([runbook, make]) => ({ id: runbook.facts.id, runbook, make }));

  async function start(runbook: Runbook, target: Target) {
    const incidentId = await world.openIncident();
    return { incidentId, containment: await world.hold(runbook, target, incidentId) };
  }

  test.each(named)('$id ends held, with all its evidence, and is released', async ({ runbook, make }) => {
    const { incidentId, containment } = await start(runbook, await make());

    const contained = await world.contain(runbook, containment);
    const failures = await world.failures(incidentId);
    const released = await world.release(runbook, containment, incidentId);

    expect([contained.end, failures, released.end]).toEqual(['succeeded', [], 'succeeded']);
    expect((await world.containment(containment.id)).status).toBe('released');
    const collected = (await readTimeline(world.table, incidentId)).find(({ kind }) => kind === 'evidence-collected');
    expect(collected?.text).toBe(
      `Collected ${runbook.evidence.length} of ${runbook.evidence.length} pieces of evidence`,
    );
  });

  test('GIVEN a pipeline that adds an event source and a permission while a function is watched WHEN it is released THEN the one is a task, and the other stands in the timeline', async () => {
    const target = await (named[1] as (typeof named)[number]).make();
    const { incidentId, containment } = await start(quarantineFunction, target);
    const lambda = new LambdaClient(aws.client);
    const FunctionName = target.id.split(':').at(-1) ?? '';
    const EventSourceArn = `arn:aws:sqs:us-east-1:000000000000:${FunctionName}-0`;
    let added: string | undefined;

    const contained = await world.contain(quarantineFunction, containment, {
      onState: async (state) => {
        if (state !== 'Look again after 15 seconds' || added !== undefined) return;
        added = (await lambda.send(new CreateEventSourceMappingCommand({ FunctionName, EventSourceArn }))).UUID ?? '';
        const grant = { StatementId: 'partner', Action: 'lambda:InvokeFunction', Principal: '999988887777' };
        await lambda.send(new AddPermissionCommand({ FunctionName, ...grant }));
      },
    });
    const released = await world.release(quarantineFunction, containment, incidentId);

    expect([contained.end, released.end]).toEqual(['succeeded', 'succeeded']);
    const timeline = await readTimeline(world.table, incidentId);
    const texts = timeline.filter(({ kind }) => kind === 'action-applied').map(({ text }) => text);
    expect(texts).toContainEqual(
      expect.stringMatching(/no release gives it back: permission 'partner' .*999988887777/),
    );
    const last = timeline.find(({ kind }) => kind === 'containment-released');
    expect(last?.details?.['tasks']).toEqual([expect.stringContaining(`mapping ${added ?? ''} of ${EventSourceArn}`)]);
    expect(last?.text).toMatch(/1 task\(s\) are left for people$/);
  });

  test.each(named)('$id only plans in observe, and changes nothing', async ({ runbook, make }) => {
    const target = await make();
    const incidentId = await world.openIncident();
    const containment = await world.hold(runbook, target, incidentId, 'observe');
    const name = target.id.split(/[:/]/).at(-1) ?? '';
    const before = await aws.proxy.calls({ mutating: true, resource: name });

    await world.contain(runbook, containment);

    expect((await world.containment(containment.id)).status).toBe('planned');
    // Making it was seen: so would be a change.
    expect(before.length).toBeGreaterThan(0);
    expect(await aws.proxy.calls({ mutating: true, resource: name })).toHaveLength(before.length);
  });

  test.each(named)('$id refuses what a guard rail protects, says which, and escalates', async ({ id, runbook }) => {
    const target = protectedTargets.get(id) as Target;
    const { incidentId, containment } = await start(runbook, target);

    await world.contain(runbook, containment);

    const { status, reason } = await world.containment(containment.id);
    expect([status, reason]).toEqual(['refused', `'${target.id}' is protected by the guard rail '${target.id}'`]);
    expect((await getIncident(world.table, incidentId))?.handOvers['escalation']?.state).toBe('pending');
  });

  test('a function whose role is protected is refused', async () => {
    const { containment } = await start(quarantineFunction, sharesRole);

    await world.contain(quarantineFunction, containment);

    expect((await world.containment(containment.id)).reason).toMatch(
      /^'arn:aws:iam::000000000000:role\/service-role\/function-\w+' is protected by the guard rail/,
    );
  });

  test.each<[Runbook, Target, RegExp]>([
    [
      lockBucket,
      targetOf('bucket', 'arn:aws:s3:::no-such-bucket-anywhere'),
      /does not exist; it may have been deleted/,
    ],
    [lockBucket, targetOf('bucket', 'arn:aws:s3:::Not_A_Bucket'), /is not the id of an AWS bucket/],
    [
      quarantineFunction,
      targetOf('function', 'arn:aws:lambda:us-east-1:111122223333:function:f'),
      /it belongs to account 111122223333; only 000000000000 is contained/,
    ],
    [
      quarantineFunction,
      targetOf('function', 'arn:aws:lambda:eu-west-1:000000000000:function:f'),
      /it is in Region eu-west-1; this stack contains in us-east-1/,
    ],
    [
      quarantineFunction,
      targetOf('function', 'arn:aws:lambda:us-east-1:000000000000:function:f:live'),
      /is not the id/,
    ],
    [
      unshareSnapshot,
      targetOf('snapshot', 'arn:aws:ec2:us-east-1::snapshot/snap-0123456789abcdef0'),
      /does not exist in/,
    ],
    [
      unshareSnapshot,
      targetOf('snapshot', 'arn:aws:rds:us-east-1:111122223333:snapshot:x'),
      /it belongs to account 111122223333; only 000000000000 is contained/,
    ],
  ])('bad input is refused in a sentence: %#', async (runbook, target, sentence) => {
    const { containment } = await start(runbook, target);

    await world.contain(runbook, containment);

    const { status, reason } = await world.containment(containment.id);
    expect([status, reason]).toEqual(['refused', expect.stringMatching(sentence)]);
  });
});
