import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Detector, RuleSet } from '../../lib/detect';
import { EventSource, GlobalEventsForwarder, type GlobalEventsForwarderProps } from '../../lib/log';
import type { JsonObject } from '../../lib/model/json';
import { physicalName, Resolver } from '../iam/resolve';
import { matchesEventPattern } from '../prefilter/event-bridge';
import { ACCOUNT, ofType, resourcesOf, sampleApp, sampleStack } from '../stack/sample-stack';

const HOME = 'eu-central-1';
const ALL = 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS';

interface RuleProperties {
  readonly EventPattern: JsonObject;
  readonly State: string;
}

function forwarderIn(app: App, name: string, props: Partial<GlobalEventsForwarderProps> = {}): Stack {
  const stack = new Stack(app, name, { env: { account: ACCOUNT, region: 'us-east-1' } });
  new GlobalEventsForwarder(stack, 'Forwarder', { homeRegion: HOME, ...props });
  return stack;
}

/** Rules on the default bus of a stack, filled in, by logical id. */
function rulesOf(stack: Stack): [string, RuleProperties][] {
  const resolver = new Resolver(resourcesOf(stack), stack.stackName);
  return ofType(resourcesOf(stack), 'AWS::Events::Rule').flatMap(([id, { Properties = {} }]) =>
    Properties['EventPattern'] !== undefined && Properties['EventBusName'] === undefined
      ? [[id, resolver.resolve(Properties) as RuleProperties] as [string, RuleProperties]]
      : [],
  );
}

function matching(rules: readonly [string, RuleProperties][], event: JsonObject): string[] {
  return rules.filter(([, { EventPattern }]) => matchesEventPattern(EventPattern, event)).map(([id]) => id);
}

const call = (eventName: string, service: string, more: JsonObject = {}): JsonObject => ({
  source: `aws.${service}`,
  'detail-type': 'AWS API Call via CloudTrail',
  region: 'us-east-1',
  detail: {
    eventName,
    eventSource: `${service}.amazonaws.com`,
    readOnly: false,
    sourceIPAddress: '198.51.100.7',
    ...more,
  },
});

const app = sampleApp();
const global = forwarderIn(app, 'SampleGlobalEvents');
const { stack: home } = sampleStack(app, 'Sample', HOME);
const forwarding = rulesOf(global);
const atHome = rulesOf(home);
const partsOf = (type: string) =>
  ofType(resourcesOf(global), type).map(([id]) => [id, physicalName(global.stackName, id)] as const);

describe('whoever changes the forwarder is told on at home', () => {
  const rules = partsOf('AWS::Events::Rule').flatMap(([id, name]) => [
    ...['DeleteRule', 'DisableRule', 'PutRule'].map(
      (eventName) => [id, call(eventName, 'events', { requestParameters: { name } })] as const,
    ),
    ...['PutTargets', 'RemoveTargets'].map(
      (eventName) => [id, call(eventName, 'events', { requestParameters: { rule: name } })] as const,
    ),
  ]);
  const queues = partsOf('AWS::SQS::Queue').flatMap(([id, name]) =>
    ['DeleteQueue', 'PurgeQueue', 'SetQueueAttributes'].map((eventName) => {
      const queueUrl = `https://sqs.us-east-1.amazonaws.com/${ACCOUNT}/${name}`;
      return [id, call(eventName, 'sqs', { requestParameters: { queueUrl } })] as const;
    }),
  );
  const alarms = partsOf('AWS::CloudWatch::Alarm').flatMap(([id, name]) => [
    [id, call('DeleteAlarms', 'monitoring', { requestParameters: { alarmNames: ['shop', name] } })] as const,
    [id, call('DisableAlarmActions', 'monitoring', { requestParameters: { alarmNames: [name] } })] as const,
    [id, call('PutMetricAlarm', 'monitoring', { requestParameters: { alarmName: name } })] as const,
  ]);
  const roles = partsOf('AWS::IAM::Role').map(
    ([id, roleName]) => [id, call('DeleteRolePolicy', 'iam', { requestParameters: { roleName } })] as const,
  );

  test.each([...rules, ...queues, ...alarms, ...roles])('%s: %j', (part, event) => {
    const bringers = matching(forwarding, event).filter((id) => id !== part);
    expect(bringers).not.toEqual([]);
    expect(matching(atHome, event).filter((id) => id.includes('TamperWatch'))).not.toEqual([]);
  });

  test('of each kind there is a part to be changed', () => {
    for (const calls of [rules, queues, alarms, roles]) expect(calls).not.toEqual([]);
  });

  test('what is done to the rules of others stays where it is', () => {
    expect(matching(forwarding, call('DeleteRule', 'events', { requestParameters: { name: 'shop' } }))).toEqual([]);
  });

  test('by its name, which synth warns about where it tells nothing', () => {
    const warned = (name: string) => {
      const other = new App();
      const { stack } = sampleStack(other, 'Sample', HOME);
      forwarderIn(other, name);
      return Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('firebreak:forwarderName'));
    };
    expect(warned('SampleGlobalEvents')).toEqual([]);
    expect(warned('Elsewhere')).toHaveLength(1);
  });
});

describe('an alarm of the forwarder', () => {
  const [[id, alarmName] = ['', '']] = partsOf('AWS::CloudWatch::Alarm');
  const event = (value: string, resource = new Resolver(resourcesOf(global), global.stackName).resolve(arnOf(id))) => ({
    source: 'aws.cloudwatch',
    'detail-type': 'CloudWatch Alarm State Change',
    region: 'us-east-1',
    resources: [resource as string],
    detail: { alarmName, state: { value } },
  });

  test('comes home when it rings, and is told', () => {
    expect(matching(forwarding, event('ALARM'))).toHaveLength(1);
    expect(matching(atHome, event('ALARM'))).toEqual([expect.stringContaining('ForwarderWatch')]);
  });

  test('is not told when it ends; an alarm of others is not forwarded, whatever its name', () => {
    expect(matching(atHome, event('OK'))).toEqual([]);
    expect(matching(forwarding, event('ALARM', `arn:aws:cloudwatch:us-east-1:${ACCOUNT}:alarm:shop`))).toEqual([]);
  });
});

function arnOf(id: string): JsonObject {
  return { 'Fn::GetAtt': [id, 'Arn'] };
}

describe('calls that only read', () => {
  const read = (eventName: string, service: string, more: JsonObject = {}) =>
    call(eventName, service, { readOnly: true, ...more });
  const states = (stack: Stack) => rulesOf(stack).filter(([, { State }]) => State === ALL);

  test('come at home, where the rules that look for them are: EventBridge keeps them from all other rules', () => {
    const [[id] = ['']] = states(sampleStack(sampleApp(), 'Sample', HOME).stack);

    expect(id).toContain('CloudTrailEvents');
    expect(matching(atHome, read('GetSecretValue', 'secretsmanager'))).toEqual([id]);
  });

  test('are forwarded where a rule might match them', () => {
    const [[id] = [''], ...more] = states(global);

    expect(more).toEqual([]);
    const reads = forwarding.filter(([rule]) => rule === id);
    expect(matching(reads, read('GetCallerIdentity', 'sts'))).toEqual([id]);
    expect(matching(reads, read('ListUsers', 'iam', { errorCode: 'AccessDenied' }))).toEqual([id]);
    expect(matching(reads, read('AssumeRole', 'sts', { userIdentity: { type: 'AWSService' } }))).toEqual([]);
    expect(matching(reads, read('ListUsers', 'iam'))).toEqual([]);
    expect(matching(reads, read('GetSecretValue', 'secretsmanager'))).toEqual([]);
    expect(matching(reads, call('CreateUser', 'iam'))).toEqual([]);
  });

  test('are forwarded as the own rules of the detector want them', () => {
    const folder = mkdtempSync(join(tmpdir(), 'firebreak-rules-'));
    writeFileSync(
      join(folder, 'own.yml'),
      `title: Users listed
id: 0e0a5a2e-3c52-4a4e-9a08-3f3a2bb4c3d1
logsource: { product: aws, service: cloudtrail }
detection:
  selection: { eventSource: iam.amazonaws.com, eventName: ListUsers }
  condition: selection
`,
    );
    const own = forwarderIn(new App(), 'OwnGlobalEvents', { rules: RuleSet.directory(folder) });

    const ids = states(own).map(([id]) => id);
    expect(matching(rulesOf(own), read('ListUsers', 'iam'))).toEqual(expect.arrayContaining(ids));
    expect(ids).toHaveLength(1);
    expect(matching(rulesOf(own), read('GetCallerIdentity', 'sts'))).not.toEqual(expect.arrayContaining(ids));
  });

  test('stay away where they are not wanted', () => {
    const off = new App();
    const there = forwarderIn(off, 'SampleGlobalEvents', { reads: false });
    const stack = new Stack(off, 'Home', { env: { account: ACCOUNT, region: HOME } });
    const detector = new Detector(stack, 'Detector', { alertQueue: new Queue(stack, 'Alerts') });
    detector.addSource(EventSource.cloudTrail({ reads: false }));

    expect(states(there)).toEqual([]);
    expect(rulesOf(stack).map(([, { State }]) => State)).toEqual(['ENABLED']);
  });
});
