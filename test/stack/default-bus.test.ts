import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../lib/model/json';
import { physicalName, Resolver } from '../iam/resolve';
import { matchesEventPattern } from '../prefilter/event-bridge';
import { ACCOUNT, everyRunbook, ofType, REGION, resourcesOf, sampleApp, sampleStack } from './sample-stack';

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
  'AddPermission',
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
  'DeleteSMSSandboxPhoneNumber',
  'DeleteSubscriptionFilter',
  'DeleteTable',
  'DeleteTopic',
  'DetachRolePolicy',
  'DisableAlarmActions',
  'DisableKey',
  'DisableRule',
  'PurgeQueue',
  'PutAlarmMuteRule',
  'PutDataProtectionPolicy',
  'PutFunctionConcurrency20171031',
  'PutKeyPolicy',
  'PutOptedOutNumber',
  'PutParameter',
  'RemovePermission',
  'RemovePermission20150331v2',
  'RemoveTargets',
  'ScheduleKeyDeletion',
  'SetAccountDefaultProtectConfiguration',
  'SetDefaultPolicyVersion',
  'SetQueueAttributes',
  'SetSMSAttributes',
  'SetSubscriptionAttributes',
  'SetTextMessageSpendLimitOverride',
  'SetTopicAttributes',
  'StopExecution',
  'Unsubscribe',
  'UpdateEventSourceMapping20150331',
  'UpdateProtectConfigurationCountryRuleSet',
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
  ['Subscribe', 'topicArn'],
  ['UpdateAssumeRolePolicy', 'roleName'],
  ['UpdateFunctionCode20150331v2', 'functionName'],
  ['UpdateFunctionConfiguration20150331v2', 'functionName'],
  ['UpdateStateMachine', 'stateMachineArn'],
] as const;

const { stack } = sampleStack(sampleApp(), 'Sample', REGION, everyRunbook);
const resolver = new Resolver(resourcesOf(stack));

/** What CloudFormation calls the first resource of a type whose logical id has this in it. */
function named(type: string, part: string): string {
  const [id] = ofType(resourcesOf(stack), type).find(([name]) => name.includes(part)) ?? [];
  if (id === undefined) throw new Error(`no ${type} has '${part}' in its logical id`);
  return physicalName('Sample', id);
}

const arn = (service: string, rest: string) => `arn:aws:${service}:${REGION}:${ACCOUNT}:${rest}`;
const FUNCTION = named('AWS::Lambda::Function', 'Detector');
const TABLE = named('AWS::DynamoDB::Table', 'Store');
const QUEUE = named('AWS::SQS::Queue', 'Alerts');
const TOPIC = arn('sns', named('AWS::SNS::Topic', 'OnCallTopic'));
const SUBSCRIPTION = `${TOPIC}:22222222-3333-4444-5555-666666666666`;
const RULE = named('AWS::Events::Rule', 'TamperWatch');
const ROLE = named('AWS::IAM::Role', 'Detector');
const POLICY = named('AWS::IAM::ManagedPolicy', '');
const ALARM = named('AWS::CloudWatch::Alarm', 'SelfWatch');
const MACHINE = named('AWS::StepFunctions::StateMachine', 'OnCall');
const BRAKE = named('AWS::SSM::Parameter', 'Brake');
const KEY = named('AWS::KMS::Key', 'EncryptionKey');
const OTHER_TOPIC = arn('sns', 'shop-orders');

/** Calls as CloudTrail has them, with each spelling of the part that the API takes. */
const SPELLINGS: readonly (readonly [string, string, object])[] = [
  ...[
    FUNCTION,
    `${FUNCTION}:live`,
    `function:${FUNCTION}`,
    `function:${FUNCTION}:1`,
    `${ACCOUNT}:${FUNCTION}`,
    `${ACCOUNT}:function:${FUNCTION}`,
    `${ACCOUNT}:function:${FUNCTION}:$LATEST`,
    `${REGION}:${ACCOUNT}:function:${FUNCTION}`,
    arn('lambda', `function:${FUNCTION}`),
    arn('lambda', `function:${FUNCTION}:live`),
  ].flatMap((functionName) =>
    [
      'DeleteFunction20150331',
      'PutFunctionConcurrency20171031',
      'RemovePermission20150331v2',
      'UpdateFunctionCode20150331v2',
      'UpdateFunctionConfiguration20150331v2',
    ].map((name) => [name, functionName, { functionName }] as const),
  ),
  ...[TABLE, arn('dynamodb', `table/${TABLE}`)].flatMap((tableName) =>
    ['DeleteTable', 'UpdateTable', 'UpdateTimeToLive'].map((name) => [name, tableName, { tableName }] as const),
  ),
  ...[
    `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/${QUEUE}`,
    `https://queue.amazonaws.com/${ACCOUNT}/${QUEUE}`,
    `https://${REGION}.queue.amazonaws.com/${ACCOUNT}/${QUEUE}`,
    QUEUE,
  ].flatMap((queueUrl) =>
    ['AddPermission', 'DeleteQueue', 'PurgeQueue', 'RemovePermission', 'SetQueueAttributes'].map(
      (name) => [name, queueUrl, { queueUrl }] as const,
    ),
  ),
  ...['AddPermission', 'DeleteTopic', 'RemovePermission', 'SetTopicAttributes', 'Subscribe'].map(
    (name) => [name, TOPIC, { topicArn: TOPIC }] as const,
  ),
  ['PutDataProtectionPolicy', TOPIC, { resourceArn: TOPIC }],
  ...['SetSubscriptionAttributes', 'Unsubscribe'].map(
    (name) => [name, SUBSCRIPTION, { subscriptionArn: SUBSCRIPTION }] as const,
  ),
  ...['DeleteRule', 'DisableRule', 'PutRule'].map((name) => [name, RULE, { name: RULE }] as const),
  ...['PutTargets', 'RemoveTargets'].flatMap((name) =>
    ['default', arn('events', 'event-bus/default')].map(
      (eventBusName) => [name, `${RULE} of ${eventBusName}`, { rule: RULE, eventBusName }] as const,
    ),
  ),
  // IAM does not tell names apart by case.
  ...[ROLE, ROLE.toLowerCase()].flatMap((roleName) =>
    ['DeleteRole', 'DetachRolePolicy', 'PutRolePolicy', 'UpdateAssumeRolePolicy'].map(
      (name) => [name, roleName, { roleName }] as const,
    ),
  ),
  ...['arn:aws', 'arn:aws-cn'].map((start) => {
    const policyArn = `${start}:iam::${ACCOUNT}:policy/${POLICY}`;
    return ['CreatePolicyVersion', policyArn, { policyArn }] as const;
  }),
  ...[ALARM, arn('cloudwatch', `alarm:${ALARM}`)].flatMap((name) => [
    ['DeleteAlarms', name, { alarmNames: ['shop', name] }] as const,
    ['DisableAlarmActions', name, { alarmNames: [name] }] as const,
  ]),
  ['PutMetricAlarm', ALARM, { alarmName: ALARM }],
  ...[
    arn('states', `stateMachine:${MACHINE}`),
    arn('states', `stateMachine:${MACHINE}:3`),
    arn('states', `stateMachine:${MACHINE}:live`),
  ].flatMap((stateMachineArn) =>
    ['DeleteStateMachine', 'UpdateStateMachine'].map((name) => [name, stateMachineArn, { stateMachineArn }] as const),
  ),
  ['StopExecution', MACHINE, { executionArn: arn('states', `execution:${MACHINE}:one`) }],
  ...[BRAKE, `/${BRAKE}`, arn('ssm', `parameter/${BRAKE}`)].flatMap((name) => [
    ['DeleteParameter', name, { name }] as const,
    ['DeleteParameters', name, { names: ['/shop', name] }] as const,
    ['PutParameter', name, { name }] as const,
  ]),
  ...[KEY, arn('kms', 'key/11111111-2222-3333-4444-555555555555')].flatMap((keyId) =>
    ['DisableKey', 'PutKeyPolicy', 'ScheduleKeyDeletion'].map((name) => [name, keyId, { keyId }] as const),
  ),
  // CloudWatch Logs takes nothing but the name here.
  ...['DeleteLogGroup', 'DeleteSubscriptionFilter', 'PutSubscriptionFilter'].map(
    (name) => [name, 'trail', { logGroupName: 'trail' }] as const,
  ),
  // Of a UUID, a rule about alarms and a limit of the account nobody can tell whose they are.
  ['UpdateEventSourceMapping20150331', 'a UUID', { uuid: '33333333-4444-5555-6666-777777777777' }],
  ['SetSMSAttributes', 'the account', { attributes: { MonthlySpendLimit: '0' } }],
];

/** What others do with what is theirs, and what people do every day. */
const OTHERS: readonly (readonly [string, string, object])[] = [
  ['UpdateFunctionCode20150331v2', 'another function', { functionName: 'shop' }],
  ['UpdateFunctionCode20150331v2', 'a name with ours in it', { functionName: `shop-${FUNCTION}` }],
  ['DeleteTable', 'another table', { tableName: arn('dynamodb', `table/shop-${TABLE}`) }],
  ['DeleteQueue', 'another queue', { queueUrl: `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/shop` }],
  ['Subscribe', 'another topic', { topicArn: OTHER_TOPIC, protocol: 'email' }],
  ['SetSubscriptionAttributes', 'of another topic', { subscriptionArn: `${OTHER_TOPIC}:22222222-3333` }],
  ['ConfirmSubscription', 'a recipient who confirms', { topicArn: TOPIC, token: 't' }],
];

describe('a rule on the default bus', () => {
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

  describe('tells by which rule a part is meant, however it is spelled', () => {
    const tells = (eventName: string, requestParameters: object) => {
      const event = {
        source: 'aws.any',
        'detail-type': 'AWS API Call via CloudTrail',
        detail: { eventName, requestParameters: requestParameters as JsonObject, sourceIPAddress: '198.51.100.7' },
      };
      return watching
        .filter(([, pattern]) => matchesEventPattern(resolver.resolve(pattern) as JsonObject, event))
        .map(([id]) => id);
    };

    test.each(SPELLINGS)('%s of %s', (name, _spelling, parameters) => {
      expect(tells(name, parameters)).not.toEqual([]);
    });

    test.each(OTHERS)('not %s of %s', (name, _whose, parameters) => {
      expect(tells(name, parameters)).toEqual([]);
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
