import { beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { IAMClient } from '@aws-sdk/client-iam';
import { DeleteParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { handler as auditor } from '../../lambdas/contain/auditor/handler';
import { handler as conclude } from '../../lambdas/contain/conclude/handler';
import { containOwner, lockResource, releaseOwner } from '../../lambdas/contain/shared/target-lock';
import { takePlace } from '../../lambdas/shared/store/blast-radius';
import { changeContainment } from '../../lambdas/shared/store/containments';
import { changeIncident, getIncident } from '../../lambdas/shared/store/incidents';
import { readTimeline } from '../../lambdas/shared/store/timelines';
import { acquireLock, releaseLock } from '../../lambdas/shared/store/locks';
import type { Containment } from '../../lib/model/containment';
import { executionName } from '../../lib/model/ids';
import { runbook } from '../../runbooks/disable-access-key/actions';
import { subjectOf } from '../../runbooks/disable-access-key/subject';
import { cases, type UserCase } from '../../runbooks/disable-access-key/cases';
import { embeddedAws, eventually } from '../embedded/aws';
import { makeUser, readUserState } from '../runbooks/user';
import type { Ran } from './machine-runner';
import { GUARD_RAILS, World } from './world';

jest.setTimeout(60_000);

const ONE_KEY = cases[0] as UserCase;

describe('the contain stage on the embedded AWS', () => {
  const aws = embeddedAws();
  const iam = new IAMClient(aws.client);
  let world: World;

  beforeAll(async () => {
    world = await World.create(aws, 'arn:aws:iam::000000000000:policy/unused');
  });
  beforeEach(() => {
    jest.spyOn(console, 'log').mockReturnValue();
    jest.spyOn(console, 'error').mockReturnValue();
  });

  async function start() {
    const { target, name } = await makeUser(iam, ONE_KEY);
    const before = await readUserState(iam, name);
    const incidentId = await world.openIncident();
    const containment = await world.hold(runbook, target, incidentId);
    return { target, name, before, incidentId, containment };
  }

  const arnOf = (containment: Containment) =>
    `arn:aws:states:us-east-1:000000000000:execution:contain:${executionName(containment.id, containment.attempt)}`;

  /** As if it had been started a while ago. */
  async function age(containment: Containment, minutes: number): Promise<void> {
    const startedAt = new Date(Date.now() - minutes * 60_000).toISOString();
    await changeContainment(world.table, containment.id, (now) => now && { ...now, startedAt });
  }

  const ended = (containment: Containment, attempt = containment.attempt) => ({
    'detail-type': 'Step Functions Execution Status Change',
    detail: {
      status: 'TIMED_OUT',
      executionArn: arnOf({ ...containment, attempt }),
      input: JSON.stringify({ schemaVersion: 1, containmentId: containment.id, attempt }),
    },
  });

  const escalation = async (incidentId: string) =>
    (await getIncident(world.table, incidentId))?.handOvers['escalation'];

  describe('guard rails', () => {
    test('refuse what is over the limit of the hour', async () => {
      const { name, before, incidentId, containment } = await start();
      const now = new Date();
      const limit = GUARD_RAILS.maximumContainmentsPerHour;
      const fullRunbook = { ...runbook, facts: { ...runbook.facts, id: 'full' } };
      await Promise.all(
        Array.from({ length: limit }, (_, i) =>
          takePlace(world.table, { runbook: 'full', containmentId: `con-${i}`, limit, now }),
        ),
      );
      await changeContainment(world.table, containment.id, (known) => known && { ...known, runbook: 'full' });

      await world.contain(fullRunbook, containment, { subjects: { full: subjectOf } });

      const refused = await world.containment(containment.id);
      expect(refused).toMatchObject({ status: 'refused' });
      expect(refused.reason).toMatch(/contained 50 targets in this hour, which is its limit/);
      expect(await readUserState(iam, name)).toEqual(before);
      expect((await escalation(incidentId))?.state).toBe('pending');
    });

    test('refuse a runbook that does not say what it touches', async () => {
      const { name, before, incidentId, containment } = await start();

      await world.contain(runbook, containment, { subjects: {} });

      const refused = await world.containment(containment.id);
      expect(refused).toMatchObject({ status: 'refused' });
      expect(refused.reason).toMatch(/runbook 'disable-access-key' does not say what it touches/);
      expect(await readUserState(iam, name)).toEqual(before);
      expect((await escalation(incidentId))?.state).toBe('pending');
    });

    test('refuse what does not exist, in words', async () => {
      const { target } = await start();
      const incidentId = await world.openIncident();
      const containment = await world.hold(runbook, { ...target, id: `${target.id}-nobody` }, incidentId);

      await world.contain(runbook, containment);

      expect((await world.containment(containment.id)).reason).toMatch(
        /user '.*-nobody' does not exist in account 000000000000; it may have been deleted or renamed/,
      );
    });

    test('wait for another runbook on the same target, and refuse when it does not end', async () => {
      const { target, containment } = await start();
      const lock = { resource: lockResource(target), owner: 'contain:another', run: 1, seconds: 600, now: new Date() };
      await acquireLock(world.table, lock);

      const ran = await world.contain(runbook, containment);

      expect(ran.states.filter((state) => state === 'Wait for another runbook')).toHaveLength(40);
      expect((await world.containment(containment.id)).status).toBe('refused');

      const patient = await start();
      await acquireLock(world.table, { ...lock, resource: lockResource(patient.target) });
      const waited = await world.contain(runbook, patient.containment, {
        onState: async (state) => {
          if (state !== 'Wait for another runbook') return;
          await releaseLock(world.table, lockResource(patient.target), lock);
        },
      });
      expect(waited.end).toBe('succeeded');
    });

    test('refuse where the brake cannot be read', async () => {
      const { name, before, containment } = await start();
      await new SSMClient(aws.client).send(new DeleteParameterCommand({ Name: world.brake }));

      await world.contain(runbook, containment);
      await world.setBrake('released');

      const refused = await world.containment(containment.id);
      expect(refused.status).toBe('refused');
      expect(refused.reason).toMatch(/could not be read/);
      expect(await readUserState(iam, name)).toEqual(before);
    });

    test('only plan what an incident may only observe, though another one enforces', async () => {
      const { target, name, before, incidentId, containment } = await start();
      await changeIncident(world.table, incidentId, () => ({
        set: {
          handOvers: {
            [`containment#${containment.id}`]: {
              kind: 'containment',
              state: 'started',
              since: new Date().toISOString(),
              attempt: 1,
              containment: {
                plan: 'p',
                planned: { runbook: runbook.facts.id, mode: 'enforce', contains: 'actor' },
                target,
                eventAt: new Date().toISOString(),
                observeBecause: 'only an application log names it',
              },
            },
          },
        },
        entries: [{ stage: 'triage', kind: 'note', text: 'planned', by: 'test' }],
      }));

      await world.contain(runbook, containment);

      expect((await world.containment(containment.id)).status).toBe('planned');
      expect(await readUserState(iam, name)).toEqual(before);
    });

    test('an execution that a newer attempt took over from does nothing', async () => {
      const { target, name, before, incidentId, containment } = await start();
      await world.hold(runbook, target, incidentId);

      const ran = await world.contain(runbook, containment);

      expect(ran.states.at(-1)).toBe('Nothing left to do');
      expect(await readUserState(iam, name)).toEqual(before);
    });

    test('what was contained before is not contained again', async () => {
      const { incidentId, containment } = await start();
      await world.contain(runbook, containment);
      const length = (await readTimeline(world.table, incidentId)).length;

      const ran = await world.contain(runbook, containment);

      expect(ran.states.at(-1)).toBe('Nothing left to do');
      expect((await readTimeline(world.table, incidentId)).length).toBe(length);
    });
  });

  test('a fence that a newer owner took stops the old one before its next change', async () => {
    const { name, containment } = await start();

    const ran = await world.contain(runbook, containment, {
      onState: async (state) => {
        if (state !== 'Deactivate access keys') return;
        const resource = lockResource(containment.target);
        await acquireLock(world.table, { ...containOwner(containment), resource, seconds: 60, now: new Date() });
      },
    });

    expect(ran.end).toBe('failed');
    expect(Object.values((await readUserState(iam, name)).keys)).toEqual(['Active']);
  });

  test('two incidents that let go at the same time release once, and nothing stays contained', async () => {
    const { name, incidentId, containment } = await start();
    await world.contain(runbook, containment);
    const other = await world.openIncident();
    await world.addHold(containment.id, other);

    const both = await Promise.all([
      world.release(runbook, containment, incidentId),
      world.release(runbook, containment, other),
    ]);

    expect(both.map(({ end }) => end)).toEqual(['succeeded', 'succeeded']);
    const after = await world.containment(containment.id);
    expect(after).toMatchObject({ status: 'released', holds: [] });
    expect((await readUserState(iam, name)).inline).toBeNull();
  });

  test('a release that is asked for while another is at work waits for it, and takes nothing from it', async () => {
    const { name, incidentId, containment } = await start();
    await world.contain(runbook, containment);
    const waits: string[] = [];

    let second: Promise<Ran> | undefined;
    const first = await world.release(runbook, containment, incidentId, {
      onState: async (state) => {
        if (state !== 'Undo: Deny everything') return;
        // In the middle of the first: it has to see it through.
        second = world.release(runbook, containment, incidentId, {
          onState: async (at) => {
            if (at !== 'Wait for what is at work') return;
            waits.push(at);
            await new Promise((done) => setTimeout(done, 300));
          },
        });
        await eventually('the second one to wait', () => Promise.resolve(waits.length > 0 || undefined));
      },
    });

    expect(first.states.at(-1)).toBe('Released');
    expect((await second)?.states.at(-1)).not.toBe('Release failed');
    expect(await world.containment(containment.id)).toMatchObject({ status: 'released', holds: [] });
    expect((await readUserState(iam, name)).inline).toBeNull();
  });

  test('a release that never began does not end one that is at work', async () => {
    const { incidentId, containment } = await start();
    await world.contain(runbook, containment);
    const execution = 'arn:aws:states:us-east-1:000000000000:execution:release:late';
    const ask = { schemaVersion: 1, containmentId: containment.id, incidentId, by: 'Ada', execution };

    const ran = await world.release(runbook, containment, incidentId, {
      onState: async (state) => {
        if (state === 'Undo: Deny everything') await conclude({ ...ask, op: 'release-failed' });
      },
    });

    expect(ran.states.at(-1)).toBe('Released');
    expect((await world.containment(containment.id)).status).toBe('released');
    const told = (await readTimeline(world.table, incidentId)).filter(({ kind }) => kind === 'release-refused');
    expect(told.map(({ text }) => text)).toEqual([expect.stringMatching(/another release of it has begun meanwhile/)]);
  });

  test('a release with the brake on is refused, and can be asked for again', async () => {
    const { incidentId, containment } = await start();
    await world.contain(runbook, containment);
    await world.setBrake('paused by Ada');

    const refused = await world.release(runbook, containment, incidentId);
    await world.setBrake('released');

    expect(refused.states.at(-1)).toBe('Release refused');
    expect((await world.release(runbook, containment, incidentId)).states.at(-1)).toBe('Released');
  });

  test('a release that could not be begun says so, leaves it contained, and keeps nobody else out', async () => {
    const { target, incidentId, containment } = await start();
    await world.contain(runbook, containment);
    const resource = lockResource(target);
    const execution = 'arn:aws:states:us-east-1:000000000000:execution:release:never-begun';
    const lock = { ...releaseOwner(containment, execution), resource, seconds: 600, now: new Date() };
    await acquireLock(world.table, lock);
    const ask = {
      schemaVersion: 1,
      op: 'release-failed',
      containmentId: containment.id,
      incidentId,
      by: 'Ada',
      execution,
    };

    await conclude(ask);
    await conclude(ask);

    expect((await world.containment(containment.id)).status).toBe('held');
    const told = (await readTimeline(world.table, incidentId)).filter(({ kind }) => kind === 'release-refused');
    expect(told.map(({ text }) => text)).toEqual([expect.stringMatching(/could not be begun.*is 'held'/)]);
    expect(await acquireLock(world.table, { ...lock, owner: 'another' })).toBeGreaterThan(0);
  });

  describe('the auditor', () => {
    test('records an execution that ended unheard, escalates, and does both once', async () => {
      const { name, incidentId, containment } = await start();
      await world.contain(runbook, containment, { tasks: 3 });

      const first = await auditor(ended(containment));
      const second = await auditor(ended(containment));

      expect([first.failed, second.failed]).toEqual([[containment.id], []]);
      const failed = (await readTimeline(world.table, incidentId)).filter(({ kind }) => kind === 'containment-failed');
      expect(failed).toHaveLength(1);
      expect(failed[0]?.text).toMatch(/ended as TIMED_OUT.*Done: Deny everything; Deactivate access keys\. Not done:/);
      expect((await escalation(incidentId))?.state).toBe('pending');
      expect(Object.values((await readUserState(iam, name)).keys)).toEqual(['Inactive']);
    });

    test('leaves alone what a newer attempt is at work on, and what is over', async () => {
      const { target, incidentId, containment } = await start();
      await world.contain(runbook, containment);
      expect(await auditor(ended(containment))).toEqual({ failed: [] });

      const other = await start();
      await world.hold(runbook, other.target, other.incidentId);
      expect(await auditor(ended(other.containment, 1))).toEqual({ failed: [] });
      expect(await world.kinds(incidentId)).not.toContain('containment-failed');
      expect(target.kind).toBe('user');
    });

    test('takes the end of an attempt for nothing but that: the next one may be about to begin', async () => {
      const { target, containment } = await start();
      await world.contain(runbook, containment, { tasks: 3 });
      await auditor(ended(containment));

      const again = await world.hold(runbook, target, await world.openIncident());
      // As a version wrote it that passed the last attempt's execution on.
      const executionArn = arnOf(containment);
      await changeContainment(world.table, again.id, (now) => now && { ...now, executionArn });
      const late = await auditor(ended(containment));

      expect(late).toEqual({ failed: [] });
      expect(await world.containment(again.id)).toMatchObject({ attempt: 2, status: 'starting' });
      await world.contain(runbook, again);
      expect((await world.containment(again.id)).status).toBe('held');
    });

    test('takes the late end of a containment for nothing that its release did', async () => {
      const { incidentId, containment } = await start();
      await world.contain(runbook, containment);
      await world.release(runbook, containment, incidentId, { tasks: 3 });

      expect(await auditor(ended(containment))).toEqual({ failed: [] });
      expect((await world.containment(containment.id)).status).toBe('releasing');
    });

    test('finds by itself what no event told, but gives it five minutes', async () => {
      const { containment } = await start();
      await world.contain(runbook, containment, { tasks: 3 });

      expect((await auditor({ source: 'firebreak.schedule' })).failed).not.toContain(containment.id);
      await age(containment, 6);
      expect((await auditor({ source: 'firebreak.schedule' })).failed).toContain(containment.id);
      expect((await auditor({ source: 'firebreak.schedule' })).failed).not.toContain(containment.id);
    });

    test('looks at all of them, though one cannot be looked at', async () => {
      const [broken, { containment }] = [await start(), await start()];
      for (const one of [broken.containment, containment]) await world.contain(runbook, one, { tasks: 3 });
      // Older, and so looked at first.
      await age(broken.containment, 60);
      await age(containment, 6);
      await aws.proxy.inject({ match: { operation: 'DescribeExecution' }, fault: 'access-denied', times: 1 });

      await expect(auditor({ source: 'firebreak.schedule' })).rejects.toThrow(/1 of \d+ containments could not be/);
      expect((await world.containment(containment.id)).status).toBe('failed');
    });

    test('notices what was never started', async () => {
      const { containment } = await start();

      await age(containment, 29);
      expect((await auditor({})).failed).not.toContain(containment.id);
      await age(containment, 31);
      expect((await auditor({})).failed).toContain(containment.id);
    });

    test('notices a release that ended unheard', async () => {
      const { incidentId, containment } = await start();
      await world.contain(runbook, containment);
      await world.release(runbook, containment, incidentId, { tasks: 3 });
      await age(containment, 6);

      expect((await auditor({})).failed).toContain(containment.id);

      expect((await world.containment(containment.id)).status).toBe('release-failed');
      expect((await world.release(runbook, containment, incidentId)).states.at(-1)).toBe('Released');
    });
  });
});
