import { describe, expect, test } from '@jest/globals';
import type { HandOver, Incident } from '../../lib/model/incident';
import { openIncident } from '../../lambdas/triage/triage/decide';
import { giveUp, takeIn, whyApart } from '../../lambdas/triage/triage/merge';
import { ACCOUNT, sampleAlert, user, type SampleAlert } from '../samples/alert';
import { triageContext } from './triage-context';

const CONTEXT = triageContext({
  plans: [
    {
      name: 'compromised-user',
      when: { levelAtLeast: 'high', entityKinds: ['user'] },
      runbooks: [{ runbook: 'disable-access-key', mode: 'enforce', contains: 'actor' }],
      chain: 'on-call',
    },
  ],
  targetKinds: { 'disable-access-key': 'user' },
});
const NOW = new Date('2026-11-21T03:10:00Z');
const ACK = { by: 'Ada', at: '2026-11-21T03:05:00Z', how: 'link' as const };

function incident(sample: SampleAlert, more: Partial<Incident> = {}): Incident {
  const { incident: opened } = openIncident(sampleAlert(sample), CONTEXT);
  const handOvers = Object.fromEntries(
    Object.entries(opened.handOvers).map(([key, handOver]): [string, HandOver] => [
      key,
      { ...handOver, state: 'started', execution: 'x' },
    ]),
  );
  return { ...opened, handOvers, timelineLength: 2, timelineHash: 'x', ...more };
}

const SNOOZE = { by: 'Ada', until: '2026-11-21T04:00:00.000Z', reason: 'in a meeting' };

/** People were paged a second time, and nobody has answered. */
function asked({ handOvers }: Incident, since: string): Incident['handOvers'] {
  return { ...handOvers, escalation: { kind: 'escalation', state: 'started', since, attempt: 2 } };
}

describe('two incidents about the same', () => {
  const quiet = incident({ level: 'low', rule: 'rule-a', entities: [user('mallory')] });
  const loud = incident({ level: 'high', rule: 'rule-b', entities: [user('mallory'), user('eve')] });

  test('have what sweeps listed for either listed once', () => {
    expect(takeIn({ ...quiet, swept: ['a', 'b'] }, { ...loud, swept: ['b', 'c'] }, NOW).set?.swept).toEqual([
      'a',
      'b',
      'c',
    ]);
    expect(takeIn(quiet, loud, NOW).set).not.toHaveProperty('swept');
  });

  test('tell the stakeholders of both', () => {
    const named = (...stakeholders: string[]) => ({ ...quiet, stakeholders });
    expect(takeIn(named('legal'), { ...loud, stakeholders: ['board'] }, NOW).set?.stakeholders).toEqual([
      'legal',
      'board',
    ]);
    expect(takeIn(named('legal'), loud, NOW).set).toHaveProperty('stakeholders', undefined);
  });

  test('are one with the higher severity, all rules, entities, alerts and containments', () => {
    const { set, entries } = takeIn(quiet, loud, NOW);

    expect(set).toMatchObject({
      severity: 'SEV2',
      chain: 'on-call',
      alertCount: 2,
      rules: ['rule-a', 'rule-b'],
      mergedFrom: [loud.id],
    });
    expect(set?.entities).toHaveLength(2);
    expect(Object.keys(set?.handOvers ?? {}).filter((key) => key.startsWith('containment#'))).toHaveLength(2);
    expect(entries.map(({ kind }) => kind)).toEqual(['incident-merged', 'severity-changed']);
  });

  test('hand over nothing twice: what was started for one is only held by the other', () => {
    const { set } = takeIn(quiet, loud, NOW);

    for (const [key, handOver] of Object.entries(set?.handOvers ?? {})) {
      if (key === 'escalation') continue;
      expect(handOver).toMatchObject({ state: 'pending', takesOver: [loud.id], onlyHolds: true });
    }
  });

  test('start what the younger had not started yet', () => {
    const pending: Incident = {
      ...loud,
      handOvers: Object.fromEntries(
        Object.entries(loud.handOvers).map(([key, handOver]) => [key, { ...handOver, state: 'pending' as const }]),
      ),
    };
    const { set } = takeIn(quiet, pending, NOW);
    const containments = Object.entries(set?.handOvers ?? {}).filter(([key]) => key !== 'escalation');

    for (const [, handOver] of containments) expect(handOver).toMatchObject({ state: 'pending', onlyHolds: false });
    expect(giveUp(pending, quiet).set?.handOvers).toEqual({});
  });

  test('both contain one target: it is held once, and the stronger wish counts', () => {
    const observed = incident({ level: 'high', entities: [user('mallory')], neverEnforce: ['it is a sample'] });
    const enforced = incident({ level: 'high', event: 'event-2', entities: [user('mallory')] });
    const [, handOver] =
      Object.entries(takeIn(observed, enforced, NOW).set?.handOvers ?? {}).find(([key]) => key !== 'escalation') ?? [];

    expect(handOver?.containment).not.toHaveProperty('observeBecause');
    expect(handOver).toMatchObject({ takesOver: [enforced.id], attempt: 2 });
  });

  test.each<[string, Incident, Incident, boolean, number]>([
    ['nobody answered, and it is worse: page anew', quiet, loud, false, 2],
    ['nobody answered, and it is no worse: the chain that pages goes on', loud, quiet, false, 1],
    [
      'the lesser was answered, and it is worse: the answer is void',
      { ...quiet, acknowledgement: ACK },
      loud,
      false,
      2,
    ],
    ['the worse was answered: that person has both', quiet, { ...loud, acknowledgement: ACK }, true, 1],
    ['the older and worse was answered: it stays', { ...loud, acknowledgement: ACK }, quiet, true, 1],
    ['only the lesser, younger was answered: the chain goes on', loud, { ...quiet, acknowledgement: ACK }, false, 1],
  ])('both page: %s', (_, into, from, answered, attempt) => {
    const { set, remove } = takeIn(into, from, NOW);
    const after = {
      ...into,
      ...set,
      ...(remove?.includes('acknowledgement') === true && { acknowledgement: undefined }),
    };

    expect(after.acknowledgement !== undefined).toBe(answered);
    expect(after.handOvers['escalation']?.attempt).toBe(attempt);
  });

  describe('where one of them told people something that nobody has answered', () => {
    const earlier = { handOvers: asked(loud, '2026-11-21T03:00:00.000Z') };
    const later = { handOvers: asked(loud, '2026-11-21T03:07:00.000Z') };
    const asks = { approvals: ['apr-1'] };
    const answered = { acknowledgement: ACK };

    test.each<[string, Incident, Incident]>([
      ['the younger asks for approval, the older was answered', { ...loud, ...answered }, { ...loud, ...asks }],
      ['the younger paged anew since, the older was answered', { ...loud, ...answered }, { ...loud, ...later }],
      ['the younger paged anew before, the older was answered', { ...loud, ...answered }, { ...loud, ...earlier }],
      ['the lesser, younger asks for approval', { ...loud, ...answered }, { ...quiet, ...asks }],
      ['nobody answered either, and the older was snoozed', { ...loud, snooze: SNOOZE }, { ...loud, ...asks }],
      ['the older asks for approval, the worse was answered', { ...quiet, ...asks }, { ...loud, ...answered }],
    ])('people are paged anew: %s', (_, into, from) => {
      const { set, remove, entries } = takeIn(into, from, NOW);

      expect(set?.handOvers?.['escalation']).toMatchObject({ state: 'pending', attempt: 2 });
      expect(set).not.toHaveProperty('acknowledgement');
      expect(remove).toContain('snooze');
      expect(remove).toContain('acknowledgement');
      expect(entries.map(({ kind }) => kind).includes('acknowledgement-voided')).toBe(!!into.acknowledgement);
    });

    test('the older asks, and the no worse, younger was answered: the chain that pages goes on', () => {
      for (const more of [asks, later]) {
        const into = { ...loud, ...more };
        const { set, remove } = takeIn(into, { ...loud, ...answered }, NOW);

        expect(set).not.toHaveProperty('acknowledgement');
        expect(set?.handOvers?.['escalation']).toEqual(into.handOvers['escalation']);
        expect(remove).toBeUndefined();
      }
    });

    test('each was answered: whoever has the older one has both', () => {
      const into = { ...loud, ...asks, ...answered };
      const { set, remove } = takeIn(into, { ...loud, ...later, acknowledgement: { ...ACK, by: 'Bob' } }, NOW);

      expect(set?.acknowledgement).toEqual(ACK);
      expect(set?.handOvers?.['escalation']).toEqual(into.handOvers['escalation']);
      expect(remove).toBeUndefined();
    });
  });

  test('the one that is given up says where it went', () => {
    expect(giveUp(loud, quiet)).toMatchObject({
      set: { status: 'merged', mergedInto: quiet.id },
      entries: [{ kind: 'incident-merged' }],
    });
  });

  test('stay apart where one incident could not hold both', () => {
    const many = (prefix: string) =>
      Object.fromEntries(
        Array.from({ length: 50 }, (_, index) => [`containment#${prefix}${index}`, loud.handOvers['escalation']]),
      ) as Record<string, HandOver>;

    expect(whyApart({ ...quiet, handOvers: many('a') }, { ...loud, handOvers: many('b') })).toMatch(/more than 80/);
    expect(whyApart(quiet, loud)).toBeUndefined();
  });

  test('what is known of their assets and open questions is added up', () => {
    const { set } = takeIn(
      { ...quiet, questions: ['who?'], data: ['personal'], repeats: { a: 2 } },
      { ...loud, questions: ['who?', 'what?'], data: ['payment'], repeats: { a: 1, b: 1 } },
      NOW,
    );

    expect(set).toMatchObject({
      questions: ['who?', 'what?'],
      data: ['personal', 'payment'],
      repeats: { a: 3, b: 1 },
    });
    expect(quiet.account).toBe(ACCOUNT);
  });
});
