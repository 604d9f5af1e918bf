import { beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { IAMClient } from '@aws-sdk/client-iam';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { askPeople } from '../../lambdas/contain/guard-rails/ask-people';
import { withdrawApproval } from '../../lambdas/shared/approvals/withdraw-approval';
import { changeApproval, getApproval } from '../../lambdas/shared/store/approvals';
import { changeContainment } from '../../lambdas/shared/store/containments';
import { changeIncident } from '../../lambdas/shared/store/incidents';
import { getPlan } from '../../lambdas/shared/store/plans';
import { readTimeline } from '../../lambdas/shared/store/timelines';
import { handler as reconciler } from '../../lambdas/triage/reconciler/handler';
import { handler as respond } from '../../lambdas/triage/respond/handler';
import type { HandOver, Incident } from '../../lib/model/incident';
import type { Mode } from '../../lib/model/plan';
import { runbook } from '../../runbooks/disable-access-key/actions';
import { embeddedAws } from '../embedded/aws';
import { readUserState } from '../runbooks/user';
import { ASKS, Asking, type Case } from './asking';
import { handlersOf, World } from './world';

jest.setTimeout(60_000);

describe('an incident that is closed or merged while its containment is on its way, on the embedded AWS', () => {
  const aws = embeddedAws();
  const iam = new IAMClient(aws.client);
  let world: World;
  let asking: Asking;

  beforeAll(async () => {
    world = await World.create(aws, 'arn:aws:iam::000000000000:policy/unused');
    await Asking.machines(world, iam);
    asking = new Asking(world, iam);
  });
  beforeEach(() => {
    jest.spyOn(console, 'log').mockReturnValue();
    jest.spyOn(console, 'error').mockReturnValue();
    jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  });

  const keys = async ({ name }: Case) => Object.values((await readUserState(iam, name)).keys);
  const close = ({ incidentId }: Pick<Case, 'incidentId'>) =>
    respond({ op: 'close', incidentId, by: 'Grace', reason: 'a duplicate' });
  const set = (id: string, change: Partial<Incident>) =>
    changeIncident(world.table, id, () => ({
      set: change,
      entries: [{ stage: 'triage', kind: 'note', text: 'changed', by: 'test' }],
    }));
  const isAskedOf = async (about: Case, incidentId: string) => {
    expect((await world.contain(runbook, await asking.containment(about.id))).states.at(-1)).toBe('Waits for approval');
    const question = await asking.question(about);
    expect(question).toMatchObject({ incidentId, status: 'waiting' });
    expect((await asking.incident(incidentId)).approvals).toEqual([question.id]);
    expect(await keys(about)).toEqual(['Active']);
  };

  /** One incident has handed its target over, and another one holds the attempt that this started. */
  async function two(first: Mode, second: Mode): Promise<{ about: Case; other: string }> {
    const about = await asking.open({ mode: first });
    await asking.handOver(about.incidentId);
    const other = await asking.wants(about.target, { mode: second });
    await asking.handOver(other);
    return { about, other };
  }

  /** The first one's people were asked, and the other one holds what waits. */
  async function twoAsked(): Promise<{ about: Case; other: string }> {
    const about = await asking.open();
    await asking.run(about);
    const other = await asking.wants(about.target);
    await asking.handOver(other);
    return { about, other };
  }

  async function timeIsOver(about: Case): Promise<void> {
    const approval = await asking.question(about);
    const { Update } = changeApproval(world.table, approval, { expiresAt: new Date(Date.now() - 1000).toISOString() });
    if (!Update) throw new Error('not an update');
    await world.table.client.send(new UpdateCommand(Update));
  }

  describe('before the guard rails have said yes', () => {
    test('another open one that enforces goes on with it, and both timelines say so', async () => {
      const { about, other } = await two('enforce', 'enforce');
      await close(about);

      await world.contain(runbook, await asking.containment(about.id));

      expect(await keys(about)).toEqual(['Inactive']);
      expect(await asking.containment(about.id)).toMatchObject({ status: 'held', incidentId: other });
      expect(await world.kinds(other)).toContain('action-applied');
      for (const id of [about.incidentId, other]) {
        expect((await readTimeline(world.table, id)).map(({ text }) => text)).toContainEqual(
          expect.stringMatching(/goes on for incident .*was closed/),
        );
      }
    });

    test('another open one that asks has its own people asked', async () => {
      const { about, other } = await two('enforce', 'approve');
      await close(about);

      await isAskedOf(about, other);
    });

    test('one that only observes does not, nor one that is closed as well; whoever comes after is contained', async () => {
      const { about, other } = await two('enforce', 'observe');
      const closed = await asking.wants(about.target, { mode: 'enforce' });
      await asking.handOver(closed);
      await close({ incidentId: closed });
      await close(about);

      await world.contain(runbook, await asking.containment(about.id));

      expect(await asking.containment(about.id)).toMatchObject({ status: 'planned', incidentId: about.incidentId });
      expect(await keys(about)).toEqual(['Active']);
      expect(other).not.toBe(about.incidentId);
    });

    test('one that hands over while only the plan is written for the closed one does not wait for it', async () => {
      const about = await asking.open({ mode: 'enforce' });
      await asking.handOver(about.incidentId);
      await close(about);
      const other = await asking.wants(about.target, { mode: 'enforce' });
      const first = await asking.containment(about.id);

      await world.contain(runbook, first, {
        onState: async (name) => {
          if (name === 'Write the plan') await asking.handOver(other);
        },
      });

      const next = await asking.containment(about.id);
      expect(next).toMatchObject({ status: 'starting', attempt: first.attempt + 1, incidentId: other });
      await world.contain(runbook, next);
      expect(await keys(about)).toEqual(['Inactive']);
    });
  });

  describe('while people are asked', () => {
    test('what was approved, and not yet started again, is asked of the people of the other one', async () => {
      const { about, other } = await twoAsked();
      await asking.decide(about);

      await close(about);

      await isAskedOf(about, other);
    });

    test('nobody waits for ever for what was approved, where no other one holds it', async () => {
      const about = await asking.open();
      await asking.run(about);
      await asking.decide(about);

      await close(about);

      expect(await asking.containment(about.id)).toMatchObject({
        status: 'not-approved',
        reason: 'the incident was closed',
      });
    });

    test('closed by a run that died after nobody was asked any more: closing it again hands it to the other one', async () => {
      const { about, other } = await twoAsked();
      await set(about.incidentId, { status: 'closed' });
      const { id } = await asking.question(about);
      await withdrawApproval(world.table, id, { because: 'the incident was closed', by: 'Grace' });

      await close(about);

      await isAskedOf(about, other);
    });

    test('closed by a run that died before: when the time is over, the other one has its people asked', async () => {
      const { about, other } = await twoAsked();
      const { id } = await asking.question(about);
      await set(about.incidentId, { status: 'closed' });
      await timeIsOver(about);

      await reconciler({ graceSeconds: 0 });
      await asking.handOver(other);

      expect((await getApproval(world.table, id))?.status).toBe('withdrawn');
      await isAskedOf(about, other);
    });

    test('one that only passes on what a merged one held hands it over all the same', async () => {
      const { about, other } = await twoAsked();
      const { handOvers } = await asking.incident(other);
      const key = `containment#${about.id}`;
      const merged = { ...handOvers[key], state: 'pending', onlyHolds: true, takesOver: ['inc-gone'] } as HandOver;
      await set(other, { handOvers: { ...handOvers, [key]: merged } });

      await close(about);

      await isAskedOf(about, other);
    });

    test('one that was merged is not asked, but the one that goes on for it', async () => {
      const { about, other } = await twoAsked();
      const going = await asking.wants(about.target);
      await set(other, { status: 'merged', mergedInto: going });

      await close(about);

      await isAskedOf(about, going);
    });
  });

  describe('in the moment in which they are to be asked', () => {
    /** As far as the plan, and what the guard rails then ask with. */
    async function planned(about: Case) {
      await asking.run(about, { tasks: 2 });
      const containment = await asking.containment(about.id);
      const stored = await getPlan(world.table, about.id, containment.attempt);
      if (!stored) throw new Error('no plan');
      const incident = await asking.incident(about.incidentId);
      return { containment, incident, settings: ASKS, stored, why: 'its mode', by: 'test' };
    }

    test('the people of the one that goes on are asked, and it lists the question', async () => {
      const about = await asking.open();
      const question = await planned(about);
      const going = await asking.wants(about.target);
      await set(about.incidentId, { status: 'merged', mergedInto: going });

      await askPeople(world.table, question);

      const { id } = await asking.question(about);
      expect((await asking.incident(going)).approvals).toEqual([id]);
      expect((await asking.incident(going)).handOvers['escalation']?.attempt).toBe(2);
      expect((await asking.incident(about.incidentId)).approvals ?? []).toEqual([]);
      expect((await asking.decide(about)).outcome).toBe('decided');
    });

    test('nobody is asked where it was closed, and nothing is left waiting', async () => {
      const about = await asking.open();
      const question = await planned(about);
      await set(about.incidentId, { status: 'closed' });

      expect(await askPeople(world.table, question)).toBeUndefined();

      expect((await asking.incident(about.incidentId)).approvals ?? []).toEqual([]);
      expect((await asking.incident(about.incidentId)).handOvers['escalation']?.attempt).toBe(1);
      expect((await asking.containment(about.id)).status).toBe('starting');
    });

    test('closed after the plan was made: nobody is asked, the lock is free, and the other one hands it over', async () => {
      const { about, other } = await two('approve', 'approve');

      await world.contain(runbook, await asking.containment(about.id), {
        onState: async (name) => {
          if (name === 'Is this plan approved?') await close(about);
        },
      });
      expect((await asking.incident(about.incidentId)).approvals ?? []).toEqual([]);
      expect((await asking.containment(about.id)).status).toBe('not-approved');
      await reconciler({ graceSeconds: 0 });

      await isAskedOf(about, other);
    });

    test('given up by a call that died before the other one had it: the next call hands it over', async () => {
      const { about, other } = await two('approve', 'approve');

      await world.contain(runbook, await asking.containment(about.id), {
        onState: async (name) => {
          if (name !== 'Is this plan approved?') return;
          await set(about.incidentId, { status: 'closed' });
          const over = { status: 'not-approved', reason: 'the incident was closed' } as const;
          await changeContainment(world.table, about.id, (now) => now && { ...now, ...over });
        },
      });
      await reconciler({ graceSeconds: 0 });

      await isAskedOf(about, other);
    });

    test('closed before it was noted that it waits: it does not wait, and the other one hands it over', async () => {
      const { about, other } = await two('approve', 'approve');
      await world.contain(runbook, await asking.containment(about.id));
      // Whoever closed it looked before that note, and withdraws the question only now.
      await set(about.incidentId, { status: 'closed' });
      const { guardRails } = await handlersOf(runbook);
      const { id: containmentId, attempt } = await asking.containment(about.id);
      const execution = 'arn:aws:states:us-east-1:000000000000:execution:contain:again';
      const ask = { schemaVersion: 1, containmentId, attempt, execution, op: 'approval', reason: 'its mode', fence: 0 };

      expect(await guardRails?.(ask)).toMatchObject({ outcome: 'done' });
      await reconciler({ graceSeconds: 0 });

      await isAskedOf(about, other);
    });

    test('a question that the one that goes on does not list is listed when people are asked again', async () => {
      const about = await asking.open();
      await asking.run(about);
      await set(about.incidentId, { approvals: [] });
      await timeIsOver(about);

      await reconciler({ graceSeconds: 0 });

      expect((await asking.incident(about.incidentId)).approvals).toEqual([(await asking.question(about)).id]);
    });
  });

  test('what is approved while the run that asks is not over is contained by that run, under a lock', async () => {
    const about = await asking.open();
    await asking.handOver(about.incidentId);
    const containment = await asking.containment(about.id);
    const { guardRails } = await handlersOf(runbook);
    let killed = false;

    const ran = await world.contain(runbook, containment, {
      onState: async (name) => {
        if (name !== 'Is this plan approved?' || killed) return;
        killed = true;
        // As if a first call had been ended after it had asked, and people had been faster than the second one.
        const { id: containmentId, attempt } = containment;
        const execution = 'arn:aws:states:us-east-1:000000000000:execution:contain:killed';
        const ask = {
          schemaVersion: 1,
          containmentId,
          attempt,
          execution,
          op: 'approval',
          reason: 'its mode',
          fence: 0,
        };
        await guardRails?.(ask);
        await changeContainment(world.table, about.id, (now) => now && { ...now, status: 'starting' });
        await asking.decide(about);
      },
    });

    expect([killed, ran.end]).toEqual([true, 'succeeded']);
    expect(await keys(about)).toEqual(['Inactive']);
    expect((await asking.containment(about.id)).status).toBe('held');
  });
});
