import { describe, expect, test } from '@jest/globals';
import { ConfigurationError, parseConfiguration } from '../../config/load';
import { RUNBOOKS } from '../../runbooks';

const GOOD = `stack: Firebreak
mode: observe
sources:
  cloudTrail:
    logGroups: [/aws/cloudtrail]
  guardDuty: true
escalationChains:
  - name: on-call
    levels:
      - name: first
        acknowledgeWithin: 5m
        recipients:
          - email: first@example.com
          - sms: '+4915112345678'
`;

function problems(text: string): readonly string[] {
  try {
    parseConfiguration(text, 'firebreak.yaml');
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
  return [];
}

describe('firebreak.yaml', () => {
  test('is filled with defaults that contain nothing', () => {
    const configuration = parseConfiguration(GOOD, 'firebreak.yaml');

    expect(configuration.mode).toBe('observe');
    expect(configuration.evidenceRetention).toBe('30d');
    expect(configuration.escalationChains[0]?.levels[0]?.repeats).toBe(0);
  });

  test.each([
    [
      'a misspelt key',
      ['mode: observe', 'mod: observe'],
      "firebreak.yaml:2:1: unknown key 'mod'; did you mean 'mode'?",
    ],
    [
      'a misspelt key deep inside',
      ['    logGroups', '    logGroup'],
      "firebreak.yaml:5:5: unknown key 'logGroup' in 'sources.cloudTrail'; did you mean 'logGroups'?",
    ],
    [
      'a wrong type',
      ['guardDuty: true', 'guardDuty: perhaps'],
      `firebreak.yaml:6:14: 'sources.guardDuty': must be a boolean, got "perhaps"`,
    ],
    [
      'the mode that does not exist yet',
      ['mode: observe', 'mode: approve'],
      `firebreak.yaml:2:7: 'mode': must be 'observe' or 'enforce': the mode 'approve' does not exist yet, got "approve"`,
    ],
    [
      'a level without a recipient',
      ["          - email: first@example.com\n          - sms: '+4915112345678'\n", '          []\n'],
      "firebreak.yaml:13:11: 'escalationChains.0.levels.0.recipients': must be at least one recipient, or a rotation beside it",
    ],
    [
      'a level without a time to acknowledge',
      ['        acknowledgeWithin: 5m\n', ''],
      "firebreak.yaml:10:9: 'escalationChains.0.levels.0.acknowledgeWithin': must be a string, but nothing is there",
    ],
    [
      'a number that is not one',
      ["'+4915112345678'", '0151'],
      "firebreak.yaml:14:13: 'escalationChains.0.levels.0.recipients.1': must be one recipient: 'person', 'email', 'sms', 'https' (with 'signingSecret'), 'queue', 'topic', 'pagerDuty', 'slack' or 'teams'",
    ],
  ])('%s is named with its place and the remedy', (_, [from, to], expected) => {
    expect(problems(GOOD.replace(from ?? '', to ?? ''))).toEqual([expected]);
  });

  test('an unknown runbook is named with those that there are', () => {
    const text = `${GOOD}responsePlans:
  - name: plan
    runbooks:
      - { runbook: disable-acess-key, contains: actor }
`;

    expect(problems(text)).toEqual([
      `firebreak.yaml:18:20: 'responsePlans.0.runbooks.0.runbook': must be one of ${RUNBOOKS.map(({ id }) => `'${id}'`).join(', ')}, got "disable-acess-key"`,
    ]);
  });

  test('every mistake is told at once', () => {
    expect(problems(GOOD.replace('mode:', 'mod:').replace('guardDuty: true', 'guardDuty: 3'))).toHaveLength(2);
  });

  test('text that is not YAML is told with its place', () => {
    expect(problems('a: [1, 2')[0]).toMatch(/^firebreak\.yaml:1:9: /);
  });
});
