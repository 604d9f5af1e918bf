import { afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { IAMClient } from '@aws-sdk/client-iam';
import { GetFunctionConcurrencyCommand, LambdaClient, PutFunctionConcurrencyCommand } from '@aws-sdk/client-lambda';
import { SQSClient } from '@aws-sdk/client-sqs';
import { readActions } from '../../lambdas/shared/store/containments';
import { readTimeline } from '../../lambdas/shared/store/timelines';
import { runbook as disableAccessKey } from '../../runbooks/disable-access-key/actions';
import { cases as users, type UserCase } from '../../runbooks/disable-access-key/cases';
import { runbook as quarantineFunction } from '../../runbooks/quarantine-function/actions';
import { cases as functions, type FunctionCase } from '../../runbooks/quarantine-function/cases';
import { embeddedAws } from '../embedded/aws';
import { makeFunction } from '../runbooks/function';
import { targetOf } from '../runbooks/run-actions';
import { makeUser, readUserState } from '../runbooks/user';
import { quickPatience } from '../support/quick-patience';
import { World } from './world';

jest.setTimeout(120_000);

const [, RESERVED] = functions as readonly [FunctionCase, FunctionCase];
const [ONE_KEY] = users as readonly [UserCase];
const INVOCATIONS = 'stop-invocations';

describe('a release that is asked for again', () => {
  const aws = embeddedAws();
  quickPatience();
  const iam = new IAMClient(aws.client);
  const lambda = new LambdaClient(aws.client);
  let world: World;

  beforeAll(async () => {
    world = await World.create(aws, 'arn:aws:iam::000000000000:policy/unused');
  });
  beforeEach(() => {
    jest.spyOn(console, 'log').mockReturnValue();
    jest.spyOn(console, 'error').mockReturnValue();
  });
  afterEach(async () => {
    await aws.proxy.clearFaults();
    await world.setBrake('released');
  });

  /** @param attacker - undoes it before every look. */
  async function contained({ attacker = false } = {}) {
    const arn = await makeFunction({ lambda, iam, sqs: new SQSClient(aws.client) }, RESERVED);
    const incidentId = await world.openIncident();
    const { id } = await world.hold(quarantineFunction, targetOf('function', arn), incidentId);
    const FunctionName = arn.split(':').at(-1) ?? '';
    const reserve = (ReservedConcurrentExecutions: number) =>
      lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions }));
    await world.contain(quarantineFunction, await world.containment(id), {
      onState: async (state) => {
        if (attacker && state === 'Read everything back') await reserve(100);
      },
    });
    return {
      id,
      reserve,
      release: async (options: Parameters<World['release']>[3] = {}) => {
        await world.release(quarantineFunction, await world.containment(id), incidentId, options);
        return world.containment(id);
      },
      reserved: async () =>
        (await lambda.send(new GetFunctionConcurrencyCommand({ FunctionName }))).ReservedConcurrentExecutions,
      refused: async () =>
        (await readTimeline(world.table, incidentId)).flatMap(({ kind, text }) =>
          kind === 'release-refused' ? [text] : [],
        ),
    };
  }

  test('GIVEN half was given back, and a person changed that since, THEN it is left as it is, unless forced', async () => {
    const held = await contained();
    const half = await held.release({
      onState: async (state) => {
        if (state === 'Undo: Deny what the function does with its role')
          await aws.proxy.inject({ match: { operation: 'DeleteRolePolicy' }, fault: 'access-denied', times: 0 });
      },
    });
    expect([half.status, await held.reserved()]).toEqual(['release-failed', RESERVED.reserved]);
    await aws.proxy.clearFaults();
    await held.reserve(1);

    for (const time of ['again', 'and again']) {
      const after = await held.release();

      expect([time, after.status, await held.reserved()]).toEqual([time, 'release-failed', 1]);
      expect(after.reason).toMatch(
        /Let no invocation in: .*reserved concurrency is 1; .*Done: .*Deny what the function/,
      );
    }
    const actions = await readActions(world.table, held.id, 1);
    expect(actions.find(({ action }) => action === INVOCATIONS)?.detail).toMatch(
      /an earlier release gave it back, and it is otherwise by now: .*release with --force/,
    );

    expect((await held.release({ force: true })).status).toBe('released');
    expect(await held.reserved()).toBe(RESERVED.reserved);
  });

  test('GIVEN half was given back, and nobody changed it, THEN the rest is given back', async () => {
    const held = await contained();
    await held.release({
      onState: async (state) => {
        if (state === 'Undo: Deny what the function does with its role')
          await aws.proxy.inject({ match: { operation: 'DeleteRolePolicy' }, fault: 'access-denied', times: 0 });
      },
    });
    await aws.proxy.clearFaults();

    expect((await held.release()).status).toBe('released');
    expect(await held.reserved()).toBe(RESERVED.reserved);
  });

  test('GIVEN a containment that did not hold WHEN a person changed it since THEN it is refused, unless forced', async () => {
    const failed = await contained({ attacker: true });
    expect([(await world.containment(failed.id)).status, await failed.reserved()]).toEqual(['failed', 100]);
    await failed.reserve(1);

    const after = await failed.release();

    expect([after.status, await failed.reserved()]).toEqual(['failed', 1]);
    expect(await failed.refused()).toEqual([expect.stringMatching(/not as Firebreak left it: Let no invocation in/)]);
    expect((await failed.release({ force: true })).status).toBe('released');
    expect(await failed.reserved()).toBe(RESERVED.reserved);
  });

  test('GIVEN a containment that did not hold WHEN it is as it was before THEN the rest is given back', async () => {
    const failed = await contained({ attacker: true });
    await failed.reserve(RESERVED.reserved ?? 0);

    expect((await failed.release()).status).toBe('released');
    expect(await failed.reserved()).toBe(RESERVED.reserved);
  });

  test('GIVEN keys about which nothing could be done THEN it is not released without what people have to do', async () => {
    const { target, name } = await makeUser(iam, ONE_KEY, 'mallory');
    const incidentId = await world.openIncident();
    const { id } = await world.hold(disableAccessKey, target, incidentId);
    await world.contain(disableAccessKey, await world.containment(id));

    await world.release(disableAccessKey, await world.containment(id), incidentId, {
      onState: async (state) => {
        if (state === 'Undo: Deactivate access keys') await world.setBrake('paused by Ada');
        if (state === 'Undo: Deny everything') await world.setBrake('released');
      },
    });

    const half = await world.containment(id);
    expect([half.status, half.holds]).toEqual(['release-failed', [incidentId]]);
    expect(half.reason).toMatch(/Deactivate access keys/);
    expect(Object.values((await readUserState(iam, name)).keys)).toEqual(['Inactive']);

    await world.release(disableAccessKey, half, incidentId);

    expect((await world.containment(id)).status).toBe('released');
    const released = (await readTimeline(world.table, incidentId)).find(({ kind }) => kind === 'containment-released');
    expect(released?.details?.['tasks']).toContainEqual(expect.stringMatching(/key/));
  });
});
