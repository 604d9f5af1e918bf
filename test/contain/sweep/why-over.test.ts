import { describe, expect, test } from '@jest/globals';
import { whyOver } from '../../../lambdas/contain/sweep/why-over';
import type { ContainmentStatus } from '../../../lib/model/containment';

const claim = (attempt: number, generation = 1) => ({ generation, attempt, execution: `sweep-${attempt}` });
const over = (status: ContainmentStatus, claims: readonly ReturnType<typeof claim>[], generation = 1) =>
  whyOver({ status, generation }, claim(2), claims);

describe('whether a sweep goes on', () => {
  test.each(['starting', 'awaiting-approval', 'not-approved', 'refused', 'failed', 'containing', 'held'] as const)(
    'GIVEN a newer attempt that is %s and has no sweep THEN it does',
    (status) => expect(over(status, [claim(1), claim(2)])).toBeUndefined(),
  );

  test('GIVEN a newer attempt with a sweep of its own THEN that one goes on', () => {
    expect(over('held', [claim(10), claim(2)])).toBe('the sweep after attempt 10 goes on with it');
  });

  test.each([
    ['releasing', 1],
    ['released', 1],
    ['release-failed', 1],
    ['awaiting-approval', 2],
  ] as const)('GIVEN a containment that is %s in generation %i THEN it was given back', (status, generation) => {
    expect(over(status, [claim(2)], generation)).toMatch(/was given back/);
  });

  test('GIVEN no claim at all THEN it does', () => expect(over('held', [])).toBeUndefined());
});
