import { describe, expect, test } from '@jest/globals';
import type { HandOver, Incident } from '../../lib/model/incident';
import type { Mode } from '../../lib/model/plan';
import { beginHandOvers, handOverKey, modeOf } from '../../lambdas/shared/hand-over/begin-hand-overs';
import { joinIncident, openIncident } from '../../lambdas/triage/triage/decide';
import { takeIn } from '../../lambdas/triage/triage/merge';
import { sampleAlert, user } from '../samples/alert';
import { triageContext } from './triage-context';

const CONTAINED_AT = new Date('2026-11-21T03:00:00Z');
const LONG_AFTER = new Date('2026-11-21T03:10:00Z');
const [MALLORY, EVE] = [user('mallory'), user('eve')];
const TARGET = { kind: 'user', id: MALLORY.id, account: MALLORY.account, region: MALLORY.region } as const;
const KEY = handOverKey({
  planned: { runbook: 'disable-access-key', mode: 'enforce', contains: 'actor' },
  target: TARGET,
});

function contextOf(mode: Mode, now = CONTAINED_AT) {
  return triageContext(
    {
      plans: [
        {
          name: 'compromised-user',
          when: {},
          runbooks: [{ runbook: 'disable-access-key', mode, contains: 'actor' }],
          chain: 'on-call',
        },
      ],
      targetKinds: { 'disable-access-key': 'user' },
    },
    now,
  );
}

/** An incident about one user, whose hand-overs were started unless it says otherwise. */
function incidentAbout(
  who: typeof MALLORY,
  { mode = 'enforce', time = CONTAINED_AT, ...more }: { mode?: Mode; time?: Date } & Partial<HandOver> = {},
): Incident {
  const event = `${who.id}-${time.toISOString()}`;
  const { incident } = openIncident(sampleAlert({ entities: [who], time, event }), contextOf(mode, time));
  const handOvers = Object.entries(incident.handOvers).map(([key, handOver]): [string, HandOver] => [
    key,
    { ...handOver, state: 'started', ...more },
  ]);
  return { ...incident, handOvers: Object.fromEntries(handOvers), timelineLength: 1, timelineHash: 'x' };
}

function merged(into: Incident, from: Incident, now = LONG_AFTER): Incident {
  return { ...into, ...takeIn(into, from, now).set };
}

function joined(incident: Incident, mode: Mode, now: Date): HandOver | undefined {
  const alert = sampleAlert({ event: 'merging', entities: [MALLORY, EVE], time: now });
  return joinIncident(alert, incident, contextOf(mode, now)).set?.handOvers?.[KEY];
}

describe('GIVEN a target that the younger of two incidents contained', () => {
  const [older, younger] = [incidentAbout(EVE), incidentAbout(MALLORY)];

  test('WHEN it acts again, and that alert merges the two, THEN it is contained anew as it was without the merge', () => {
    const begun = joined(merged(older, younger), 'enforce', LONG_AFTER);

    expect(begun).toMatchObject({ state: 'pending', takesOver: [younger.id], attempt: 3 });
    expect(begun?.onlyHolds).not.toBe(true);
    expect(begun?.containment?.eventAt).toBe(LONG_AFTER.toISOString());
  });

  test('WHEN the alert that merges the two comes right after it, THEN only the hold passes on', () => {
    const soon = new Date(CONTAINED_AT.getTime() + 60_000);

    expect(joined(merged(older, younger, soon), 'enforce', soon)).toMatchObject({ onlyHolds: true, attempt: 2 });
  });

  test('WHEN they were merged, THEN the merge does not put off what a later alert asks for', () => {
    const after = merged(older, younger);
    const held = { ...after.handOvers[KEY], state: 'started', onlyHolds: undefined, takesOver: undefined } as HandOver;
    const incident = { ...after, handOvers: { ...after.handOvers, [KEY]: held } };
    const minuteLater = new Date(LONG_AFTER.getTime() + 60_000);

    expect(joined(incident, 'enforce', minuteLater)).toMatchObject({ state: 'pending', attempt: 3 });
  });
});

describe('GIVEN two incidents that hand over one target', () => {
  const approved = { mode: 'approve', state: 'pending', attempt: 2 } as const;

  test.each<[string, Incident, Incident]>([
    ['younger', incidentAbout(MALLORY, { mode: 'approve' }), incidentAbout(MALLORY, approved)],
    ['older', incidentAbout(MALLORY, approved), incidentAbout(MALLORY, { mode: 'approve' })],
    ['younger, where the older enforces', incidentAbout(MALLORY), incidentAbout(MALLORY, approved)],
    ['older, where the younger enforces', incidentAbout(MALLORY, approved), incidentAbout(MALLORY)],
    [
      'younger, where the older only observes',
      incidentAbout(MALLORY, { mode: 'observe' }),
      incidentAbout(MALLORY, approved),
    ],
  ])(
    'WHEN a person approved for the %s and nothing was started yet, THEN what was approved is started',
    (_, into, from) => {
      const handOver = merged(into, from).handOvers[KEY];

      expect(handOver).toMatchObject({ state: 'pending', onlyHolds: false, takesOver: [from.id], attempt: 3 });
      expect(handOver?.containment && modeOf(handOver.containment)).toBe('approve');
    },
  );

  test('WHEN one waits for people and the other is only to observe, THEN people are waited for', () => {
    const [waits, observes] = [
      incidentAbout(MALLORY, { mode: 'approve' }),
      incidentAbout(MALLORY, { mode: 'observe', state: 'pending' }),
    ];
    for (const incident of [merged(waits, observes), merged(observes, waits)]) {
      const handOver = incident.handOvers[KEY];
      expect(handOver).toMatchObject({ onlyHolds: true, containment: { planned: { mode: 'approve' } } });
    }
  });

  test('WHEN neither was started, THEN what goes further is, about what happened last', () => {
    const enforces = incidentAbout(MALLORY, { state: 'pending' });
    const asks = incidentAbout(MALLORY, { mode: 'approve', state: 'pending', time: LONG_AFTER });
    for (const incident of [merged(enforces, asks), merged(asks, enforces)]) {
      expect(incident.handOvers[KEY]).toMatchObject({
        onlyHolds: false,
        containment: { planned: { mode: 'enforce' }, eventAt: LONG_AFTER.toISOString() },
      });
    }
  });

  test('WHEN neither has anything to start any more, THEN only the hold passes on', () => {
    const before = incidentAbout(MALLORY, { state: 'pending', onlyHolds: true, takesOver: ['first'] });
    const last = incidentAbout(MALLORY);

    expect(merged(before, last).handOvers[KEY]).toMatchObject({ onlyHolds: true, takesOver: ['first', last.id] });
  });
});

describe('GIVEN a hold that is still to pass on from an incident that was merged', () => {
  const [older, observed] = [incidentAbout(EVE), incidentAbout(MALLORY, { mode: 'observe' })];

  test('WHEN an alert allows more than before, THEN the target begins anew and the hold passes on with it', () => {
    const begun = joined(merged(older, observed), 'enforce', LONG_AFTER);

    expect(begun).toMatchObject({
      state: 'pending',
      takesOver: [observed.id],
      containment: { planned: { mode: 'enforce' } },
    });
    expect(begun?.onlyHolds).not.toBe(true);
  });

  test('WHEN nothing was merged, THEN nothing is said of a hold', () => {
    const { handOvers } = incidentAbout(MALLORY);
    const containment = handOvers[KEY]?.containment;
    const begun = beginHandOvers(containment ? [containment] : [], handOvers, {
      what: 'this alert',
      by: 'triage',
      now: LONG_AFTER,
    });

    expect(begun.handOvers[KEY]).toMatchObject({ state: 'pending', attempt: 2 });
    expect(begun.handOvers[KEY]).not.toHaveProperty('takesOver');
  });
});

describe('GIVEN a target that is still to be handed over, since it is being released', () => {
  const waiting = incidentAbout(MALLORY, { state: 'pending' });

  test.each(['enforce', 'approve'] as const)(
    'WHEN the attack goes on (%s), THEN it is not taken for what whoever releases it knew of',
    (mode) => {
      expect(joined(waiting, mode, LONG_AFTER)).toEqual({
        ...waiting.handOvers[KEY],
        // A start that is under way does not mark it as started.
        attempt: 2,
        containment: { ...waiting.handOvers[KEY]?.containment, eventAt: LONG_AFTER.toISOString() },
      });
    },
  );

  test('WHEN something older arrives, or what is only observed, THEN nothing changes', () => {
    const before = new Date('2026-11-21T02:00:00Z');

    expect(joined(waiting, 'enforce', before)).toEqual(waiting.handOvers[KEY]);
    expect(joined(waiting, 'observe', LONG_AFTER)).toEqual(waiting.handOvers[KEY]);
  });
});
