import { EventField, Match, Rule } from 'aws-cdk-lib/aws-events';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { AlarmTarget } from './alarm-target';
import { ALARM_DETAIL_TYPE, GLOBAL_REGION } from './log/detail-types';
import { partPrefix } from './part-prefix';

export interface ForwarderWatchProps {
  /** Who is told. */
  readonly alarmTopic: ITopic;
  readonly deadLetterQueue: IQueue;
  /** What is rehearsed: alarms say that something is. */
  readonly exercise?: string;
}

/** Tells the first level that a `GlobalEventsForwarder` lost events: its alarm reaches no topic of another Region, so it comes as an event. */
export class ForwarderWatch extends Construct {
  constructor(scope: Construct, id: string, props: ForwarderWatchProps) {
    super(scope, id);
    const rule = new Rule(this, 'Alarms', {
      description: `Firebreak: alarms of the forwarder in ${GLOBAL_REGION}`,
      eventPattern: {
        source: ['aws.cloudwatch'],
        detailType: [ALARM_DETAIL_TYPE],
        region: [GLOBAL_REGION],
        detail: { alarmName: Match.prefix(partPrefix(this)), state: { value: ['ALARM'] } },
      },
    });
    rule.addTarget(
      new AlarmTarget({
        ...props,
        // Only fields that AWS writes: nothing that somebody could word.
        text:
          `Firebreak: at ${EventField.fromPath('$.time')} events of IAM, STS or sign-in could not be forwarded from ` +
          `${EventField.fromPath('$.region')}; they wait in the forwarder's dead-letter queue there.`,
      }),
    );
  }
}
