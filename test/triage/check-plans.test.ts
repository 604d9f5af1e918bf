import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { LEVELS } from '../../lib/model/alert';
import type { ResponsePlan } from '../../lib/model/plan';
import { whyPlansNeverAnswer } from '../../lib/triage/check-plans';
import { unmetCondition } from '../../lambdas/triage/triage/choose-plan';
import { sampleAlert, instance, user } from '../samples/alert';

const RULES = [
  { id: 'rule-a', level: 'high' as const },
  { id: 'rule-b', level: 'low' as const },
];
const plan = (name: string, when: ResponsePlan['when']): ResponsePlan => ({ name, when, runbooks: [], chain: 'x' });

describe('a plan that can never answer is refused', () => {
  test.each<[string, ResponsePlan[], RegExp]>([
    ['an empty list', [plan('a', { tags: [] })], /'tags' is empty/],
    ['a rule that is not there', [plan('a', { rules: ['rule-a', 'rule-x'] })], /no rule rule-x/],
    [
      'a level that its rules have not',
      [plan('a', { rules: ['rule-b'], levelAtLeast: 'high' })],
      /lower 'levelAtLeast'/,
    ],
    ['behind one without conditions', [plan('all', {}), plan('a', { rules: ['rule-a'] })], /'all' stands before it/],
    [
      'behind a wider one',
      [
        plan('wide', { levelAtLeast: 'low', entityKinds: ['user', 'role'] }),
        plan('a', { levelAtLeast: 'high', entityKinds: ['user'] }),
      ],
      /'wide' stands before it/,
    ],
    [
      'behind a less critical one',
      [plan('wide', { criticalityAtLeast: 'medium' }), plan('a', { criticalityAtLeast: 'high' })],
      /'wide' stands before it/,
    ],
  ])('%s', (_, plans, problem) => {
    expect(whyPlansNeverAnswer(plans, RULES)).toEqual([expect.stringMatching(problem)]);
  });

  test.each<[string, ResponsePlan[]]>([
    ['the narrow one first', [plan('a', { rules: ['rule-a'] }), plan('all', {})]],
    ['others that overlap', [plan('a', { levelAtLeast: 'high' }), plan('b', { rules: ['rule-a'] })]],
    [
      'a less critical one behind',
      [plan('a', { criticalityAtLeast: 'high' }), plan('b', { criticalityAtLeast: 'medium' })],
    ],
  ])('and %s is not', (_, plans) => {
    expect(whyPlansNeverAnswer(plans, RULES)).toEqual([]);
  });

  test('never one that would have answered some alert', () => {
    const when = fc.record(
      {
        rules: fc.subarray(['rule-a', 'rule-b'], { minLength: 1 }),
        tags: fc.subarray(['attack.impact', 'attack.exfiltration'], { minLength: 1 }),
        levelAtLeast: fc.constantFrom(...LEVELS),
        entityKinds: fc.subarray(['user', 'instance'] as const, { minLength: 1 }),
        criticalityAtLeast: fc.constantFrom('high', 'medium', 'low'),
      },
      { requiredKeys: [] },
    );
    const alert = fc.record({
      rule: fc.constantFrom('rule-a', 'rule-b'),
      level: fc.constantFrom(...LEVELS),
      tags: fc.subarray(['attack.impact', 'attack.exfiltration']),
      entities: fc.subarray([user('mallory'), instance('i-0abc')]),
    });
    const rules = RULES.map((rule) => ({ ...rule, level: 'critical' as const }));
    fc.assert(
      fc.property(when, when, alert, (first, second, sample) => {
        const plans = [plan('first', first), plan('second', second)];
        const chosen = plans.find((candidate) => unmetCondition(sampleAlert(sample), candidate) === undefined);
        const refused = whyPlansNeverAnswer(plans, rules).join(' ');

        if (chosen) expect(refused).not.toContain(`'${chosen.name}' can never`);
      }),
      { numRuns: 2000 },
    );
  });
});
