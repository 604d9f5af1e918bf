import { Duration, Lazy, Stack, Validations } from 'aws-cdk-lib';
import { type AddToResourcePolicyResult, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/**
 * Where something waits that could not be delivered: 14 days, which is the longest that SQS keeps a message.
 * Whatever makes one hands it to the `IncidentResponse`, which puts an alarm on it.
 *
 * The CDK gives each rule and each topic that may send here a statement of its own, and SQS takes 20 statements and 8,192 bytes (SQS
 * quotas for policies): senders of one service share a statement, which names them all.
 */
export class DeadLetterQueue extends Queue {
  /** By service. Not there yet while the base class adds statements of its own. */
  private readonly senders?: Map<string, Senders> = new Map();

  constructor(scope: Construct, id: string) {
    super(scope, id, {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    Validations.of(this).acknowledge({ id: 'AwsSolutions-SQS3', reason: 'This is a dead-letter queue' });
  }

  public override addToResourcePolicy(statement: PolicyStatement): AddToResourcePolicyResult {
    const arn = onlySenderIn(statement);
    if (arn === undefined || this.senders === undefined) return super.addToResourcePolicy(statement);
    const { Principal } = statement.toStatementJson() as { Principal: { Service: string } };
    const service = String(Stack.of(this).resolve(Principal.Service));
    const known = this.senders.get(service);
    if (known) {
      known.arns.add(arn);
      return known.result;
    }
    const arns = new Set([arn]);
    const result = super.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal(service)],
        actions: ['sqs:SendMessage'],
        resources: [this.queueArn],
        conditions: { ArnEquals: { 'aws:SourceArn': Lazy.list({ produce: () => [...arns] }) } },
      }),
    );
    this.senders.set(service, { arns, result });
    return result;
  }
}

/** Rules or topics that share a statement. */
interface Senders {
  readonly arns: Set<string>;
  readonly result: AddToResourcePolicyResult;
}

/** The ARN in a statement that lets one rule or topic of a service send, and says nothing else. */
function onlySenderIn(statement: PolicyStatement): string | undefined {
  const { Effect, Action, Principal, Condition } = statement.toStatementJson() as {
    Effect?: string;
    Action?: unknown;
    Principal?: { Service?: unknown };
    Condition?: { ArnEquals?: { 'aws:SourceArn'?: unknown } };
  };
  const arn = Condition?.ArnEquals?.['aws:SourceArn'];
  if (Effect !== 'Allow' || Action !== 'sqs:SendMessage' || typeof Principal?.Service !== 'string') return undefined;
  if (typeof arn !== 'string') return undefined;
  const plain = JSON.stringify({ ArnEquals: { 'aws:SourceArn': arn } });
  return JSON.stringify(Condition) === plain ? arn : undefined;
}
