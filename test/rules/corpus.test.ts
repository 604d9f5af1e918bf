import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { camelFinding } from '../detect/finding';
import { readRuleFiles } from '../../lib/detect/rule-files';
import { LEVELS } from '../../lib/model/alert';
import type { JsonObject } from '../../lib/model/json';
import { compileRules, Matcher } from '../../lib/sigma';
import { corpusFiles, corpusLines, describeCorpus } from '../sigma/corpus';
import { CLOUDTRAIL } from '../sigma/one-rule';

const matcher = new Matcher(compileRules(readRuleFiles(join(__dirname, '..', '..', 'rules'))).program);
const titles = (record: JsonObject): string[] => matcher.match(record, CLOUDTRAIL).map(({ rule }) => rule.title);

describeCorpus('our rules on the corpus', () => {
  test('are silent on ordinary traffic at every level', () => {
    const events = corpusLines('events/cloudtrail-noise.jsonl');
    const byLevel = Object.fromEntries(LEVELS.map((level) => [level, 0]));
    for (const event of events)
      for (const { rule } of matcher.match(event, CLOUDTRAIL)) byLevel[rule.level] = (byLevel[rule.level] ?? 0) + 1;
    expect(events).toHaveLength(793);
    expect(byLevel).toEqual({ informational: 0, low: 0, medium: 0, high: 0, critical: 0 });
  });

  test.each([
    ['aws.persistence.iam-backdoor-user', 'Access key created for another user'],
    ['aws.persistence.iam-create-admin-user', 'Administrator policy attached'],
    ['aws.persistence.iam-create-user-login-profile', 'Console password set for another user'],
    ['aws.persistence.sts-federation-token', 'Federation token taken by a user'],
    ['aws.persistence.lambda-backdoor-function', 'Function may be called by everybody'],
    ['aws.initial-access.console-login-without-mfa', 'Console login without MFA'],
    ['aws.defense-evasion.cloudtrail-stop', 'CloudTrail stopped or deleted'],
    ['aws.defense-evasion.cloudtrail-delete', 'CloudTrail stopped or deleted'],
    ['aws.defense-evasion.vpc-remove-flow-logs', 'VPC flow logs deleted'],
    ['aws.exfiltration.ec2-security-group-open-port-22-ingress', 'Security group opened to the world'],
    ['aws.exfiltration.ec2-share-ebs-snapshot', 'Snapshot shared with another account'],
  ])('find %s', (technique, title) => {
    const events = corpusLines('events/stratus-detonations.jsonl').filter((line) => line.technique === technique);
    expect(events.flatMap(({ event }) => titles(event as JsonObject))).toContain(title);
  });

  test('every GuardDuty finding is an alert of exactly one rule', () => {
    const found = corpusFiles('findings/guardduty', '.json').map(({ path, text }) => {
      const matches = matcher.match(camelFinding(text), { product: 'aws', service: 'guardduty' });
      return [path, matches.length];
    });
    expect(found).toHaveLength(15);
    expect(found.filter(([, count]) => count !== 1)).toEqual([]);
  });

  test('every kind and severity of finding is an alert of exactly one rule', () => {
    const types =
      corpusFiles('findings', 'guardduty-types.txt')[0]
        ?.text.split('\n')
        .filter((line) => /^\w+:\w+/.test(line)) ?? [];
    expect(types.length).toBeGreaterThan(50);
    const kinds = ['Instance', 'AccessKey', 'S3Bucket', 'EKSCluster', undefined];
    for (const type of types) {
      for (const resourceType of kinds) {
        for (const severity of [undefined, 0, 2, 3.9, 4, 6.9, 7, 8, 8.9, 9, 10]) {
          const record = { type, severity, resource: { resourceType } };
          expect([
            type,
            resourceType,
            severity,
            matcher.match(record, { product: 'aws', service: 'guardduty' }).length,
          ]).toEqual([type, resourceType, severity, 1]);
        }
      }
    }
  });
});
