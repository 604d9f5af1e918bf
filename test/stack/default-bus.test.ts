import { describe, expect, test } from '@jest/globals';
import { everyRunbook, ofType, REGION, resourcesOf, sampleApp, sampleStack } from './sample-stack';

interface Pattern {
  readonly source?: readonly unknown[];
  readonly 'detail-type'?: readonly string[];
  readonly detail?: {
    readonly requestParameters?: Readonly<Record<string, unknown>>;
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

/** What ends or weakens a part. Of a call that is not here nobody is told: never shorten this list to make a test pass. */
const AT_ONCE = [
  'CreatePolicyVersion',
  'DeleteAlarms',
  'DeleteEventSourceMapping20150331',
  'DeleteFunction20150331',
  'DeleteLogGroup',
  'DeleteParameter',
  'DeleteParameters',
  'DeletePolicy',
  'DeletePolicyVersion',
  'DeleteQueue',
  'DeleteRole',
  'DeleteRolePermissionsBoundary',
  'DeleteRolePolicy',
  'DeleteRule',
  'DeleteStateMachine',
  'DeleteSubscriptionFilter',
  'DeleteTable',
  'DeleteTopic',
  'DetachRolePolicy',
  'DisableAlarmActions',
  'DisableKey',
  'DisableRule',
  'PurgeQueue',
  'PutAlarmMuteRule',
  'PutFunctionConcurrency20171031',
  'PutKeyPolicy',
  'PutParameter',
  'RemovePermission20150331v2',
  'RemoveTargets',
  'ScheduleKeyDeletion',
  'SetDefaultPolicyVersion',
  'SetQueueAttributes',
  'SetTopicAttributes',
  'StopExecution',
  'Unsubscribe',
  'UpdateEventSourceMapping20150331',
  'UpdateTable',
  'UpdateTimeToLive',
];

/** What every deployment calls, with the parameter that names the part. */
const DEPLOYED = [
  ['AttachRolePolicy', 'roleName'],
  ['PutMetricAlarm', 'alarmName'],
  ['PutRolePermissionsBoundary', 'roleName'],
  ['PutRolePolicy', 'roleName'],
  ['PutRule', 'name'],
  ['PutSubscriptionFilter', 'logGroupName'],
  ['PutTargets', 'rule'],
  ['UpdateAssumeRolePolicy', 'roleName'],
  ['UpdateFunctionCode20150331v2', 'functionName'],
  ['UpdateFunctionConfiguration20150331v2', 'functionName'],
  ['UpdateStateMachine', 'stateMachineArn'],
] as const;

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

  describe('tells of each call that changes Firebreak itself', () => {
    const [topic = '', ...more] = ofType(resourcesOf(stack), 'AWS::SNS::Topic').flatMap(([id]) =>
      id.includes('DeploymentTopic') ? [id] : [],
    );
    const toDeployment = watching.filter(([, , targets]) => JSON.stringify(targets).includes(`"${topic}"`));
    const toPeople = watching.filter((rule) => !toDeployment.includes(rule));
    const alternatives = toPeople.flatMap(([, { detail }]) => detail?.$or ?? []);

    test.each(AT_ONCE)('%s: at once, whoever makes it', (name) => {
      const names = [
        ...toPeople.flatMap(([, { detail }]) => detail?.eventName ?? []),
        ...alternatives.flatMap(({ eventName, sourceIPAddress }) => (sourceIPAddress === undefined ? eventName : [])),
      ];
      expect(names).toContain(name);
    });

    test.each(DEPLOYED)('%s: at once, and where CloudFormation makes it to the deployment topic', (name, field) => {
      const byOthers = alternatives.filter(
        ({ eventName, sourceIPAddress }) => eventName.includes(name) && sourceIPAddress,
      );
      expect(byOthers.map(({ sourceIPAddress }) => sourceIPAddress)).toEqual(
        byOthers.map(() => [{ 'anything-but': ['cloudformation.amazonaws.com'] }, { exists: false }]),
      );
      const deployed = toDeployment.filter(([, { detail }]) => detail?.eventName?.includes(name));
      expect([byOthers.length, deployed.length]).not.toContain(0);
      for (const [, { detail }] of deployed) {
        expect(detail?.sourceIPAddress).toEqual(['cloudformation.amazonaws.com']);
        const { $or = [], ...others } = detail?.requestParameters ?? {};
        expect([others, ...($or as object[])].flatMap(Object.keys)).toContain(field);
      }
    });

    test('of nothing else to the deployment topic, of which there is one', () => {
      expect(more).toEqual([]);
      const names = new Set(toDeployment.flatMap(([, { detail }]) => detail?.eventName ?? []));
      expect(names).toEqual(new Set(DEPLOYED.map(([name]) => name)));
    });

    test('and of a change of what tells of deployments at once, whoever makes it', () => {
      const [watch, ...others] = toPeople.filter(([id]) => id.includes('TamperWatchDeploymentWatch'));
      const { eventName, sourceIPAddress, requestParameters } = watch?.[1].detail ?? {};
      expect([others, sourceIPAddress]).toEqual([[], undefined]);
      expect(eventName).toEqual(['PutRule', 'PutTargets', 'PutMetricAlarm']);
      const refs = toDeployment.map(([Ref]) => ({ Ref }));
      const [alarm] = ofType(resourcesOf(stack), 'AWS::CloudWatch::Alarm').filter(([id]) =>
        id.includes('DeploymentTopic'),
      );
      expect(requestParameters?.['$or']).toEqual([
        { name: refs },
        { rule: refs },
        { alarmName: [{ Ref: alarm?.[0] }] },
      ]);
    });

    test('and of a rule that is made disabled, even by CloudFormation', () => {
      const disabling = toPeople.filter(([, { detail }]) => detail?.requestParameters?.['state']);
      expect(disabling.map(([, { detail }]) => [detail?.eventName, detail?.requestParameters?.['state']])).toEqual([
        [['PutRule'], ['DISABLED']],
      ]);
    });
  });

  test('tells of changes of Firebreak itself by what CloudTrail recorded, and by nothing that is only named so', () => {
    expect(watching.length).toBeGreaterThan(10);
    for (const [, pattern] of watching) {
      expect(pattern.source).toEqual([{ prefix: 'aws.' }]);
      expect(pattern['detail-type']).toContain('AWS API Call via CloudTrail');
    }
  });
});
