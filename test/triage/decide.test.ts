import { describe, expect, test } from '@jest/globals';
import { entityKey } from '../../lib/model/entity';
import type { ResponsePlan } from '../../lib/model/plan';
import type { Incident } from '../../lib/model/incident';
import type { TimelineEntry } from '../../lib/model/timeline';
import { choosePlan, unmetCondition } from '../../lambdas/triage/triage/choose-plan';
import { joinIncident, openIncident } from '../../lambdas/triage/triage/decide';
import { groupingOf } from '../../lambdas/triage/triage/grouping-keys';
import type { TriageContext } from '../../lambdas/triage/triage/triage-context';
import { ACCOUNT, instance, sampleAlert, user, type SampleAlert } from '../samples/alert';

const PLAN: ResponsePlan = {
  name: 'compromised-user',
  when: { levelAtLeast: 'high', entityKinds: ['user'] },
  runbooks: [{ runbook: 'disable-access-key', mode: 'enforce', contains: 'actor' }],
  chain: 'on-call',
};
const CONTEXT: TriageContext = {
  settings: {
    assets: [],
    suppressions: [],
    stagedRules: [],
    repeatsThatRaise: 20,
    plans: [PLAN],
    defaultChain: 'default',
    windowMinutes: 60,
    targetKinds: { 'disable-access-key': 'user', 'isolate-instance': 'instance' },
  },
  homeAccount: ACCOUNT,
  now: new Date('2026-11-21T03:00:05Z'),
};

const observe = (one: ResponsePlan['runbooks'][number]) => ({ ...one, mode: 'observe' as const });

function containments(sample: SampleAlert, context = CONTEXT) {
  const { incident } = openIncident(sampleAlert(sample), context);
  return Object.values(incident.handOvers).flatMap(({ containment }) => (containment ? [containment] : []));
}

describe('which plan answers', () => {
  test.each([
    ['rules', { rules: ['another-rule'] }, /^rule '.*' is not one of another-rule$/],
    ['tags', { tags: ['attack.impact'] }, /^no tag is one of attack.impact$/],
    ['level', { levelAtLeast: 'critical' as const }, /^level 'high' is below 'critical'$/],
    ['source', { sources: ['guardduty' as const] }, /^source 'cloudtrail' is not one of guardduty$/],
    ['entity', { entityKinds: ['instance' as const] }, /^no entity is a instance$/],
  ])('a condition on %s that does not hold says so', (_, when, expected) => {
    expect(unmetCondition(sampleAlert(), { ...PLAN, when })).toMatch(expected);
  });

  test('is the first whose conditions hold', () => {
    const general = { ...PLAN, name: 'general', when: {} };

    expect(choosePlan(sampleAlert(), [{ ...PLAN, when: { rules: ['x'] } }, general, PLAN])?.name).toBe('general');
  });

  test('is none for an alert that no plan covers, and the default chain is told', () => {
    const { incident } = openIncident(sampleAlert({ level: 'low' }), CONTEXT);

    expect(incident.chain).toBe('default');
    expect(Object.keys(incident.handOvers)).toEqual(['escalation']);
  });
});

describe('who is told', () => {
  const telling = (stakeholders: readonly string[]): TriageContext => ({
    ...CONTEXT,
    settings: { ...CONTEXT.settings, plans: [{ ...PLAN, stakeholders }] },
  });
  const opened = (context: TriageContext): Incident => ({
    ...openIncident(sampleAlert(), context).incident,
    timelineLength: 1,
    timelineHash: '',
  });

  test('is everybody, unless the plan names some', () => {
    expect(opened(CONTEXT).stakeholders).toBeUndefined();
    expect(opened(telling(['legal'])).stakeholders).toEqual(['legal']);
  });

  test('is also whom the plan of a later alert names', () => {
    const incident = opened(telling(['legal']));
    expect(joinIncident(sampleAlert(), incident, telling(['board'])).set?.stakeholders).toEqual(['legal', 'board']);
    const everybody = joinIncident(sampleAlert(), incident, CONTEXT);
    expect(everybody.set).toHaveProperty('stakeholders', undefined);
  });
});

describe('what may be contained', () => {
  test('is who AWS says acted', () => {
    expect(containments({})).toEqual([
      expect.objectContaining({
        plan: 'compromised-user',
        target: expect.objectContaining({ id: user('mallory').id }),
      }),
    ]);
    expect(containments({})[0]).not.toHaveProperty('observeBecause');
  });

  test.each<[string, SampleAlert, RegExp | 'none']>([
    [
      'the target of a call, where the plan names actors',
      { entities: [user('ceo', { role: 'target', trust: 'confirmed' })] },
      'none',
    ],
    ['whom a failed call named', { entities: [user('ceo', { trust: 'claimed' })] }, 'none'],
    [
      'an actor out of request parameters',
      { entities: [user('ceo', { trust: 'confirmed' })] },
      /does not prove who acted/,
    ],
    [
      'a user of another account',
      { entities: [user('x', { account: '999999999999' })] },
      /belongs to account 999999999999/,
    ],
    ['anything of a sample', { neverEnforce: ['it is a sample finding'] }, /sample/],
  ])('never %s', (_, sample, expected) => {
    const found = containments(sample);

    if (expected === 'none') expect(found).toEqual([]);
    else expect(found[0]?.observeBecause).toMatch(expected);
  });

  test('a user named twice is one target, by the word that is trusted more', () => {
    const found = containments({ entities: [user('mallory', { trust: 'claimed' }), user('mallory')] });

    expect(found).toHaveLength(1);
    expect(found[0]).not.toHaveProperty('observeBecause');
  });

  test('an instance that a finding names, where the plan names targets', () => {
    const plan: ResponsePlan = {
      ...PLAN,
      when: {},
      runbooks: [{ runbook: 'isolate-instance', mode: 'enforce', contains: 'target' }],
    };
    const context = { ...CONTEXT, settings: { ...CONTEXT.settings, plans: [plan] } };

    expect(containments({ source: 'guardduty', entities: [instance('i-0abc')] }, context)).toHaveLength(1);
  });
});

describe('an incident', () => {
  test('is as severe as impact and urgency make it', () => {
    expect(openIncident(sampleAlert({ level: 'high' }), CONTEXT).incident.severity).toBe('SEV2');
    expect(openIncident(sampleAlert({ level: 'low' }), CONTEXT).incident.severity).toBe('SEV4');
  });

  test('is SEV1 where root acts', () => {
    const root = user('', { kind: 'root', id: `arn:aws:iam::${ACCOUNT}:root` });

    expect(openIncident(sampleAlert({ level: 'medium', entities: [root] }), CONTEXT).incident.severity).toBe('SEV1');
  });

  test('takes the higher severity, new targets and all entities of a further alert', () => {
    const { incident } = openIncident(sampleAlert({ level: 'medium', entities: [user('mallory')] }), CONTEXT);
    const open: Incident = { ...incident, timelineLength: 2, timelineHash: 'x' };
    const change = joinIncident(
      sampleAlert({
        event: 'event-2',
        entities: [user('mallory'), instance('i-0abc')],
        time: new Date('2026-11-21T02:00:00Z'),
      }),
      open,
      CONTEXT,
    );

    expect(change.set).toMatchObject({ severity: 'SEV2', alertCount: 2, firstEventAt: '2026-11-21T02:00:00.000Z' });
    expect(change.set?.entities).toHaveLength(2);
    expect(Object.keys(change.set?.handOvers ?? {})).toHaveLength(2);
    expect(change.entries.map(({ kind }) => kind)).toEqual(['alert-raised', 'severity-changed']);
  });

  test('keeps a bounded number of entities and small timeline records, whatever an attacker sends', () => {
    const long = 'x'.repeat(2000);
    const many = Array.from({ length: 500 }, (_, i) => user(`${long}${i}`));
    const { incident, entries } = openIncident(sampleAlert({ title: long.repeat(10), entities: many }), CONTEXT);

    expect(incident.entities).toHaveLength(100);
    for (const entry of entries) expect(JSON.stringify(entry.details ?? {}).length).toBeLessThan(8 * 1024);
  });

  test('is found by what is strong: never by an address or by what was only claimed', () => {
    const address = user('', { kind: 'address', id: '198.51.100.7' });

    expect(groupingOf(sampleAlert({ entities: [address, user('a', { trust: 'claimed' }), user('b')] }))).toEqual({
      keys: [entityKey(user('b'))],
      isStrong: true,
    });
  });
});

describe('an attack that goes on', () => {
  const opened = (sample: SampleAlert, context = CONTEXT): Incident => ({
    ...openIncident(sampleAlert(sample), context).incident,
    timelineLength: 2,
    timelineHash: 'x',
  });
  const started = (incident: Incident, more: Partial<Incident> = {}): Incident => ({
    ...incident,
    handOvers: Object.fromEntries(
      Object.entries(incident.handOvers).map(([key, handOver]) => [key, { ...handOver, state: 'started' as const }]),
    ),
    ...more,
  });
  const later = (minutes: number): TriageContext => ({
    ...CONTEXT,
    now: new Date(CONTEXT.now.getTime() + minutes * 60_000),
  });
  const next = { event: 'event-2', time: later(1).now };
  const keyOf = (incident: Incident) =>
    Object.keys(incident.handOvers).find((key) => key.startsWith('containment#')) ?? '';

  test('is contained by a later alert that is trusted more', () => {
    const incident = started(opened({ entities: [user('mallory', { trust: 'confirmed' })] }));
    const change = joinIncident(sampleAlert(next), incident, later(1));

    expect(change.set?.handOvers?.[keyOf(incident)]).toMatchObject({ state: 'pending', attempt: 2 });
    expect(change.set?.handOvers?.[keyOf(incident)]?.containment).not.toHaveProperty('observeBecause');
  });

  test('is looked at again after five minutes, and not with every alert', () => {
    const incident = started(opened({}));
    const at = (minutes: number) =>
      joinIncident(sampleAlert(next), incident, later(minutes)).set?.handOvers?.[keyOf(incident)];

    expect(at(1)).toMatchObject({ state: 'started', attempt: 1 });
    expect(at(6)).toMatchObject({ state: 'pending', attempt: 2 });
  });

  test('says once that the attack goes on where that hands nothing over yet, for somebody to look', () => {
    const incident = started(opened({}));
    const said = (change: ReturnType<typeof joinIncident>) =>
      change.entries.filter(({ text }) => text.includes('The attack goes on')).map(({ text }) => text);
    const join = (known: Incident, event: string, time: Date, minutes: number) =>
      joinIncident(sampleAlert({ event, time }), known, later(minutes));

    const first = join(incident, 'event-2', later(1).now, 1);
    const after = { ...incident, ...first.set };
    expect(said(first)).toEqual([
      expect.stringMatching(/hands nothing over again; look whether it is contained: user .*mallory/),
    ]);
    expect(said(join(after, 'event-3', later(2).now, 2))).toEqual([]);
    // What had happened before is what was handed over.
    expect(said(join(incident, 'event-4', later(-1).now, 1))).toEqual([]);
    const again = join(after, 'event-5', later(6).now, 6);
    expect(said(again)).toEqual([]);
    const anew = started({ ...after, ...again.set });
    expect(said(join(anew, 'event-6', later(7).now, 7))).toHaveLength(1);
  });

  test('pages anew where it gets worse, by the chain that answers the worse, whoever acknowledged before', () => {
    const quiet = { event: 'event-0', level: 'low' as const };
    const incident = started(opened(quiet), { acknowledgement: { by: 'Ada', at: 'x', how: 'link' } });
    const change = joinIncident(sampleAlert(next), incident, later(1));

    expect(change.set).toMatchObject({ severity: 'SEV2', chain: 'on-call' });
    expect(change.set?.handOvers?.['escalation']).toMatchObject({ state: 'pending', attempt: 2 });
    expect(change.remove).toEqual(['acknowledgement', 'snooze']);
  });

  describe('targets that no runbook gets', () => {
    const crowd = (count: number) => Array.from({ length: count }, (_, i) => user(`crowd-${i}`));
    const acknowledgement = { by: 'Ada', at: 'x', how: 'link' } as const;
    const told = ({ entries }: { readonly entries: readonly TimelineEntry[] }) =>
      entries.filter(({ stage, text }) => stage === 'escalate' && text.includes('contained by nobody'));

    test('are told of by the first page', () => {
      const sample = sampleAlert({ entities: crowd(21) });
      const { incident, entries } = openIncident(sample, CONTEXT);

      expect(told({ entries })).toMatchObject([{ kind: 'note', text: expect.stringContaining('1 target(s) of this') }]);
      expect(incident).toMatchObject({ leftTold: true, handOvers: { escalation: { attempt: 1, state: 'pending' } } });
    });

    test('page anew, once, whoever acknowledged before', () => {
      const incident = started(opened({}), { acknowledgement });
      const change = joinIncident(sampleAlert({ event: 'e2', entities: crowd(22) }), incident, later(1));

      expect(told(change)).toMatchObject([
        { kind: 'acknowledgement-voided', text: expect.stringMatching(/paged again, because 2 target\(s\)/) },
      ]);
      expect(change.remove).toEqual(['acknowledgement', 'snooze']);
      expect(change.set?.handOvers?.['escalation']).toMatchObject({ state: 'pending', attempt: 2 });
      expect(change.set?.severity).toBe(incident.severity);

      const after = started({ ...incident, ...change.set }, { acknowledgement });
      const others = crowd(50).slice(22);
      const next = joinIncident(sampleAlert({ event: 'e3', entities: others }), after, later(2));
      expect(told(next)).toEqual([]);
      expect(next.remove).toBeUndefined();
      expect(next.set?.handOvers?.['escalation']).toMatchObject({ state: 'started', attempt: 2 });
    });

    test('the first beyond what an incident takes, though each had an alert of its own', () => {
      let incident = opened({ entities: [user('crowd-0')] });
      const join = (i: number) =>
        joinIncident(sampleAlert({ event: `e${i}`, entities: [user(`crowd-${i}`)] }), incident, later(i));
      // The escalation is one of the 80 that are marked in one transaction.
      for (let i = 1; i < 79; i++) {
        const change = join(i);
        expect(told(change)).toEqual([]);
        incident = { ...incident, ...change.set };
      }
      expect(told(join(79))).toHaveLength(1);
    });

    test('page nobody where nothing would be contained anyway', () => {
      const observing = { ...CONTEXT.settings, plans: [{ ...PLAN, runbooks: PLAN.runbooks.map(observe) }] };
      const { incident, entries } = openIncident(sampleAlert({ entities: crowd(21) }), {
        ...CONTEXT,
        settings: observing,
      });

      expect(told({ entries })).toEqual([]);
      expect(incident.leftTold).toBeUndefined();
    });
  });

  test('does not grow the incident without end, however many targets it names', () => {
    const many = Array.from({ length: 60 }, (_, i) => user(`mallory-${i}`));
    const incident = opened({ entities: many });
    let grown = incident;
    for (let i = 0; i < 10; i++) {
      const others = many.map((_, n) => user(`other-${i}-${n}`));
      const change = joinIncident(sampleAlert({ event: `e${i}`, entities: others }), grown, later(i));
      grown = { ...grown, ...change.set };
      expect(change.entries.some(({ text }) => text.includes('handed to no runbook'))).toBe(true);
    }

    // The first page says it already, and people are paged no more than once for it.
    expect(grown.handOvers['escalation']).toMatchObject({ attempt: 1 });
    expect(Object.keys(incident.handOvers)).toHaveLength(21);
    expect(Object.keys(grown.handOvers).length).toBeLessThanOrEqual(81);
  });
});
