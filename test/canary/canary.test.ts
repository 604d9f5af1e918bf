import { describe, expect, test } from '@jest/globals';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { EscalationChain, IncidentResponse, LogSource, Recipient, type IncidentResponseProps } from '../../lib';
import { canaryPlaceOf } from '../../lib/canary-rule';
import { CANARY_RULE_ID, canaryToken } from '../../lib/model/canary';

function stackWith(props: Partial<IncidentResponseProps>, trail = true) {
  const stack = new Stack(new App(), 'Sample', { env: { account: '111122223333', region: 'us-east-1' } });
  const group = LogGroup.fromLogGroupName(stack, 'Logs', 'logs');
  const firebreak = new IncidentResponse(stack, 'Firebreak', {
    sources: [trail ? LogSource.cloudTrail(group) : LogSource.application(group)],
    escalationChain: new EscalationChain(stack, 'OnCall', {
      levels: [
        { name: 'first', acknowledgeWithin: Duration.minutes(5), recipients: [Recipient.queue(new Queue(stack, 'Q'))] },
      ],
    }),
    ...props,
  });
  return { stack, firebreak, template: Template.fromStack(stack) };
}

const ALARM = { Namespace: 'Firebreak', MetricName: 'CanaryPassed' };

describe('the canary', () => {
  const { stack, firebreak, template } = stackWith({});

  test('is an alarm as soon as none came through for 90 minutes, also where nothing is heard at all', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      ...ALARM,
      Statistic: 'Sum',
      Period: 1800,
      EvaluationPeriods: 3,
      Threshold: 1,
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'breaching',
      AlarmActions: [{ Ref: Match.stringLikeRegexp('^OnCallAlarmTopic') }],
    });
  });

  test('is sent every 30 minutes', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'rate(30 minutes)',
      Targets: [
        Match.objectLike({ Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^FirebreakCanaryFunction'), 'Arn'] } }),
      ],
    });
  });

  test('may delete nothing but parameters that never are, and touch nothing in the store but canaries', () => {
    const roles = Object.entries(template.findResources('AWS::IAM::Role')).filter(([id]) => id.includes('Canary'));
    const text = JSON.stringify(roles);

    expect(roles).toHaveLength(1);
    expect(text).toContain(`parameter${canaryPlaceOf(stack)}*`);
    expect(text).toContain('"dynamodb:LeadingKeys":["CANARY#*","CANARIES"]');
  });

  test('is looked for by a rule among the others', () => {
    expect(firebreak.detector._program.rules.map(({ id }) => id)).toContain(CANARY_RULE_ID);
  });

  test('can be left out', () => {
    const without = stackWith({ canary: false });

    expect(without.template.findResources('AWS::CloudWatch::Alarm', { Properties: ALARM })).toEqual({});
    expect(without.firebreak.detector._program.rules.map(({ id }) => id)).not.toContain(CANARY_RULE_ID);
  });

  test('is left out with a warning where no CloudTrail comes in', () => {
    const without = stackWith({}, false);

    expect(without.template.findResources('AWS::CloudWatch::Alarm', { Properties: ALARM })).toEqual({});
    Annotations.fromStack(without.stack).hasWarning(
      '/Sample/Firebreak',
      Match.stringLikeRegexp('no canary proves that the chain is whole'),
    );
  });
});

test('two stacks, or one in two Regions, do not take the canaries of each other for their own', () => {
  const place = (id: string, region: string) =>
    canaryPlaceOf(new Stack(new App(), id, { env: { account: '111122223333', region } }));

  expect(new Set([place('A', 'us-east-1'), place('B', 'us-east-1'), place('A', 'eu-central-1')]).size).toBe(3);
});

test.each([
  ['/firebreak/canary/0123456789ab/AAAAAAAAAAAAAAAAAAAAAA', 'AAAAAAAAAAAAAAAAAAAAAA'],
  ['/firebreak/canary/0123456789ab/short', undefined],
  ['/firebreak/canary/0123456789ab/AAAAAAAAAAAAAAAAAAAAA%', undefined],
  ['/company/AAAAAAAAAAAAAAAAAAAAAA', undefined],
  ['', undefined],
])('the token in %j is %j', (name, token) => {
  expect(canaryToken(name)).toBe(token);
});
