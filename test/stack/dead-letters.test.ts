import { describe, expect, test } from '@jest/globals';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { SmsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { ofType, refersTo, resourcesOf, sampleApp, sampleStack, type Resource } from './sample-stack';

type Resources = ReadonlyMap<string, Resource>;
type Properties = Readonly<Record<string, unknown>>;

/** Something that may fail to be delivered, and the queue that it is in then. */
interface Delivery {
  readonly kind: 'SQS' | 'asynchronous Lambda' | 'stream' | 'EventBridge target' | 'SNS subscription';
  readonly what: string;
  readonly place?: string;
}

/** Logical ids of functions that AWS invokes asynchronously. */
function invokedAsynchronously(resources: Resources): Set<string> {
  const asynchronous = new Set<string>();
  for (const [, { Properties = {} }] of ofType(resources, 'AWS::Lambda::Permission')) {
    const callers = ['events.amazonaws.com', 'logs.amazonaws.com', 'sns.amazonaws.com', 's3.amazonaws.com'];
    const caller = Properties['Principal'];
    if (typeof caller === 'string' && callers.includes(caller)) {
      for (const id of refersTo(Properties['FunctionName'])) asynchronous.add(id);
    }
  }
  return asynchronous;
}

function deliveries(resources: Resources): Delivery[] {
  const place = (value: unknown) => refersTo(value)[0];
  const sources = ofType(resources, 'AWS::Lambda::EventSourceMapping');
  const consumed = new Set(sources.flatMap(([, { Properties }]) => refersTo(Properties?.['EventSourceArn'])));
  return [
    ...ofType(resources, 'AWS::SQS::Queue')
      .filter(([id]) => consumed.has(id))
      .map(([what, { Properties }]) => ({ kind: 'SQS' as const, what, place: place(Properties?.['RedrivePolicy']) })),
    ...sources
      .filter(([, { Properties }]) => Properties?.['StartingPosition'] !== undefined)
      .map(([what, { Properties }]) => ({
        kind: 'stream' as const,
        what,
        place: place(Properties?.['DestinationConfig']),
      })),
    ...[...invokedAsynchronously(resources)].map((what) => ({
      kind: 'asynchronous Lambda' as const,
      what,
      place: place(resources.get(what)?.Properties?.['DeadLetterConfig']),
    })),
    ...ofType(resources, 'AWS::Events::Rule').flatMap(([what, { Properties }]) =>
      ((Properties?.['Targets'] ?? []) as Properties[]).map((target) => ({
        kind: 'EventBridge target' as const,
        what,
        place: place(target['DeadLetterConfig']),
      })),
    ),
    ...ofType(resources, 'AWS::SNS::Subscription').map(([what, { Properties }]) => ({
      kind: 'SNS subscription' as const,
      what,
      place: place(Properties?.['RedrivePolicy']),
    })),
  ];
}

/** Queues with an alarm on what is visible in them that tells somebody. */
function watched(resources: Resources): Set<string> {
  return new Set(
    ofType(resources, 'AWS::CloudWatch::Alarm')
      .filter(([, { Properties }]) => Properties?.['MetricName'] === 'ApproximateNumberOfMessagesVisible')
      .filter(([, { Properties }]) => refersTo(Properties?.['AlarmActions']).length > 0)
      .flatMap(([, { Properties }]) => refersTo(Properties?.['Dimensions'])),
  );
}

function problems(resources: Resources): string[] {
  const alarmed = watched(resources);
  return deliveries(resources).flatMap(({ kind, what, place }) => {
    if (place === undefined) return [`${kind} ${what} has no place for what is not delivered`];
    return alarmed.has(place) ? [] : [`nobody is told of what lies in ${place} (${kind} ${what})`];
  });
}

const resources = resourcesOf(sampleStack(sampleApp()).stack);

describe('dead letters', () => {
  test('each delivery has a place, and each place an alarm', () => {
    expect(problems(resources)).toEqual([]);
    const counts = new Map<string, number>();
    for (const { kind } of deliveries(resources)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
    console.log(
      [...counts].map(([kind, count]) => `${count} x ${kind}`).join(', '),
      `${watched(resources).size} places`,
    );
    expect([...counts.keys()].sort()).toEqual(
      ['EventBridge target', 'SNS subscription', 'SQS', 'asynchronous Lambda', 'stream'].sort(),
    );
  });

  test('every function that AWS invokes asynchronously is among them', () => {
    expect([...invokedAsynchronously(resources)].sort()).toEqual([
      'FirebreakCanaryFunction303D06F1',
      'FirebreakContainmentAuditorFunction3F19BD35',
      'FirebreakContainmentSnapshotCopierFunctionE126C44D',
      'FirebreakDetectorFunctionCC666E19',
      'FirebreakEscalationAuditorFunction7C79EA68',
      'FirebreakTriageReconciler4DA3C526',
      'OnCallAlarmRelay1CDFE8FD',
    ]);
  });

  test('every queue is read by a function or watched by an alarm, and keeps messages for 14 days', () => {
    const queues = ofType(resources, 'AWS::SQS::Queue');
    const consumed = new Set(
      ofType(resources, 'AWS::Lambda::EventSourceMapping').flatMap(([, { Properties }]) =>
        refersTo(Properties?.['EventSourceArn']),
      ),
    );
    const alarmed = watched(resources);
    expect(queues.map(([id]) => id).filter((id) => !consumed.has(id) && !alarmed.has(id))).toEqual([]);
    const keeps = queues.map(([, { Properties }]) => Properties?.['MessageRetentionPeriod']);
    expect(new Set(keeps)).toEqual(new Set([14 * 24 * 60 * 60]));
  });

  test('notices a rule, a subscription and a function without a place', () => {
    const { stack, firebreak } = sampleStack(sampleApp());
    new Rule(stack, 'Planted', {
      schedule: Schedule.cron({}),
      targets: [new LambdaFunction(firebreak.escalation.acknowledgeFunction)],
    });
    const topic = firebreak.escalation.chains[0]?.alarmTopic;
    topic?.addSubscription(new SmsSubscription('+15555550199'));
    new LogGroup(stack, 'Unrelated');
    expect(problems(resourcesOf(stack))).toEqual([
      expect.stringMatching(/^asynchronous Lambda FirebreakEscalationAcknowledge\w+ has no place/),
      expect.stringMatching(/^EventBridge target Planted\w+ has no place/),
      expect.stringMatching(/^SNS subscription \w*5555550199\w* has no place/),
    ]);
  });
});
