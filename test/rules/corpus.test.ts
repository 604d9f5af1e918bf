import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { correlate } from '../../lambdas/detect/detector/correlate';
import { cloudTrailEvent } from '../../lambdas/detect/detector/cloudtrail-event';
import { detect } from '../../lambdas/detect/detector/detect';
import { CLOUDTRAIL } from '../../lambdas/detect/detector/log-sources';
import { readRuleFiles } from '../../lib/detect/rule-files';
import { LEVELS, OCSF_SEVERITY, type Alert } from '../../lib/model/alert';
import type { JsonObject } from '../../lib/model/json';
import { compileRules, Correlator, Matcher, MemoryCorrelationState } from '../../lib/sigma';
import { camelFinding } from '../detect/finding';
import { corpusFiles, corpusLines, describeCorpus } from '../sigma/corpus';
import { MALICIOUS } from './stratus';

const { program } = compileRules(readRuleFiles(join(__dirname, '..', '..', 'rules')));
const matcher = new Matcher(program);
const NOW = new Date(0);

/** What the detector raises, correlations included. */
async function alertsOf(records: readonly JsonObject[]): Promise<Alert[]> {
  const correlator = new Correlator(program, new MemoryCorrelationState());
  const delivery = { via: 'eventbridge', from: 'corpus', receivedAt: NOW.toISOString() } as const;
  const decoded = records.map((record) => ({
    kind: 'event' as const,
    event: cloudTrailEvent(record, {}, NOW),
    delivery,
    logsource: CLOUDTRAIL,
  }));
  const context = { now: NOW };
  const { alerts, observed } = detect(decoded, matcher, context, (id) => correlator.uses(id));
  return [...alerts, ...(await correlate(observed, correlator, context))];
}

describeCorpus('our rules on the corpus', () => {
  test('raise nothing high on ordinary traffic, and little of the rest', async () => {
    const events = corpusLines('events/cloudtrail-noise.jsonl');
    const byLevel = Object.fromEntries(LEVELS.map((level) => [level, 0]));
    for (const { severity } of await alertsOf(events)) byLevel[severity] = (byLevel[severity] ?? 0) + 1;
    expect(events).toHaveLength(793);
    expect(byLevel).toEqual({ informational: 0, low: 0, medium: 4, high: 0, critical: 0 });
  });

  describe('every technique of Stratus Red Team with records', () => {
    const lines = corpusLines('events/stratus-detonations.jsonl');
    const recordsOf = (technique: string): JsonObject[] =>
      lines.filter((line) => line.technique === technique).map(({ event }) => event as JsonObject);

    test('is in the table', () => {
      expect(MALICIOUS.map(({ technique }) => technique).sort()).toEqual(
        [...new Set(lines.map(({ technique }) => technique))].sort(),
      );
    });

    test.each(MALICIOUS.map((one) => [one.technique, one] as const))(
      '%s',
      async (technique, { eventNames, title, targets }) => {
        const records = recordsOf(technique);
        const found = (await alertsOf(records)).filter(
          ({ finding_info, evidences }) =>
            finding_info.title === title && eventNames.some((name) => name === evidences[0]?.data.eventName),
        );
        // THEN it is raised on the malicious step, at medium or more,
        expect(found.length).toBeGreaterThan(0);
        for (const { severity_id, unmapped } of found) {
          expect(severity_id).toBeGreaterThanOrEqual(OCSF_SEVERITY.medium);
          // AND names who acted and upon what.
          const { entities } = unmapped.firebreak;
          expect(entities.filter(({ role, kind }) => role === 'actor' && kind !== 'address').length).toBeGreaterThan(0);
          const kinds = new Set(entities.filter(({ role }) => role === 'target').map(({ kind }) => kind));
          expect([...kinds]).toEqual(expect.arrayContaining([...targets]));
        }
      },
    );
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
