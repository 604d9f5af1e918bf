import { describe, expect, test } from '@jest/globals';
import type { HandOver } from '../../lib/model/incident';
import { nextEscalation } from '../../lambdas/shared/hand-over/chain';
import { closedHandOvers } from '../../lambdas/triage/respond/close-hand-overs';

const SINCE = '2026-11-21T03:00:00.000Z';
const KEY = 'containment#con-1';
const containment = (more: Partial<HandOver>): Record<string, HandOver> => ({
  [KEY]: {
    kind: 'containment',
    state: 'pending',
    since: SINCE,
    attempt: 1,
    containment: {
      plan: 'compromised-user',
      planned: { runbook: 'disable-access-key', mode: 'enforce', contains: 'actor' },
      target: { kind: 'user', id: 'mallory', account: '111122223333', region: 'us-east-1' },
      eventAt: SINCE,
    },
    ...more,
  },
});

describe('GIVEN an incident that a person closes', () => {
  test('WHEN its escalation was still to be started, THEN its number is not used again', () => {
    const pending = { kind: 'escalation', state: 'pending', since: SINCE, attempt: 3, passOver: ['First'] } as const;
    const handOvers = closedHandOvers({ escalation: pending });

    expect(handOvers['escalation']).toMatchObject({ state: 'started', attempt: 3 });
    expect(nextEscalation({ handOvers }, new Date())).toMatchObject({ state: 'pending', attempt: 4 });
  });

  test('WHEN a containment was never started, THEN it is not any more', () => {
    expect(closedHandOvers(containment({}))).toEqual({});
  });

  test('WHEN a containment was started, THEN what is in place stays listed', () => {
    const started = containment({ state: 'started', execution: 'x' });

    expect(closedHandOvers(started)).toEqual(started);
  });

  test('WHEN a containment was to begin anew, THEN it does not, and what is in place stays listed', () => {
    const [again] = Object.values(closedHandOvers(containment({ attempt: 2 })));

    expect(again).toMatchObject({ state: 'started', attempt: 2, containment: { plan: 'compromised-user' } });
  });

  test('WHEN a hold is still to pass on from an incident that was merged, THEN it passes, and nothing is started', () => {
    const [passes] = Object.values(closedHandOvers(containment({ attempt: 2, takesOver: ['inc-2'] })));

    expect(passes).toMatchObject({ state: 'pending', onlyHolds: true, takesOver: ['inc-2'] });
  });
});
