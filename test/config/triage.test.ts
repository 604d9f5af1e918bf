import { describe, expect, test } from '@jest/globals';
import { App } from 'aws-cdk-lib';
import { buildStack } from '../../config/build-stack';
import { ConfigurationError, parseConfiguration } from '../../config/load';

const BASE = `stack: Firebreak
account: '111122223333'
region: us-east-1
sources:
  guardDuty: true
escalationChains:
  - name: on-call
    levels:
      - name: first
        acknowledgeWithin: 5m
        recipients:
          - email: first@example.com
`;
const SUPPRESSION = `suppressions:
  - name: scanner
    owner: platform
    reason: weekly scan
    until: '${new Date(Date.now() + 86_400_000).toISOString()}'
    principals: ['arn:aws:iam::*:role/scanner']
`;
const RULE = '00000000-0000-4000-8000-000000000000';

function problemsOf(text: string): string {
  try {
    buildStack(new App(), parseConfiguration(text, 'firebreak.yaml'), 'firebreak.yaml');
    return '';
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems.join('\n');
    return error instanceof Error ? error.message : String(error);
  }
}

describe('triage in firebreak.yaml', () => {
  const plan = (sweep: string, runbooks = '[{ runbook: disable-access-key, contains: actor }]') =>
    problemsOf(`${BASE}responsePlans:\n  - { name: leaked-key, sweep: ${sweep}, runbooks: ${runbooks} }\n`);

  test.each([['list'], ['contain'], ['off']])('a sweep may be %s', (sweep) => {
    expect(plan(sweep)).toBe('');
  });

  test('a sweep that is something else is told, with what there is', () => {
    expect(plan('everything')).toMatch(/firebreak\.yaml:\d+:\d+.*'list'.*'contain'.*'off'/);
  });

  test('a plan that contains nobody has nothing to sweep after', () => {
    expect(plan('contain', '[]')).toMatch(/plan 'leaked-key' sweeps after what it never contains; give it a runbook/);
  });

  test('assets, suppressions, staging and staged plans are taken', () => {
    expect(
      problemsOf(`${BASE}${SUPPRESSION}assets:
  - { name: production, criticality: high, accounts: ['111122223333'], resources: ['arn:aws:s3:::prod-*'], data: [personal] }
responsePlans:
  - { name: critical, staged: true, when: { criticalityAtLeast: high, accounts: ['111122223333'] } }
`),
    ).toBe('');
  });

  test.each<[string, string, RegExp]>([
    [
      'a suppression without an end',
      SUPPRESSION.replace(/ {4}until.*\n/, ''),
      /firebreak.yaml:14:5: 'suppressions.0.until'/,
    ],
    ['a suppression without an owner', SUPPRESSION.replace(/ {4}owner.*\n/, ''), /'suppressions.0.owner'/],
    ['an end without a zone', SUPPRESSION.replace(/until: .*/, "until: '2027-01-31'"), /a time with its zone/],
    [
      'a suppression without a condition',
      SUPPRESSION.replace(/ {4}principals.*\n/, ''),
      /firebreak.yaml: suppression 'scanner'.*\n.*no condition/,
    ],
    [
      'two suppressions of one name',
      SUPPRESSION + SUPPRESSION.replace('suppressions:\n', ''),
      /'suppressions.1.name'.*no other/,
    ],
    [
      'a plan that can never answer',
      'responsePlans:\n  - { name: all }\n  - { name: narrow, when: { levelAtLeast: high } }\n',
      /'narrow' can never answer: 'all' stands before it.*move 'narrow' up/,
    ],
    [
      'a plan for a rule that is not there',
      `responsePlans:\n  - { name: one, when: { rules: ['${RULE}'] } }\n`,
      /'one' can never answer: there is no rule/,
    ],
    [
      'a staged rule that is not there',
      `staging: { rules: ['${RULE}'] }\n`,
      /'stagedRules' names .*, which no rule has/,
    ],
    [
      'a name that lowers the impact',
      "assets:\n  - { name: x, criticality: low, resources: ['arn:aws:s3:::test-*'] }\n",
      /an attacker can choose/,
    ],
    ['assets that hold nothing', 'assets:\n  - { name: x, criticality: high }\n', /'x' holds nothing/],
  ])('%s is refused with place and remedy', (_, text, expected) => {
    expect(problemsOf(BASE + text)).toMatch(expected);
  });
});
