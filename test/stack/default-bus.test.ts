import { describe, expect, test } from '@jest/globals';
import { everyRunbook, ofType, REGION, resourcesOf, sampleApp, sampleStack } from './sample-stack';

interface Pattern {
  readonly source?: readonly unknown[];
  readonly 'detail-type'?: readonly string[];
}

/** Sources that only AWS can put on a bus: EventBridge refuses PutEvents whose source begins with `aws.`. */
function isOfAws(source: unknown): boolean {
  return typeof source === 'string'
    ? source.startsWith('aws.')
    : String((source as { prefix?: unknown }).prefix).startsWith('aws.');
}

describe('a rule on the default bus', () => {
  const { stack } = sampleStack(sampleApp(), 'Sample', REGION, everyRunbook);
  const rules = ofType(resourcesOf(stack), 'AWS::Events::Rule').flatMap(([id, { Properties = {} }]) =>
    Properties['EventPattern'] !== undefined && Properties['EventBusName'] === undefined
      ? [[id, Properties['EventPattern'] as Pattern] as const]
      : [],
  );

  test('believes AWS alone, whatever somebody else puts on the bus', () => {
    expect(rules.length).toBeGreaterThan(15);
    const credulous = rules.filter(([, { source }]) => source === undefined || !source.every(isOfAws));
    expect(credulous).toEqual([]);
  });

  test('tells of changes of Firebreak itself by what CloudTrail recorded, and by nothing that is only named so', () => {
    const watching = rules.filter(([id]) => id.includes('TamperWatch'));
    expect(watching.length).toBeGreaterThan(10);
    for (const [, pattern] of watching) {
      expect(pattern.source).toEqual([{ prefix: 'aws.' }]);
      expect(pattern['detail-type']).toContain('AWS API Call via CloudTrail');
    }
  });
});
