import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, MathExpression, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

export interface DeadLetterAlarmProps {
  readonly queue: IQueue;
  readonly description: string;
}

/**
 * Minutes in which growth is one: what waited at most in these, and in as many before. CloudWatch moves this window on each minute
 * (a sliding evaluation window, the default), so the first message is still told as soon as it is counted.
 */
const WINDOW = 10;
/** The alarm is off for so many minutes of each window in which more came, which CloudWatch looks at one by one. */
const OFF = 3;

/**
 * In alarm while something waits in a queue, and off for a few minutes after more has come: CloudWatch tells of a change of state alone,
 * so one message that lies there for 14 days would silence every loss after it, and an attacker could see to that first. It
 * goes off, and on again, at minutes by the clock: a queue that grows all the time rings once or twice in 10 minutes, rather
 * than never or with each message, which could spend a month's quota of text messages.
 *
 * One alarm on one metric, at the price of one. It turns off 10 minutes after the queue was emptied. Whoever looks at messages hides
 * them for some seconds: that is no growth. What comes within 10 minutes of the first message may be told with it alone, and what is
 * lost while as many are deleted is not seen by a count.
 */
export function deadLetterAlarm(scope: Construct, id: string, { queue, description }: DeadLetterAlarmProps): Alarm {
  const period = Duration.minutes(WINDOW);
  const waiting = queue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', period });
  // A queue that nobody used for hours has no figures: then nothing waited.
  const filled = new MathExpression({ expression: 'FILL(waiting, 0)', usingMetrics: { waiting }, period });
  const growth = new MathExpression({ expression: 'FILL(DIFF(filled), 0)', usingMetrics: { filled }, period });
  const minute = `MINUTE(waiting) - ${WINDOW} * FLOOR(MINUTE(waiting) / ${WINDOW})`;
  return new Alarm(scope, id, {
    alarmDescription: description,
    metric: new MathExpression({
      // From nothing to something is no growth: that is told at once.
      expression: `IF(growth > 0 AND filled > growth AND ${minute} < ${OFF}, 0, waiting)`,
      usingMetrics: { waiting, filled, growth },
      period,
      label: 'waiting, and nothing for some minutes after growth',
    }),
    threshold: 1,
    evaluationPeriods: 1,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
}
