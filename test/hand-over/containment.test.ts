import { describe, expect, test } from '@jest/globals';
import { isDone, nextAttempt, type Wish } from '../../lambdas/shared/hand-over/containment';
import { sampleContainment } from '../cli/sample';

const DECLINED_AT = '2026-11-21T03:10:00.000Z';
const BEFORE = '2026-11-21T03:05:00.000Z';
const AFTER = '2026-11-21T03:10:00.001Z';
const said = (more = {}) =>
  sampleContainment({ status: 'not-approved', approvalId: 'apr-1', declinedAt: DECLINED_AT, ...more });
const wish = (mode: Wish['mode'], eventAt: string, undecided?: string): Wish => ({
  mode,
  eventAt,
  waitingFor: undefined,
  undecided,
});

describe('a containment to which people said no', () => {
  test.each([['observe'], ['approve'], ['enforce']] as const)(
    'GIVEN what had happened before, in the mode %s, THEN their word stands',
    (mode) => {
      expect(isDone(said(), wish(mode, BEFORE))).toBe(true);
      expect(isDone(said(), wish(mode, DECLINED_AT))).toBe(true);
    },
  );

  test.each([['approve'], ['enforce']] as const)(
    'GIVEN what happened since, in the mode %s, THEN it begins anew',
    (mode) => {
      expect(isDone(said(), wish(mode, AFTER))).toBe(false);
      expect(isDone(said({ declinedAt: undefined }), wish(mode, BEFORE))).toBe(false);
    },
  );

  test('GIVEN that nobody said anything in time THEN a plan that asks nobody goes on, and one that asks does not', () => {
    expect(isDone(said(), wish('enforce', BEFORE, 'apr-1'))).toBe(false);
    expect(isDone(said(), wish('approve', BEFORE, 'apr-1'))).toBe(true);
  });

  test('GIVEN a no to a newer question than the one that was read THEN it stands', () => {
    expect(isDone(said({ approvalId: 'apr-2' }), wish('enforce', BEFORE, 'apr-1'))).toBe(true);
  });
});

describe('the attempt after one that ended', () => {
  const next = (before: Parameters<typeof nextAttempt>[0]) =>
    nextAttempt(before, before.holds, { mode: 'enforce', incidentId: 'inc-2', now: new Date(AFTER) });

  test('GIVEN the execution of the last one THEN it is not taken for its own', () => {
    const before = sampleContainment({ status: 'failed', executionArn: 'arn:aws:states:::execution:contain:con-1' });

    expect(next(before)).toMatchObject({ status: 'starting', attempt: before.attempt + 1, executionArn: undefined });
  });

  test.each([
    ['released', 1],
    ['planned', 0],
    ['failed', 0],
    ['release-failed', 0],
    ['held', 0],
  ] as const)(
    'GIVEN that it is %s THEN what was written down before a change stands, unless it was given back',
    (status, raised) => {
      const before = sampleContainment({ status });

      expect(next(before).generation).toBe(before.generation + raised);
    },
  );
});
