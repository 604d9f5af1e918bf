import { afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { IAMClient } from '@aws-sdk/client-iam';
import { GetFunctionConcurrencyCommand, LambdaClient, PutFunctionConcurrencyCommand } from '@aws-sdk/client-lambda';
import { SQSClient } from '@aws-sdk/client-sqs';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { nextAttempt } from '../../lambdas/shared/hand-over/containment';
import { changeContainment, getUndo, readActions } from '../../lambdas/shared/store/containments';
import { containmentKey } from '../../lambdas/shared/store/table';
import type { UndoRecord } from '../../lib/model/containment';
import { readTimeline } from '../../lambdas/shared/store/timelines';
import { runbook as disableAccessKey } from '../../runbooks/disable-access-key/actions';
import { cases as users, type UserCase } from '../../runbooks/disable-access-key/cases';
import { runbook as quarantineFunction } from '../../runbooks/quarantine-function/actions';
import { cases as functions, type FunctionCase } from '../../runbooks/quarantine-function/cases';
import { runbook as revokeRoleSessions } from '../../runbooks/revoke-role-sessions/actions';
import { cases as roles, type RoleCase } from '../../runbooks/revoke-role-sessions/cases';
import { embeddedAws } from '../embedded/aws';
import { makeFunction } from '../runbooks/function';
import { makeRole } from '../runbooks/role';
import { targetOf } from '../runbooks/run-actions';
import { makeUser, readUserState } from '../runbooks/user';
import { quickPatience } from '../support/quick-patience';
import { World } from './world';

jest.setTimeout(120_000);

const [, RESERVED] = functions as readonly [FunctionCase, FunctionCase];
const [ONE_KEY] = users as readonly [UserCase];
const [, OF_PEOPLE] = roles as readonly [RoleCase, RoleCase];
const INVOCATIONS = 'stop-invocations';
/** Of the keys, before they are read back. */
const READS_OF_A_RELEASE = 1;

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

  /** As triage opens the next attempt. */
  async function handedOverAgain(id: string, incidentId: string) {
    const next = await changeContainment(
      world.table,
      id,
      (before) => before && nextAttempt(before, [incidentId], { mode: 'enforce', incidentId, now: new Date() }),
    );
    if (!next) throw new Error(`no containment ${id}`);
    return next;
  }

  /** As if it had been written down two hours before. */
  const aged = (undo: UndoRecord) =>
    world.table.client.send(
      new UpdateCommand({
        TableName: world.table.name,
        Key: { pk: containmentKey(undo.containmentId).pk, sk: `UNDO#${undo.generation}#${undo.action}` },
        UpdateExpression: 'SET #undo.#at = :at',
        ExpressionAttributeNames: { '#undo': 'undo', '#at': 'at' },
        ExpressionAttributeValues: { ':at': new Date(Date.now() - 2 * 60 * 60 * 1000).toISOString() },
        ConditionExpression: 'attribute_exists(pk)',
      }),
    );

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
      timeline: () => readTimeline(world.table, incidentId),
      again: async () => {
        await world.contain(quarantineFunction, await handedOverAgain(id, incidentId));
        return world.containment(id);
      },
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

  test('GIVEN a state before of long ago, changed since, WHEN it is contained again THEN the older one is given back only to who insists', async () => {
    const failed = await contained({ attacker: true });
    const undo = (await getUndo(world.table, failed.id, 1, INVOCATIONS)) as UndoRecord;
    await aged(undo);
    await failed.reserve(50);

    await failed.again();

    const held = await world.containment(failed.id);
    expect([held.status, held.changedSince, await failed.reserved()]).toEqual(['held', [INVOCATIONS], 0]);
    const [told] = (await failed.timeline()).filter(({ text }) =>
      /^Since the state before .* it became another/.test(text),
    );
    expect(told?.details?.['changes']).toEqual([
      expect.stringMatching(/reserved concurrency is 50 → reserved concurrency is 0/),
    ]);
    expect((await failed.release()).status).toBe('held');
    expect(await failed.refused()).toEqual([expect.stringMatching(/its state before is an older one/)]);

    expect((await failed.release({ force: true })).status).toBe('released');
    expect(await failed.reserved()).toBe(RESERVED.reserved);
    const released = (await failed.timeline()).find(({ kind }) => kind === 'containment-released');
    expect(released?.details?.['tasks']).toEqual([
      expect.stringMatching(/^Look whether 'Let no invocation in' is as it is wanted/),
    ]);
    expect((await failed.again()).changedSince).toBeUndefined();
  });

  test('GIVEN a state before of long ago that is in place, or as it was, THEN nothing is said of it', async () => {
    const inPlace = await contained();
    await aged((await getUndo(world.table, inPlace.id, 1, INVOCATIONS)) as UndoRecord);
    expect((await inPlace.again()).changedSince).toBeUndefined();

    const asBefore = await contained({ attacker: true });
    await aged((await getUndo(world.table, asBefore.id, 1, INVOCATIONS)) as UndoRecord);
    await asBefore.reserve(RESERVED.reserved ?? 0);
    expect((await asBefore.again()).changedSince).toBeUndefined();
  });

  test('GIVEN a deny that a later attempt renews THEN nothing is said of it, and it is given back', async () => {
    const { target } = await makeRole(iam, OF_PEOPLE, 'again');
    const incidentId = await world.openIncident();
    const { id } = await world.hold(revokeRoleSessions, target, incidentId);
    await world.contain(revokeRoleSessions, await world.containment(id));
    await aged((await getUndo(world.table, id, 1, 'deny-sessions')) as UndoRecord);
    await world.contain(revokeRoleSessions, await handedOverAgain(id, incidentId));
    const renewed = await world.containment(id);
    expect([renewed.status, renewed.changedSince]).toEqual(['held', undefined]);

    await world.release(revokeRoleSessions, renewed, incidentId);

    expect((await world.containment(id)).status).toBe('released');
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

  test('GIVEN keys that were given back, and could not be read then, WHEN all is read at the end THEN it is released', async () => {
    const { target, name } = await makeUser(iam, ONE_KEY, 'mallory');
    const incidentId = await world.openIncident();
    const { id } = await world.hold(disableAccessKey, target, incidentId);
    await world.contain(disableAccessKey, await world.containment(id));
    const match = { service: 'iam', operation: 'ListAccessKeys' };

    await world.release(disableAccessKey, await world.containment(id), incidentId, {
      reactivateKeys: true,
      onState: async (state) => {
        await aws.proxy.clearFaults();
        if (state === 'Undo: Deactivate access keys') {
          await aws.proxy.inject({ match, fault: 'access-denied', skip: READS_OF_A_RELEASE, times: 0 });
        }
      },
    });

    const timeline = await readTimeline(world.table, incidentId);
    expect(timeline.map(({ text }) => text)).toContainEqual(
      expect.stringMatching(/^Not undone: Deactivate access keys: it could not be read back/),
    );
    expect((await world.containment(id)).status).toBe('released');
    expect(Object.values((await readUserState(iam, name)).keys)).toEqual(['Active']);
  });
});
