import { describe, expect, test } from '@jest/globals';
import type { HandOver } from '../../lib/model/incident';
import { standing } from '../../lambdas/escalate/standing';
import { ESCALATION, nextEscalation } from '../../lambdas/shared/hand-over/chain';
import { pageId, type PageIdentity } from '../../lambdas/shared/store/pages';
import { sampleIncident } from '../escalate/sample-page';

const NOW = new Date('2026-11-21T03:10:00.000Z');
const escalation = (more: Partial<HandOver> = {}): HandOver => ({
  kind: 'escalation',
  state: 'started',
  since: '2026-11-21T03:00:00.000Z',
  attempt: 2,
  ...more,
});
const next = (before?: HandOver, passOver?: readonly string[]) =>
  nextEscalation({ handOvers: before ? { [ESCALATION]: before } : {} }, NOW, passOver);

describe('news during an escalation', () => {
  test('GIVEN none before THEN it is the first attempt', () => {
    expect(next()).toEqual({ kind: 'escalation', state: 'pending', since: NOW.toISOString(), attempt: 1 });
  });

  test.each(['started', 'pending'] as const)(
    'GIVEN one that is %s THEN it is the next attempt: whoever started that one may not have said so yet',
    (state) => {
      expect(next(escalation({ state }))).toMatchObject({ state: 'pending', attempt: 3 });
    },
  );

  test('GIVEN a pending one that passes levels over THEN the news passes over none', () => {
    expect(next(escalation({ state: 'pending', passOver: ['First'] }))).not.toHaveProperty('passOver');
    expect(next(escalation({ state: 'pending' }), ['First'])).toMatchObject({ attempt: 3, passOver: ['First'] });
  });

  test('GIVEN an execution of the attempt that was pending THEN it gives way, and only the newest pages', () => {
    const handOvers = { [ESCALATION]: next(escalation({ state: 'pending' })) };
    const incident = { ...sampleIncident({ handOvers }), id: 'inc-1', timelineLength: 1, timelineHash: '' };

    expect(standing(incident, { attempt: 2 })).toMatchObject({ kind: 'superseded' });
    expect(standing(incident, { attempt: 3 })).toEqual({ kind: 'open' });
  });
});

describe('the identity of a page', () => {
  const page: PageIdentity = {
    incidentId: 'inc-1',
    attempt: 1,
    cycle: 1,
    level: 'First',
    round: 1,
    recipient: 'sms-a',
  };

  test('GIVEN a snooze that has ended since THEN it is another page', () => {
    const ids = [page, { ...page, afterSnooze: NOW.toISOString() }, { ...page, afterSnooze: '2026-11-21T05:00:00Z' }];

    expect(new Set(ids.map(pageId)).size).toBe(3);
  });
});
