import { afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { CreateBucketCommand, DeleteObjectCommand, GetObjectCommand } from '@aws-sdk/client-s3';
import { DeleteCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { randomBytes } from 'node:crypto';
import { AwsClients } from '../../lambdas/shared/aws-clients';
import { readTimeline } from '../../lambdas/shared/store/timelines';
import { containmentKey } from '../../lambdas/shared/store/table';
import { containmentId } from '../../lib/model/ids';
import type { Target } from '../../lib/model/plan';
import { runbook } from '../../runbooks/restore-logging/actions';
import { cases, type TamperingCase } from '../../runbooks/restore-logging/cases';
import { record } from '../../runbooks/restore-logging/record';
import { losses, readLogging, type Logging } from '../../runbooks/restore-logging/state/logging';
import type { Where } from '../../runbooks/restore-logging/state/where';
import { World } from '../contain/world';
import { embeddedAws } from '../embedded/aws';
import { quickPatience } from '../support/quick-patience';
import { LoggingWorld } from './logging';

jest.setTimeout(90_000);

const STOPPED = cases[0] as TamperingCase;
const target: Target = { kind: 'account', id: '000000000000', account: '000000000000', region: 'us-east-1' };

describe('restore-logging on the embedded AWS', () => {
  const aws = embeddedAws();
  quickPatience();
  let world: World;
  let account: LoggingWorld;
  let where: Where;

  let vault: string;

  beforeAll(async () => {
    world = await World.create(aws, 'arn:aws:iam::000000000000:policy/unused');
    where = { aws: new AwsClients('us-east-1'), target };
  });
  beforeEach(async () => {
    jest.spyOn(console, 'log').mockReturnValue();
    jest.spyOn(console, 'error').mockReturnValue();
    // A vault of its own each time: a baseline stays.
    vault = `baselines-${randomBytes(4).toString('hex')}`;
    await world.s3.send(new CreateBucketCommand({ Bucket: vault, ObjectLockEnabledForBucket: true }));
    process.env['VAULT_BUCKET'] = vault;
    account = new LoggingWorld(aws);
    await account.clear();
    await account.make();
  });
  afterEach(async () => {
    await account.clear();
    await forgetContainment();
  });

  /** There is one account, and so one containment: each test begins without it. */
  async function forgetContainment(): Promise<void> {
    const { client, name: TableName } = world.table;
    const { pk } = containmentKey(containmentId(runbook.facts.id, target));
    const { Items } = await client.send(
      new QueryCommand({ TableName, KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': pk } }),
    );
    for (const item of Items ?? [])
      await client.send(new DeleteCommand({ TableName, Key: { pk, sk: item['sk'] as string } }));
  }

  async function start(shape: TamperingCase = STOPPED) {
    await record(where, {}, new Date());
    const before = await readLogging(where);
    for (const call of shape.calls) await account.tamper(call);
    const incidentId = await world.openIncident();
    const containment = await world.hold(runbook, target, incidentId);
    return { before, incidentId, containment };
  }

  /** Ids of what was deleted are new, and times are later; the rest must equal. */
  function comparable({ trails, recorder, detector }: Logging) {
    const still = <T extends object>(state: T) => ({ ...state, startedAt: null, stoppedAt: null });
    return {
      trails: trails.here.map((trail) => ({ ...trail, status: still(trail.status) })),
      recorder: { ...still(recorder), arn: null },
      detector: detector && {
        ...detector,
        id: null,
        suppression: null,
        destinations: Object.values(detector.destinations).map(({ arn, key }) => ({ arn, key })),
      },
    };
  }

  test.each(cases)('puts logging back as it was: $name', async (shape) => {
    const { before, incidentId, containment } = await start(shape);
    expect(losses(before, await readLogging(where))).not.toEqual([]);

    const ran = await world.contain(runbook, containment, { twice: true });

    expect(await world.failures(incidentId)).toEqual([]);
    expect(ran.end).toBe('succeeded');
    const after = await readLogging(where);
    expect(losses(before, after)).toEqual([]);
    expect(comparable(after)).toEqual(comparable(before));
  });

  test('releases nothing: logging stays on, and the release says so', async () => {
    const { before, incidentId, containment } = await start(cases[3]);
    await world.contain(runbook, containment);

    const released = await world.release(runbook, containment, incidentId);

    expect(released.states.at(-1)).toBe('Released');
    expect(losses(before, await readLogging(where))).toEqual([]);
    const said = (await readTimeline(world.table, incidentId)).find(({ kind }) => kind === 'containment-released');
    expect(said?.text).toMatch(/what is never taken back stays: Restore CloudTrail/);
  });

  test('says for how long nothing was logged, in the timeline and in the evidence', async () => {
    const { incidentId, containment } = await start(cases[3]);

    await world.contain(runbook, containment);

    const texts = (await readTimeline(world.table, incidentId)).map(({ text }) => text).join('\n');
    expect(texts).toMatch(/trail 'main-\w+' was blind from 20\S+Z to 20\S+Z \(\d+ s\)/);
    expect(texts).toMatch(/configuration recorder 'default' records .* it was blind from 20/);
    const windows = await readEvidence(incidentId, containment.id, 'blind-windows');
    expect(windows).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ call: 'cloudtrail:GetTrailStatus', seconds: expect.any(Number) }),
      ]),
    );
  });

  async function readEvidence(incidentId: string, containmentId: string, name: string): Promise<unknown> {
    const Key = `evidence/${incidentId}/${containmentId}/1/${name}.json`;
    const { Body } = await world.s3.send(new GetObjectCommand({ Bucket: vault, Key }));
    return JSON.parse((await Body?.transformToString()) ?? '') as unknown;
  }

  test('switches off what hides findings, deletes none of it, and leaves the rest to people', async () => {
    const { before, incidentId, containment } = await start(cases[4]);

    await world.contain(runbook, containment);

    const { detector } = await readLogging(where);
    expect(Object.keys(detector?.suppression ?? {})).toEqual(['known-scanner']);
    expect(detector?.trusted).toEqual({});
    expect(before.detector?.suppression).toEqual(detector?.suppression);
    await world.release(runbook, containment, incidentId);
    const said = (await readTimeline(world.table, incidentId)).find(({ kind }) => kind === 'containment-released');
    expect(JSON.stringify(said?.details?.['tasks'])).toMatch(
      /Look at suppression filter 'noise', trusted IP list 'office'/,
    );
  });

  test('notices when logging is stopped again', async () => {
    const { incidentId, containment } = await start();

    const ran = await world.contain(runbook, containment, {
      onState: async (state) => {
        if (state === 'Look again after 15 seconds') await account.tamper('stop-logging');
      },
    });

    expect(ran.end).toBe('failed');
    expect(await world.kinds(incidentId)).toContain('containment-not-held');
  });

  test('killed before any task and run again, it ends restored', async () => {
    await record(where, {}, new Date());
    const before = await readLogging(where);
    for (const tasks of [2, 4, 6]) {
      await account.tamper('stop-logging');
      await account.tamper('delete-detector');
      const incidentId = await world.openIncident();
      const containment = await world.hold(runbook, target, incidentId);
      expect((await world.contain(runbook, containment, { tasks })).end).toBe('killed');
      const again = await world.hold(runbook, target, incidentId);
      expect((await world.contain(runbook, again)).end).toBe('succeeded');
      expect(losses(before, await readLogging(where))).toEqual([]);
      await world.release(runbook, again, incidentId);
    }
  });

  test('without a baseline nothing is changed, and the failure says what a person needs', async () => {
    await account.tamper('stop-logging');
    const incidentId = await world.openIncident();
    const containment = await world.hold(runbook, target, incidentId);

    expect((await world.contain(runbook, containment)).end).toBe('failed');

    const failed = (await readTimeline(world.table, incidentId)).find(({ kind }) => kind === 'containment-failed');
    expect(failed?.text).toContain('there is no baseline of the logging of account 000000000000 in us-east-1');
    expect((await readLogging(where)).trails.here.every(({ status }) => !status.logging)).toBe(true);
  });

  test('observe changes nothing, and the plan says from what to what', async () => {
    await record(where, {}, new Date());
    for (const call of cases[1]?.calls ?? []) await account.tamper(call);
    const before = await readLogging(where);
    const incidentId = await world.openIncident();
    const containment = await world.hold(runbook, target, incidentId, 'observe');
    const after = await aws.proxy.last();

    await world.contain(runbook, containment);

    expect(await readLogging(where)).toEqual(before);
    for (const service of ['cloudtrail', 'config', 'guardduty']) {
      expect(await aws.proxy.calls({ after, service, mutating: true })).toEqual([]);
    }
    const planned = (await readTimeline(world.table, incidentId)).find(({ kind }) => kind === 'containment-planned');
    expect(JSON.stringify(planned?.details?.['changes'])).toMatch(/UpdateTrail .*bucket: attacker-\w+ → bucket: logs-/);
  });

  test.each<[string, Partial<Target>, RegExp]>([
    ['is another account', { id: '444455556666' }, /it belongs to account 444455556666/],
    ['is no account', { id: 'main' }, /'main' is not the id of an AWS account/],
    ['is in another Region', { region: 'eu-west-1' }, /it is in Region eu-west-1/],
  ])('refuses a target that %s, in a sentence', async (_, part, sentence) => {
    const incidentId = await world.openIncident();
    const containment = await world.hold(runbook, { ...target, ...part }, incidentId);

    await world.contain(runbook, containment);

    expect((await world.containment(containment.id)).reason).toMatch(sentence);
  });

  describe('the baseline', () => {
    test('is recorded once while nothing changes, and again after a day', async () => {
      const now = new Date();
      expect(await record(where, {}, now)).toMatchObject({ recorded: true, because: 'healthy; the first' });
      expect(await record(where, {}, now)).toMatchObject({ recorded: false });
      const tomorrow = new Date(now.getTime() + 25 * 60 * 60 * 1000);
      expect(await record(where, {}, tomorrow)).toMatchObject({ recorded: true });
    });

    test.each(cases)('is never recorded over what it was: $name', async ({ calls }) => {
      await record(where, {}, new Date());
      for (const call of calls) await account.tamper(call);

      await expect(record(where, {}, new Date())).rejects.toThrow(
        /is not as it should be, and the baseline of .* stays/,
      );
    });

    test('is not taken from an account that is not logged', async () => {
      await account.tamper('stop-logging');

      await expect(record(where, {}, new Date())).rejects.toThrow(/there is no baseline yet: no trail logs/);
    });

    test('takes over what people changed on purpose when one of them says so by name', async () => {
      await record(where, {}, new Date());
      await account.tamper('suppress-findings');

      await expect(record(where, { accept: true }, new Date())).rejects.toThrow(/needs a name/);
      expect(await record(where, { accept: true, by: 'Ada' }, new Date())).toEqual({
        recorded: true,
        because: 'accepted by Ada',
      });
      expect(await record(where, {}, new Date())).toMatchObject({ recorded: false });
    });

    test('is found under a delete marker', async () => {
      const { containment, before } = await start();
      const Key = 'baselines/logging/000000000000/us-east-1.json';
      await world.s3.send(new DeleteObjectCommand({ Bucket: vault, Key }));

      expect((await world.contain(runbook, containment)).end).toBe('succeeded');
      expect(losses(before, await readLogging(where))).toEqual([]);
    });
  });
});
