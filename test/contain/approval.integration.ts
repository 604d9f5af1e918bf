import { beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { AttachUserPolicyCommand, IAMClient, TagUserCommand, UpdateAccessKeyCommand } from '@aws-sdk/client-iam';
import { handler as reconciler } from '../../lambdas/triage/reconciler/handler';
import { handler as respond } from '../../lambdas/triage/respond/handler';
import { lockResource } from '../../lambdas/contain/shared/target-lock';
import { changeApproval, getApproval, noteAskedLevel } from '../../lambdas/shared/store/approvals';
import { takePlace } from '../../lambdas/shared/store/blast-radius';
import { changeIncident } from '../../lambdas/shared/store/incidents';
import { readTimeline } from '../../lambdas/shared/store/timelines';
import { acquireLock, releaseLock } from '../../lambdas/shared/store/locks';
import { runbook } from '../../runbooks/disable-access-key/actions';
import { embeddedAws } from '../embedded/aws';
import { readUserState } from '../runbooks/user';
import { Asking, type Case } from './asking';
import { GUARD_RAILS, World } from './world';

jest.setTimeout(60_000);

describe('containing after approval, on the embedded AWS', () => {
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
  const isUntouched = async (about: Case) => {
    expect(await keys(about)).toEqual(['Active']);
    expect((await readUserState(iam, about.name)).inline).toBeNull();
  };
  const isContained = async (about: Case) => expect(await keys(about)).toEqual(['Inactive']);
  const records = async ({ incidentId }: Pick<Case, 'incidentId'>, kind: string) =>
    (await readTimeline(world.table, incidentId)).filter((record) => record.kind === kind);

  /** Opens an incident, and has its people asked. */
  async function asked(wish: Parameters<Asking['open']>[0] = {}): Promise<Case> {
    const about = await asking.open(wish);
    const ran = await asking.run(about);
    expect(ran.states.at(-1)).toBe('Waits for approval');
    return about;
  }

  /** As if the time that people had were over. */
  async function timeIsOver(about: Case): Promise<void> {
    const approval = await asking.question(about);
    const { Update } = changeApproval(world.table, approval, { expiresAt: new Date(Date.now() - 1000).toISOString() });
    const { UpdateCommand } = await import('@aws-sdk/lib-dynamodb');
    if (!Update) throw new Error('not an update');
    await world.table.client.send(new UpdateCommand(Update));
  }

  test('nothing is changed and nothing is held while people think; the plan is on the timeline, and they are paged', async () => {
    const about = await asked();

    await isUntouched(about);
    const question = await asking.question(about);
    expect(question).toMatchObject({ status: 'waiting', round: 1, planHash: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(question.plan.steps.flatMap(({ changes }) => changes.map(({ call }) => call))).toContain(
      'iam:UpdateAccessKey',
    );
    expect((await asking.containment(about.id)).status).toBe('awaiting-approval');
    const incident = await asking.incident(about.incidentId);
    expect(incident.approvals).toEqual([question.id]);
    // A further attempt of the chain, and the incident is no worse for it.
    expect(incident.handOvers['escalation']).toMatchObject({ attempt: 2, state: 'started' });
    expect(incident.severity).toBe('SEV2');
    const [told] = await records(about, 'approval-requested');
    expect(JSON.stringify(told?.details)).toContain('iam:UpdateAccessKey');
    const lock = { resource: lockResource(about.target), owner: 'another', run: 1, seconds: 5, now: new Date() };
    expect(await acquireLock(world.table, lock)).toBeGreaterThan(0);
    await releaseLock(world.table, lock.resource, lock);
  });

  test('what is approved is contained and read back, and says by whom; the decision also acknowledges', async () => {
    const about = await asked();

    expect((await asking.decide(about)).outcome).toBe('decided');
    const ran = await asking.run(about);

    expect(ran.end).toBe('succeeded');
    await isContained(about);
    expect((await asking.containment(about.id)).status).toBe('held');
    const kinds = await world.kinds(about.incidentId);
    expect(kinds.indexOf('approval-granted')).toBeLessThan(kinds.indexOf('action-applied'));
    expect((await records(about, 'approval-granted'))[0]).toMatchObject({
      by: 'Ada',
      text: expect.stringContaining('Ada approved'),
      details: { planHash: (await asking.question(about)).planHash, reason: 'he is not ours' },
    });
    const incident = await asking.incident(about.incidentId);
    expect(incident.acknowledgement?.by).toBe('Ada');
    expect(incident.approvals).toEqual([]);
  });

  test('every step may be killed and run again: people are asked once, and what they approved is done', async () => {
    for (const tasks of [1, 2, 3]) {
      const about = await asking.open();
      await asking.run(about, { tasks });
      await asking.run(about, { twice: true });
      expect(await records(about, 'approval-requested')).toHaveLength(1);
      await isUntouched(about);
      await asking.decide(about);
      await asking.run(about, { tasks: tasks + 2 });
      await world.contain(runbook, await asking.containment(about.id), { twice: true });
      await isContained(about);
      expect(await records(about, 'approval-requested')).toHaveLength(1);
    }
  });

  test('what changed since it was approved is asked about again, and says what changed', async () => {
    const about = await asked();
    await asking.decide(about);
    await iam.send(
      new AttachUserPolicyCommand({ UserName: about.name, PolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }),
    );
    const [key] = Object.keys((await readUserState(iam, about.name)).keys);
    await iam.send(new UpdateAccessKeyCommand({ UserName: about.name, AccessKeyId: key, Status: 'Inactive' }));
    const first = await asking.question(about);

    const ran = await asking.run(about);

    expect(ran.states.at(-1)).toBe('Waits for approval');
    expect((await readUserState(iam, about.name)).inline).toBeNull();
    const second = await asking.question(about);
    expect(second.id).not.toBe(first.id);
    expect(second.planHash).not.toBe(first.planHash);
    expect(second.why).toMatch(/changed after Ada had approved it, and nothing was done: .*UpdateAccessKey/);
    expect(await records(about, 'approval-requested')).toHaveLength(2);
    // Approving the old plan once more decides nothing.
    expect(await asking.decide(about, { planHash: first.planHash })).toMatchObject({ outcome: 'not-decided' });

    await asking.decide(about);
    await asking.run(about);
    expect((await asking.containment(about.id)).status).toBe('held');
  });

  test('what has nothing to do with the plan does not ask again', async () => {
    const about = await asked();
    await asking.decide(about);
    await iam.send(new TagUserCommand({ UserName: about.name, Tags: [{ Key: 'team', Value: 'sales' }] }));

    await asking.run(about);

    await isContained(about);
  });

  test('what is declined is left alone, and what happens after that asks again', async () => {
    const about = await asked();

    await asking.decide(about, { approve: false, reason: 'a known test' });
    const ran = await asking.run(about);

    expect(ran.states.at(-1)).toBe('Not approved');
    await isUntouched(about);
    const declined = await asking.containment(about.id);
    expect(declined).toMatchObject({ status: 'not-approved', reason: 'Ada declined: a known test' });

    const older = await asking.wants(about.target, { eventAt: '2026-01-01T00:00:00.000Z' });
    await asking.handOver(older);
    expect((await asking.containment(about.id)).attempt).toBe(declined.attempt);
    const newer = await asking.wants(about.target, { eventAt: new Date(Date.now() + 1000).toISOString() });
    const again = await asking.run({ id: about.id, incidentId: newer });
    expect(again.states.at(-1)).toBe('Waits for approval');
  });

  test('the first decision stands: approved twice, declined after, and by many at once', async () => {
    const about = await asked();

    const all = await Promise.all([
      asking.decide(about, { by: 'Ada' }),
      asking.decide(about, { by: 'Grace', approve: false }),
      asking.decide(about, { by: 'Edsger' }),
    ]);

    expect(all.filter(({ outcome }) => outcome === 'decided')).toHaveLength(1);
    const { decision, status } = await asking.question(about);
    expect(await asking.decide(about, { approve: status !== 'approved' })).toMatchObject({
      outcome: 'not-decided',
      because: expect.stringContaining(decision?.by ?? '?'),
    });
    expect((await asking.question(about)).decision).toEqual(decision);
    const told = [...(await records(about, 'approval-granted')), ...(await records(about, 'approval-declined'))];
    expect(told).toHaveLength(1);
  });

  test('whoever acted in the incident does not decide, whatever path stands in the ARN', async () => {
    const about = await asked();
    const principal = about.target.id.replace(':user/', ':user/some/path/');

    const refused = await asking.decide(about, { principal });

    expect(refused).toMatchObject({ outcome: 'not-decided', because: expect.stringContaining('does not decide') });
    expect((await asking.question(about)).status).toBe('waiting');
    expect((await asking.decide(about, { principal: 'arn:aws:iam::000000000000:user/ada' })).outcome).toBe('decided');
  });

  describe('when nobody decides in time', () => {
    test('SEV1 is contained, as this plan says, though the target was changed meanwhile', async () => {
      const about = await asked({ severity: 'SEV1' });
      await iam.send(
        new AttachUserPolicyCommand({ UserName: about.name, PolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }),
      );
      await timeIsOver(about);

      await reconciler({ graceSeconds: 0 });
      await asking.run(about);

      await isContained(about);
      const [told] = await records(about, 'approval-timed-out');
      expect(told?.text).toMatch(/Contained without approval: .*nobody decided within 15 minute/);
    });

    test('SEV3 is left alone, as this plan says, and people are paged with that news', async () => {
      const about = await asked({ severity: 'SEV3' });
      await timeIsOver(about);
      expect(await asking.decide(about)).toMatchObject({ outcome: 'not-decided', because: 'the time for it is over' });

      await reconciler({ graceSeconds: 0 });
      await reconciler({ graceSeconds: 0 });
      const ran = await asking.run(about);

      expect(ran.states.at(-1)).toBe('Not approved');
      await isUntouched(about);
      expect(await records(about, 'approval-timed-out')).toHaveLength(1);
      expect((await asking.incident(about.incidentId)).handOvers['escalation']?.attempt).toBe(3);
      expect(await asking.decide(about)).toMatchObject({ outcome: 'not-decided' });
    });

    test('SEV2 asks the next level, voids an acknowledgement, and still takes the answer of who comes late', async () => {
      const about = await asked();
      const question = await asking.question(about);
      await noteAskedLevel(world.table, question.id, 'first');
      await respond({ op: 'ack', incidentId: about.incidentId, by: 'Grace' });
      await timeIsOver(about);

      await reconciler({ graceSeconds: 0 });

      const incident = await asking.incident(about.incidentId);
      expect(incident.acknowledgement).toBeUndefined();
      expect(incident.handOvers['escalation']).toMatchObject({ attempt: 3, passOver: ['first'] });
      const again = await asking.question(about);
      expect(again).toMatchObject({ id: question.id, status: 'waiting', round: 2 });
      expect(again.expiresAt > new Date().toISOString()).toBe(true);
      expect((await asking.decide(about)).outcome).toBe('decided');
    });
  });

  test('the brake goes before an approval: refused, and people are told', async () => {
    const about = await asked();
    await world.setBrake('paused by Grace: exercise');
    await asking.decide(about);

    await asking.run(about);
    await world.setBrake('released');

    await isUntouched(about);
    expect(await asking.containment(about.id)).toMatchObject({
      status: 'refused',
      reason: expect.stringContaining('paused'),
    });
    expect((await asking.incident(about.incidentId)).severity).toBe('SEV1');
  });

  test('an incident that is closed asks nobody any more, and another one that holds it asks its own people', async () => {
    const about = await asked();
    const other = await asking.wants(about.target);
    await asking.handOver(other);
    const question = await asking.question(about);

    await respond({ op: 'close', incidentId: about.incidentId, by: 'Grace', reason: 'false alarm' });

    expect((await getApproval(world.table, question.id))?.status).toBe('withdrawn');
    expect(await records(about, 'approval-withdrawn')).toHaveLength(1);
    const ran = await world.contain(runbook, await asking.containment(about.id));
    expect(ran.states.at(-1)).toBe('Waits for approval');
    expect((await asking.question(about)).incidentId).toBe(other);
    await isUntouched(about);
  });

  test('closed by a run that died after it: time ends the question, and nothing is contained', async () => {
    const about = await asked({ severity: 'SEV1' });
    await changeIncident(world.table, about.incidentId, () => ({
      set: { status: 'closed' },
      entries: [{ stage: 'triage', kind: 'incident-closed', text: 'Closed', by: 'Grace' }],
    }));
    expect(await asking.decide(about)).toMatchObject({
      outcome: 'not-decided',
      because: expect.stringContaining('closed'),
    });
    await timeIsOver(about);

    await reconciler({ graceSeconds: 0 });

    expect((await asking.question(about)).status).toBe('withdrawn');
    await isUntouched(about);
  });

  test('an alert that comes meanwhile asks nobody twice; a plan that needs no approval contains at once', async () => {
    const about = await asked();
    const { attempt } = await asking.containment(about.id);
    const question = await asking.question(about);
    await asking.handOver(await asking.wants(about.target));
    expect((await asking.containment(about.id)).attempt).toBe(attempt);

    const enforcing = await asking.wants(about.target, { mode: 'enforce' });
    await asking.run({ id: about.id, incidentId: enforcing });

    await isContained(about);
    expect((await getApproval(world.table, question.id))?.status).toBe('withdrawn');
  });

  test('who lets go of what waits has nobody asked any more', async () => {
    const about = await asked();

    await world.release(runbook, await asking.containment(about.id), about.incidentId);

    expect((await asking.question(about)).status).toBe('withdrawn');
    expect((await asking.incident(about.incidentId)).approvals).toEqual([]);
    await isUntouched(about);
  });

  describe('one of two incidents that lets go', () => {
    const letGo = async (about: Case) => world.release(runbook, await asking.containment(about.id), about.incidentId);

    test('has nobody asked any more: time contains nothing for one that only observes', async () => {
      const about = await asked({ severity: 'SEV1' });
      const other = await asking.wants(about.target, { mode: 'observe' });
      await asking.handOver(other);
      const question = await asking.question(about);

      const ran = await letGo(about);
      await timeIsOver(about);
      await reconciler({ graceSeconds: 0 });

      expect(ran.states.at(-1)).toBe('Held by other incidents');
      expect((await getApproval(world.table, question.id))?.status).toBe('withdrawn');
      expect(await asking.containment(about.id)).toMatchObject({ status: 'not-approved', holds: [other] });
      await isUntouched(about);
    });

    test('leaves it to the other, whose own people are asked', async () => {
      const about = await asked();
      const other = await asking.wants(about.target);
      await asking.handOver(other);

      await letGo(about);
      await asking.run({ id: about.id, incidentId: other });

      expect(await asking.question(about)).toMatchObject({ incidentId: other, status: 'waiting' });
      expect(await asking.containment(about.id)).toMatchObject({ status: 'awaiting-approval', holds: [other] });
      await isUntouched(about);
    });

    test('before anything was changed: it is not contained for one that only observes', async () => {
      const about = await asking.open({ mode: 'enforce' });
      await asking.handOver(about.incidentId);
      const other = await asking.wants(about.target, { mode: 'observe' });
      await asking.handOver(other);
      expect((await asking.containment(about.id)).status).toBe('starting');

      await letGo(about);
      const ran = await world.contain(runbook, await asking.containment(about.id));

      expect(ran.states.at(-1)).toBe('Nothing left to do');
      expect(await asking.containment(about.id)).toMatchObject({ status: 'not-approved', holds: [other] });
      await isUntouched(about);
    });

    test('before anything was changed: another that wants it has it contained by its own plan', async () => {
      const about = await asking.open({ mode: 'enforce' });
      await asking.handOver(about.incidentId);
      const other = await asking.wants(about.target, { mode: 'enforce' });
      await asking.handOver(other);

      await letGo(about);
      await asking.run({ id: about.id, incidentId: other });

      expect(await asking.containment(about.id)).toMatchObject({ status: 'held', holds: [other], incidentId: other });
      await isContained(about);
    });
  });

  describe('a target that was released', () => {
    test('is not contained again on the word of what happened before, and is by what happens after', async () => {
      const about = await asking.open({ mode: 'enforce' });
      await asking.run(about);
      const before = new Date().toISOString();
      await world.release(runbook, await asking.containment(about.id), about.incidentId, { reactivateKeys: true });
      const released = await asking.containment(about.id);
      expect(released.status).toBe('released');

      const late = await asking.wants(about.target, { mode: 'enforce', eventAt: before });
      const incident = await asking.handOver(late);
      expect(await asking.containment(about.id)).toEqual(released);
      expect(incident.handOvers[`containment#${about.id}`]?.state).toBe('started');
      expect((await readTimeline(world.table, late)).at(-1)?.text).toMatch(/Not contained again: .*released after/);

      const anew = await asking.wants(about.target, { mode: 'enforce' });
      await asking.run({ id: about.id, incidentId: anew });
      expect((await asking.containment(about.id)).status).toBe('held');
    });
  });

  // Last: afterwards the hour is full.
  describe('the limit of the hour', () => {
    const fill = () =>
      Promise.all(
        Array.from({ length: GUARD_RAILS.maximumContainmentsPerHour }, (_, i) =>
          takePlace(world.table, {
            runbook: runbook.facts.id,
            containmentId: `con-${i}`,
            limit: GUARD_RAILS.maximumContainmentsPerHour,
            now: new Date(),
          }),
        ),
      );

    async function overTheLimit(): Promise<Case> {
      const about = await asking.open({ mode: 'enforce' });
      await asking.handOver(about.incidentId);
      await fill();
      return about;
    }

    test('is gone over with approval, and told so', async () => {
      const about = await overTheLimit();
      const ran = await world.contain(runbook, await asking.containment(about.id));
      expect(ran.states.at(-1)).toBe('Waits for approval');
      expect((await asking.question(about)).why).toMatch(/contained 50 targets in this hour/);
      await isUntouched(about);

      await asking.decide(about);
      await asking.handOver(about.incidentId);
      await world.contain(runbook, await asking.containment(about.id));

      await isContained(about);
    });

    test('is not gone over by time alone, whatever the plan says', async () => {
      const about = await asked({ severity: 'SEV1' });
      await fill();
      await timeIsOver(about);
      await reconciler({ graceSeconds: 0 });

      await asking.run(about);

      const { status, reason } = await asking.containment(about.id);
      expect([status, reason]).toEqual(['refused', expect.stringMatching(/contained 50 targets in this hour/)]);
      await isUntouched(about);
    });

    test('refuses where nobody can be asked', async () => {
      const about = await overTheLimit();
      const { APPROVAL } = process.env;
      delete process.env['APPROVAL'];
      await world.contain(runbook, await asking.containment(about.id));
      process.env['APPROVAL'] = APPROVAL;

      expect((await asking.containment(about.id)).status).toBe('refused');
      await isUntouched(about);
    });
  });
});
