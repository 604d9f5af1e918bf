import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import { CreateTrailCommand, CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import {
  DeletePublicAccessBlockCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketPolicyCommand,
  GetBucketReplicationCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketPolicyCommand,
  PutBucketReplicationCommand,
  PutPublicAccessBlockCommand,
  S3Client,
  type ReplicationRule,
} from '@aws-sdk/client-s3';
import { runbook } from '../../runbooks/lock-bucket/actions';
import { outsiderStatements } from '../../runbooks/lock-bucket/actions/outsiders';
import { cases, type BucketCase } from '../../runbooks/lock-bucket/cases';
import { subjectOf } from '../../runbooks/lock-bucket/subject';
import { embeddedAws } from '../embedded/aws';
import { makeBucket, readBucketState } from './bucket';
import { ACCOUNT, RunActions, targetOf } from './run-actions';

jest.setTimeout(60_000);

const EVERYTHING = cases.at(-1) as BucketCase;
const PLAIN = cases[0] as BucketCase;
const ALL_ON = { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true };

describe('lock-bucket on the embedded AWS', () => {
  const aws = embeddedAws();
  let s3: S3Client;

  beforeAll(() => {
    s3 = new S3Client({ ...aws.client, forcePathStyle: true });
  });

  async function start(shape: BucketCase = EVERYTHING) {
    const name = await makeBucket(s3, shape);
    const arn = `arn:aws:s3:::${name}`;
    return {
      name,
      arn,
      run: new RunActions(runbook, targetOf('bucket', arn)),
      before: await readBucketState(s3, name),
    };
  }

  const statements = async (Bucket: string): Promise<{ Sid?: string }[]> => {
    const { Policy } = await s3.send(new GetBucketPolicyCommand({ Bucket }));
    return (JSON.parse(Policy ?? '') as { Statement: { Sid?: string }[] }).Statement;
  };

  test.each(cases)('contains and releases a bucket: $name', async (shape) => {
    const { name, arn, run, before } = await start(shape);

    const undo = await run.contain();

    const now = await readBucketState(s3, name);
    expect(await statements(name)).toEqual(expect.arrayContaining(outsiderStatements(arn, ACCOUNT)));
    expect(now.block).toEqual(ALL_ON);
    expect(now.replication?.Rules?.find(({ ID }) => ID === 'out')?.Status ?? 'Disabled').toBe('Disabled');
    expect(now.replication?.Rules?.find(({ ID }) => ID === 'within')?.Status ?? 'Enabled').toBe('Enabled');
    const status = Object.fromEntries((now.lifecycle?.rules ?? []).map(({ ID = '', Status = '' }) => [ID, Status]));
    expect(status).toEqual(
      {
        none: {},
        moves: { archive: 'Enabled', tidy: 'Enabled' },
        deletes: {
          archive: 'Enabled',
          tidy: 'Enabled',
          soon: 'Disabled',
          'on-a-day': 'Disabled',
          versions: 'Disabled',
          'off-before': 'Disabled',
        },
      }[shape.lifecycle],
    );
    expect(await run.missing(undo)).toEqual([]);

    await run.release(undo);

    expect(await readBucketState(s3, name)).toEqual(before);
  });

  test('run again, at any point, it ends the same, and so does its release', async () => {
    const { name, run, before } = await start();
    const undo = await run.contain();
    const contained = await readBucketState(s3, name);

    await run.contain(undo);
    expect(await readBucketState(s3, name)).toEqual(contained);

    await run.release(undo);
    await run.release(undo);
    expect(await readBucketState(s3, name)).toEqual(before);
  });

  test('GIVEN an attacker who undoes it WHEN it is read back THEN it says what is missing, and running it again mends it', async () => {
    const { name: Bucket, run, before } = await start();
    const undo = await run.contain();

    const Policy = (before.policy ?? '').replace('s3:GetObject', 's3:*');
    await s3.send(new DeletePublicAccessBlockCommand({ Bucket }));
    await s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
    await s3.send(
      new PutBucketLifecycleConfigurationCommand({
        Bucket,
        LifecycleConfiguration: {
          Rules: [{ ID: 'gone', Status: 'Enabled', Filter: { Prefix: '' }, Expiration: { Days: 1 } }],
        },
      }),
    );
    expect(await run.missing(undo)).toEqual([
      expect.stringMatching(/^deny-outsiders: the bucket policy does not deny/),
      expect.stringMatching(/^block-public-access: public access: no block/),
      expect.stringMatching(/^stop-expiry: still deletes objects: rule gone/),
    ]);

    await run.contain(undo);
    expect(await run.missing(undo)).toEqual([]);
  });

  test('GIVEN rules that were added while it was locked, and switched off as well WHEN it is released THEN they are tasks with their names, and not called as before', async () => {
    const { name: Bucket, run } = await start();
    const undo = await run.contain();
    const { Rules = [] } = await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
    const added = { ID: 'nightly', Status: 'Enabled' as const, Filter: { Prefix: 'n/' }, Expiration: { Days: 9 } };
    await s3.send(
      new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules: [...Rules, added] } }),
    );
    const { ReplicationConfiguration } = await s3.send(new GetBucketReplicationCommand({ Bucket }));
    const [first] = ReplicationConfiguration?.Rules ?? [];
    const out = { ...first, ID: 'out-too', Priority: 9, Destination: { Bucket: 'arn:aws:s3:::of-somebody-else' } };
    await s3.send(
      new PutBucketReplicationCommand({
        Bucket,
        ReplicationConfiguration: {
          Role: ReplicationConfiguration?.Role,
          Rules: [...(ReplicationConfiguration?.Rules ?? []), out as ReplicationRule],
        },
      }),
    );

    await run.contain(undo);

    const said = async (id: string, what: 'verify' | 'verifyReleased', record = undo) =>
      (await run.action(id)[what](record.get(id) ?? {}, run.context, { reactivateKeys: false })).observed;
    expect(await said('stop-expiry', 'verify')).toContain(
      "no release gives it back: rule 'nightly' (it deletes objects)",
    );
    expect(await said('stop-replication', 'verify')).toContain("rule 'out-too' (it copies to arn:aws:s3:::of-somebody");

    // As it comes back from the store, to another run.
    const stored = new Map([...undo].map(([id, before]) => [id, structuredClone(before)]));
    const tasks = await run.release(stored);

    expect(tasks).toEqual([
      expect.stringMatching(/^Lifecycle rule 'nightly', which deletes objects, was added or changed .* stays so/),
      expect.stringMatching(/^Replication rule 'out-too', which copies to arn:aws:s3:::of-somebody-else, was added /),
      expect.stringContaining('S3 Batch Replication'),
    ]);
    expect(await said('stop-expiry', 'verifyReleased', stored)).toMatch(/as before; added .* still off: rule nightly$/);
    expect(await said('stop-replication', 'verifyReleased', stored)).toMatch(/; added .* still off: rule out-too$/);
  });

  test('GIVEN a rule where there was none WHEN it is released THEN it is a task', async () => {
    const { name: Bucket, run } = await start(PLAIN);
    const undo = await run.contain();
    const Rules = [{ ID: 'first', Status: 'Enabled' as const, Filter: { Prefix: '' }, Expiration: { Days: 1 } }];
    await s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }));
    await run.contain(undo);

    expect(await run.release(undo)).toEqual([expect.stringContaining("Lifecycle rule 'first'")]);
  });

  test('GIVEN a public policy that S3 no longer takes WHEN the deny is put THEN it is put without what opens the bucket', async () => {
    const { name: Bucket, run, before } = await start({ ...PLAIN, policy: EVERYTHING.policy });
    await s3.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: ALL_ON }));

    const undo = await run.contain();

    expect((await statements(Bucket)).map(({ Sid }) => Sid)).toEqual([
      'FirebreakOutsiders',
      'FirebreakForeignServices',
    ]);
    await expect(run.release(undo)).rejects.toThrow(
      /S3 does not take the earlier policy back .*public policies are blocked/,
    );

    await s3.send(new DeletePublicAccessBlockCommand({ Bucket }));
    await run
      .action('deny-outsiders')
      .release(undo.get('deny-outsiders') ?? {}, run.context, { reactivateKeys: false });
    expect((await readBucketState(s3, Bucket)).policy).toBe(before.policy);
  });

  test('GIVEN somebody mends the policy meanwhile WHEN it is released THEN the open one is not given back, and a person is told', async () => {
    const { name: Bucket, run } = await start({ ...PLAIN, policy: EVERYTHING.policy });
    const undo = await run.contain();
    const kept = (await statements(Bucket)).filter(({ Sid }) => Sid !== 'Everybody');
    await s3.send(
      new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify({ Version: '2012-10-17', Statement: kept }) }),
    );

    const tasks = await run.release(undo);

    expect((await readBucketState(s3, Bucket)).policy).toBeNull();
    expect(tasks).toEqual([expect.stringContaining('changed by somebody else while it was locked')]);
  });

  test('its plan says what is cut off, and every policy of a run names the bucket', async () => {
    const { arn, run } = await start();
    const undo = await run.read();

    expect(run.plan(undo)).toEqual([
      expect.stringMatching(/^s3:PutBucketPolicy .*anonymous visitors and websites.*keep their access$/),
      expect.stringMatching(/^s3:PutBucketPublicAccessBlock .*: a block with everything off → BlockPublicAcls, /),
      expect.stringMatching(
        /^s3:PutBucketReplication .*rule 'out': copies to arn:.* of account 111122223333 → copies nothing$/,
      ),
      ...['soon', 'on-a-day', 'versions'].map(
        (id) => `s3:PutBucketLifecycleConfiguration ${arn}, rule '${id}': deletes objects → deletes nothing`,
      ),
    ]);
    for (const step of ['contain', 'release'] as const) {
      for (const [, policy] of run.policies(undo, step)) {
        expect(policy).toContain(arn);
        expect(policy.length).toBeLessThan(600);
      }
    }
  });

  test('evidence has every setting, absent ones as absent', async () => {
    const { run } = await start(PLAIN);

    const evidence = await run.evidence();

    expect([...evidence.keys()]).toEqual(runbook.evidence.map(({ name }) => name));
    expect(JSON.parse(evidence.get('policy') ?? '')).toEqual({ absent: true });
    expect(evidence.get('access-control-list')).toContain('FULL_CONTROL');
  });

  describe('the guard rails are told, in a sentence', () => {
    const ask = (id: string, account = ACCOUNT) => {
      const { context } = new RunActions(runbook, { ...targetOf('bucket', id), account });
      return subjectOf(context);
    };

    test('that there is no such bucket', async () => {
      await expect(ask('arn:aws:s3:::firebreak-no-such-bucket')).rejects.toThrow(
        "bucket 'firebreak-no-such-bucket' does not exist; it may have been deleted",
      );
    });

    test('that it is no bucket', async () => {
      await expect(ask('arn:aws:iam::000000000000:user/mallory')).rejects.toThrow(/is not the ARN of a bucket/);
    });

    test('that a trail writes into it', async () => {
      const { name, arn } = await start(PLAIN);
      await new CloudTrailClient(aws.client).send(
        new CreateTrailCommand({ Name: `trail-${name}`, S3BucketName: name }),
      );

      await expect(ask(arn)).rejects.toThrow(
        `bucket '${name}' holds the logs of trail 'trail-${name}': locking it could end`,
      );
    });

    test('that nothing else is touched, where all is well', async () => {
      const { arn } = await start(PLAIN);

      expect(await ask(arn)).toEqual({ arns: [], networks: [] });
    });
  });
});
