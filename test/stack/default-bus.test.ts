import { describe, expect, test } from '@jest/globals';
import { everyRunbook, ofType, REGION, resourcesOf, sampleApp, sampleStack } from './sample-stack';

interface Pattern {
  readonly source?: readonly unknown[];
  readonly 'detail-type'?: readonly string[];
  readonly detail?: {
    readonly eventName?: readonly string[];
    readonly sourceIPAddress?: readonly unknown[];
    readonly $or?: readonly { readonly eventName: readonly string[]; readonly sourceIPAddress?: readonly unknown[] }[];
  };
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
      ? [[id, Properties['EventPattern'] as Pattern, Properties['Targets']] as const]
      : [],
  );
  const watching = rules.filter(([id]) => id.includes('TamperWatch'));

  test('believes AWS alone, whatever somebody else puts on the bus', () => {
    expect(rules.length).toBeGreaterThan(15);
    const credulous = rules.filter(([, { source }]) => source === undefined || !source.every(isOfAws));
    expect(credulous).toEqual([]);
  });

  test('what CloudFormation changes in Firebreak goes to the deployment topic, and the same by anybody else to the first level', () => {
    const [topic, ...more] = ofType(resourcesOf(stack), 'AWS::SNS::Topic').filter(([id]) =>
      id.includes('DeploymentTopic'),
    );
    expect(more).toEqual([]);
    const toDeployment = watching.filter(([, , targets]) => JSON.stringify(targets).includes(`"${topic?.[0]}"`));
    const byCloudFormation = toDeployment.flatMap(([, { detail }]) => {
      expect(detail?.sourceIPAddress).toEqual(['cloudformation.amazonaws.com']);
      return detail?.eventName ?? [];
    });
    const toPeople = watching.filter((rule) => !toDeployment.includes(rule));
    const alternatives = toPeople.flatMap(([, { detail }]) => detail?.$or ?? []);
    const byOthers = alternatives.flatMap(({ eventName, sourceIPAddress }) => {
      if (sourceIPAddress === undefined) return [];
      expect(sourceIPAddress).toEqual([{ 'anything-but': ['cloudformation.amazonaws.com'] }, { exists: false }]);
      return eventName;
    });
    expect(byCloudFormation.length).toBeGreaterThan(5);
    expect(new Set(byCloudFormation)).toEqual(new Set(byOthers));
    // Whatever ends a part is told of at once, even by CloudFormation.
    const atOnce = [
      ...toPeople.flatMap(([, { detail }]) => detail?.eventName ?? []),
      ...alternatives.flatMap(({ eventName, sourceIPAddress }) => (sourceIPAddress === undefined ? eventName : [])),
    ];
    expect(atOnce.filter((name) => /^(Delete|Disable|Stop|Unsubscribe)/.test(name)).length).toBeGreaterThan(15);
    expect(
      byCloudFormation.filter((name) => atOnce.includes(name) || /^(Delete|Disable|Remove|Stop)/.test(name)),
    ).toEqual([]);
  });

  test('tells of changes of Firebreak itself by what CloudTrail recorded, and by nothing that is only named so', () => {
    expect(watching.length).toBeGreaterThan(10);
    for (const [, pattern] of watching) {
      expect(pattern.source).toEqual([{ prefix: 'aws.' }]);
      expect(pattern['detail-type']).toContain('AWS API Call via CloudTrail');
    }
  });
});
