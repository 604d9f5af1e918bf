import { describe, expect, test } from '@jest/globals';
import { applied, measured } from '../../drills/document';
import { differences, expectSame } from '../../drills/expect';
import { bindingDeny } from '../../drills/leaked-key/user-state';
import type { IncidentView } from '../../lambdas/triage/query/show-incident';

const state = (policy: unknown) => ({
  keys: {},
  console: false,
  policies: { p: JSON.stringify({ Statement: policy }) },
});

describe('a deny binds only where it denies everything, everywhere and always', () => {
  test.each([
    [true, [{ Effect: 'Deny', Action: '*', Resource: '*' }]],
    [true, { Effect: 'Deny', Action: ['*'], Resource: ['*'] }],
    [false, [{ Effect: 'Allow', Action: '*', Resource: '*' }]],
    [false, [{ Effect: 'Deny', Action: 'iam:*', Resource: '*' }]],
    [false, [{ Effect: 'Deny', Action: '*', Resource: 'arn:aws:s3:::x' }]],
    [false, [{ Effect: 'Deny', Action: '*', Resource: '*', Condition: { DateLessThan: {} } }]],
  ])('%s: %j', (binds, policy) => {
    expect(bindingDeny(state(policy)) !== undefined).toBe(binds);
  });
});

describe('what was before and what is now', () => {
  test('differ in order too', () => {
    const { passed, observed } = expectSame('groups', { eni: ['a', 'b'] }, { eni: ['b', 'a'] });

    expect(passed).toBe(false);
    expect(observed).toBe('eni was ["a","b"], is ["b","a"]');
  });

  test('are told by path, what came and what went too', () => {
    expect(differences({ a: { b: 1 }, gone: true }, { a: { b: 2 }, came: true })).toEqual([
      'a.b was 1, is 2',
      'gone was true, is absent',
      'came was absent, is true',
    ]);
  });
});

describe('the time to contain', () => {
  const view = (...at: string[]) =>
    ({ timeline: at.map((one) => ({ kind: 'containment-verified', at: one })) }) as unknown as IncidentView;

  test('is that of the last containment, and unknown while one is missing', () => {
    const first = '2026-11-21T00:00:01.000Z';
    const putAt = Date.parse('2026-11-21T00:00:00.000Z');

    expect(applied(view(first, '2026-11-21T00:00:02.500Z'), putAt, 2)).toBe(2500);
    expect(applied(view(first), putAt, 2)).toBeUndefined();
  });

  test.each([
    [[3], 3],
    [[9, 1, 5], 5],
    [[4, 1, 3, 2], 3],
  ])('of %j has the median %i', (each, median) => {
    expect(measured(each)).toEqual({ runs: each.length, median_ms: median, each_ms: each });
  });
});
