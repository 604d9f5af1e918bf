import { createHash } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { LogGroup, FilterPattern, SubscriptionFilter } from 'aws-cdk-lib/aws-logs';
import { LambdaDestination } from 'aws-cdk-lib/aws-logs-destinations';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Detector, RuleSet } from '../../lib/detect';
import { EventSource, FindingSource, GlobalEventsForwarder, LogSource } from '../../lib/log';
import { matchesPattern } from '../../lib/sigma/filter-pattern';

const ACCOUNT = '111122223333';
/** Names that have nothing in common, more than fit one pattern. */
const NAMES = Array.from({ length: 70 }, (_, index) => {
  const word = createHash('sha256').update(String(index)).digest('hex').replace(/[0-9]/g, '').slice(0, 16);
  return `Delete${word.charAt(0).toUpperCase()}${word.slice(1)}`;
});

const rule = (names: readonly string[]): string => `
title: Many calls
id: 0e0a5a2e-3c52-4a4e-9a08-3f3a2bb4c3d1
logsource: { product: aws, service: cloudtrail }
detection:
  selection:
    eventName: [${names.join(', ')}]
  condition: selection
`;

function stackIn(region?: string, app = new App()): { app: App; stack: Stack; detector: Detector } {
  const stack = new Stack(app, 'Home', region === undefined ? {} : { env: { account: ACCOUNT, region } });
  const detector = new Detector(stack, 'Detector', { alertQueue: new Queue(stack, 'Alerts') });
  return { app, stack, detector };
}

describe('log groups', () => {
  test('of VPC flow logs are known as such', () => {
    const { stack, detector } = stackIn();
    detector.addSource(LogSource.vpcFlowLogs(LogGroup.fromLogGroupName(stack, 'Flows', 'flows')));
    Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: {
          LOG_SOURCES: '[{"logGroup":"flows","source":"application","product":"aws","service":"vpcflow"}]',
        },
      },
    });
  });

  test('lead to the detector, which knows what lies in them', () => {
    // GIVEN
    const { stack, detector } = stackIn();
    // WHEN
    detector.addSource(LogSource.cloudTrail(LogGroup.fromLogGroupName(stack, 'Trail', 'trail')));
    detector.addSource(LogSource.application(LogGroup.fromLogGroupName(stack, 'Shop', 'shop'), { product: 'django' }));
    // THEN
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::Logs::SubscriptionFilter', 2);
    // Of a trail only what a rule might match; of an application everything.
    template.hasResourceProperties('AWS::Logs::SubscriptionFilter', {
      LogGroupName: 'trail',
      FilterPattern: Match.stringLikeRegexp('^\\{\\$\\.eventName=%.*\\}$'),
    });
    const [trail] = Object.values(
      template.findResources('AWS::Logs::SubscriptionFilter', { Properties: { LogGroupName: 'trail' } }),
    );
    const { FilterPattern } = trail?.Properties as { FilterPattern: string };
    const passes = (eventName: string): boolean => matchesPattern(FilterPattern, JSON.stringify({ eventName }));
    expect([passes('StopLogging'), passes('DescribeInstances')]).toEqual([true, false]);
    template.hasResourceProperties('AWS::Logs::SubscriptionFilter', { LogGroupName: 'shop', FilterPattern: '' });
    template.hasResourceProperties('AWS::Lambda::Permission', { Principal: 'logs.amazonaws.com' });
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: {
          LOG_SOURCES:
            '[{"logGroup":"trail","source":"cloudtrail"},{"logGroup":"shop","source":"application","product":"django"}]',
        },
      },
    });
  });

  test('the logical id of a subscription comes from the log group, not from the order', () => {
    const ids = (names: string[]): string[] => {
      const { stack, detector } = stackIn();
      for (const name of names) detector.addSource(LogSource.cloudTrail(LogGroup.fromLogGroupName(stack, name, name)));
      return Object.keys(Template.fromStack(stack).findResources('AWS::Logs::SubscriptionFilter')).sort();
    };
    expect(ids(['a', 'b'])).toEqual(ids(['b', 'a']));
    expect(ids(['a', 'b', 'c'])).toEqual(expect.arrayContaining(ids(['a', 'b'])));
    // A contract: another id would replace the filter, and events are lost meanwhile.
    expect(ids(['trail'])).toEqual(['DetectorSubscription897ABBB19ABACD46']);
  });

  test('of Firebreak itself are refused', () => {
    const { detector } = stackIn();
    expect(() => detector.addSource(LogSource.application(detector.logGroup))).toThrow(
      "log group 'Home/Detector/FunctionLogs' belongs to Firebreak itself ('Home/Detector/Function'): each line would cause the next; leave it out",
    );
  });

  test('are named once', () => {
    const { stack, detector } = stackIn();
    const group = new LogGroup(stack, 'Group');
    detector.addSource(LogSource.cloudTrail(group));
    expect(() => detector.addSource(LogSource.application(group))).toThrow(
      "log group 'Home/Group' is already a source of 'Home/Detector'; name it once",
    );
  });

  test('have two subscription filters, and no third', () => {
    const { stack, detector } = stackIn();
    const group = new LogGroup(stack, 'Group');
    for (const id of ['One', 'Two']) {
      new SubscriptionFilter(stack, id, {
        logGroup: group,
        destination: new LambdaDestination(detector.function),
        filterPattern: FilterPattern.allEvents(),
      });
    }
    expect(() => detector.addSource(LogSource.cloudTrail(group))).toThrow(
      /^log group 'Home\/Group' has 2 subscription filters already \('Home\/One\/Resource', 'Home\/Two\/Resource'\), and CloudWatch Logs allows 2; take one away/,
    );
  });
});

describe('two subscription filters of a trail', () => {
  const manyRules = (): RuleSet => {
    const folder = mkdtempSync(join(tmpdir(), 'firebreak-rules-'));
    writeFileSync(join(folder, 'many.yml'), rule(NAMES));
    return RuleSet.directory(folder);
  };

  test('share the calls, and the first keeps its logical id', () => {
    const stack = new Stack(new App(), 'Home');
    const alertQueue = new Queue(stack, 'Alerts');
    const rules = manyRules();
    const detector = new Detector(stack, 'Detector', { alertQueue, rules });
    detector.addSource(LogSource.cloudTrail(LogGroup.fromLogGroupName(stack, 'Trail', 'trail'), { filters: 2 }));
    const filters = Template.fromStack(stack).findResources('AWS::Logs::SubscriptionFilter');
    expect(Object.keys(filters)).toEqual([
      'DetectorSubscription897ABBB19ABACD46',
      expect.stringMatching(/^DetectorSubscription897ABBB1Part2/),
    ]);
    const patterns = Object.values(filters).map(
      ({ Properties }) => (Properties as { FilterPattern: string }).FilterPattern,
    );
    const event = (eventName: string) => JSON.stringify({ eventName });
    for (const name of NAMES)
      expect(patterns.filter((pattern) => matchesPattern(pattern, event(name)))).toHaveLength(1);
    expect(patterns.filter((pattern) => matchesPattern(pattern, event('GetObject')))).toEqual([]);
  });

  test('are one or two', () => {
    const { stack, detector } = stackIn();
    const group = LogGroup.fromLogGroupName(stack, 'Trail', 'trail');
    expect(() => detector.addSource(LogSource.cloudTrail(group, { filters: 3 }))).toThrow(
      "'filters' of log group 'Home/Trail' must be 1 or 2, the subscription filters that a log group has, got 3",
    );
  });
});

describe('events of EventBridge', () => {
  test('CloudTrail and GuardDuty lead to the detector; what cannot be delivered is kept', () => {
    const { stack, detector } = stackIn();
    detector.addSource(EventSource.cloudTrail());
    detector.addSource(FindingSource.guardDuty());
    const template = Template.fromStack(stack);
    const target = {
      Arn: Match.anyValue(),
      DeadLetterConfig: { Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^DetectorDeadLetterQueue'), 'Arn'] } },
    };
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: [{ prefix: 'aws.' }],
        'detail-type': ['AWS API Call via CloudTrail', 'AWS Console Sign In via CloudTrail'],
        detail: { $or: Match.arrayWith([{ userIdentity: { type: ['Root'] } }]) },
      },
      Targets: [Match.objectLike(target)],
    });
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { source: ['aws.guardduty'], 'detail-type': ['GuardDuty Finding'] },
      Targets: [Match.objectLike(target)],
    });
    template.resourceCountIs('AWS::Lambda::Permission', 2);
  });

  test('are named once', () => {
    const { detector } = stackIn();
    detector.addSource(FindingSource.guardDuty());
    expect(() => detector.addSource(FindingSource.guardDuty())).toThrow(
      "'Home/Detector' has this source already (GuardDutyFindings); name it once",
    );
  });
});

describe('events of global services', () => {
  const warnings = (stack: Stack) =>
    Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('firebreak:globalEvents'));

  test('are warned about outside us-east-1', () => {
    const { stack, detector } = stackIn('eu-central-1');
    detector.addSource(EventSource.cloudTrail());
    expect(warnings(stack)).toHaveLength(1);
    expect(warnings(stack)[0]?.entry.data).toContain("add a GlobalEventsForwarder with homeRegion 'eu-central-1'");
  });

  test.each(['us-east-1', undefined])('are not warned about in %s', (region) => {
    const { stack, detector } = stackIn(region);
    detector.addSource(EventSource.cloudTrail());
    expect(warnings(stack)).toEqual([]);
  });

  test('are forwarded, and then nothing is warned about, also where the forwarder is made last', () => {
    const { app, stack, detector } = stackIn('eu-central-1');
    detector.addSource(EventSource.cloudTrail());
    const global = new Stack(app, 'Global', { env: { account: ACCOUNT, region: 'us-east-1' } });
    new GlobalEventsForwarder(global, 'Forwarder', { homeRegion: 'eu-central-1' });
    expect(warnings(stack)).toEqual([]);
    const template = Template.fromStack(global);
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        detail: { eventSource: Match.arrayWith(['iam.amazonaws.com', 'sts.amazonaws.com', 'signin.amazonaws.com']) },
      },
      Targets: [
        Match.objectLike({
          Arn: {
            'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:events:eu-central-1:${ACCOUNT}:event-bus/default`]],
          },
          DeadLetterConfig: Match.anyValue(),
          RoleArn: Match.anyValue(),
        }),
      ],
    });
  });

  test('are forwarded from us-east-1 only, and not to it', () => {
    const elsewhere = new Stack(new App(), 'S', { env: { account: ACCOUNT, region: 'eu-west-1' } });
    expect(() => new GlobalEventsForwarder(elsewhere, 'F', { homeRegion: 'eu-central-1' })).toThrow(
      "'S/F' must be in a stack in us-east-1, where global events arrive, got eu-west-1",
    );
    const there = new Stack(new App(), 'S', { env: { account: ACCOUNT, region: 'us-east-1' } });
    expect(() => new GlobalEventsForwarder(there, 'F', { homeRegion: 'us-east-1' })).toThrow(
      "'homeRegion' of 'S/F' is us-east-1, where these events arrive anyway",
    );
  });
});
