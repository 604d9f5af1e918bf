import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, MathExpression, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/** An alarm on metric math takes ten metrics (CloudWatch quotas). */
const QUEUES_IN_AN_ALARM = 10;
const PERIOD = Duration.minutes(5);

/**
 * Alarms that ring where more has come to what lies in a dead-letter queue already, ten queues to an alarm. The alarm of the queue itself cannot: CloudWatch tells
 * of a change of state alone, and one message that lies there for 14 days would silence every loss after it. An attacker could see to that first.
 *
 * The first message is told by the queue's own alarm, and is no growth. While more comes in every five minutes this rings once and stays on.
 * What is lost while as many are deleted is not seen by a count.
 */
export function deadLetterGrowth(scope: Construct, queues: readonly IQueue[]): Alarm[] {
  return Array.from({ length: Math.ceil(queues.length / QUEUES_IN_AN_ALARM) }, (_, index) => {
    const some = queues.slice(index * QUEUES_IN_AN_ALARM, (index + 1) * QUEUES_IN_AN_ALARM);
    return new Alarm(scope, `DeadLettersGrow${index === 0 ? '' : index + 1}`, {
      alarmDescription:
        'Firebreak: more has come to dead letters that nobody has looked at; see the alarms of the dead-letter queues that are on, and redrive',
      metric: new MathExpression({
        expression: some.map((_queue, number) => growth(`queue${number}`)).join(' + '),
        usingMetrics: Object.fromEntries(
          some.map((queue, number) => [
            `queue${number}`,
            queue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', period: PERIOD }),
          ]),
        ),
        period: PERIOD,
        label: 'queues in which more waits than before',
      }),
      threshold: 1,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  });
}

/** 1 where a queue has more than in the five minutes before, and had something then. One that nobody used for hours has no figures: then nothing waited. */
function growth(queue: string): string {
  const waits = `FILL(${queue}, 0)`;
  return `IF(DIFF(${waits}) > 0 AND ${waits} > DIFF(${waits}), 1, 0)`;
}
