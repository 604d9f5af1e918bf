import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { allowRules } from './allow-rules';

export interface DeploymentTopicProps {
  readonly encryptionKey: IKey;
}

/** The alarm stays on so long after the last change, so that one deployment sets it off once. */
const QUIET = 5;

/**
 * What CloudFormation changes in Firebreak's own parts in every deployment: each change is one message to a topic, to which whoever
 * wants them one by one can subscribe. The first level gets one alarm for all of them, some minutes later: a deployment makes
 * some fifty changes, and as many text messages can spend the quota of a month, after which no page arrives.
 */
export class DeploymentTopic extends Construct {
  public readonly topic: Topic;
  public readonly alarm: Alarm;

  constructor(scope: Construct, id: string, { encryptionKey }: DeploymentTopicProps) {
    super(scope, id);
    this.topic = new Topic(this, 'Topic', { masterKey: encryptionKey, enforceSSL: true });
    allowRules(this.topic, encryptionKey);
    this.alarm = new Alarm(this, 'Alarm', {
      alarmDescription:
        'Firebreak: CloudFormation changed parts of Firebreak itself. If nobody deployed, act now: CloudTrail has who did',
      metric: this.topic.metricNumberOfMessagesPublished({ period: Duration.minutes(1), statistic: 'Sum' }),
      threshold: 1,
      evaluationPeriods: QUIET,
      datapointsToAlarm: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }
}
