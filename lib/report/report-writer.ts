import { Duration } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { type IEventBus, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Grant } from 'aws-cdk-lib/aws-iam';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { DeadLetterQueue } from '../dead-letter-queue';
import { exerciseEnvironment } from '../exercise';
import { FirebreakFunction } from '../firebreak-function';
import type { EvidenceVault } from './evidence-vault';
import { DETAIL_TYPES, EVENT_SOURCE } from './published-event';
import { VaultArea } from './vault-area';

const TIMEOUT = Duration.minutes(2);
/** Events of an incident come in bursts: those of this long are one draft. */
const BURST = Duration.seconds(5);
/** Reports must never take workers from containment. */
const MAX_CONCURRENCY = 2;
const MAX_RECEIVES = 5;

/** What the report is written from, and where to. */
export interface ReportWriterProps {
  /** The incident store. */
  readonly table: ITable;
  readonly vault: EvidenceVault;
  /** The bus of the publisher. */
  readonly bus: IEventBus;
  /**
   * What is rehearsed, where this is for an exercise: one line of 120 characters at most. Reports say so.
   *
   * @default - everything is real
   */
  readonly exercise?: string;
}

/**
 * Keeps a report of each incident in the vault: a live draft (`drafts/<incident>/report.html`, `.md`, `.json`) after
 * each event, and a locked final one (`reports/<incident>/…`) when the incident is closed.
 */
export class ReportWriter extends Construct {
  public readonly handler: FirebreakFunction;
  public readonly rule: Rule;
  /** Events whose report could not be written; any later event of the incident writes it too. */
  public readonly deadLetterQueue: Queue;

  constructor(scope: Construct, id: string, props: ReportWriterProps) {
    super(scope, id);
    this.deadLetterQueue = new DeadLetterQueue(this, 'DeadLetterQueue');
    this.handler = new FirebreakFunction(this, 'Function', {
      bundle: 'report/writer',
      description: 'writes the reports of incidents into the evidence vault',
      timeout: TIMEOUT,
      memorySize: 1024,
      environment: {
        INCIDENT_TABLE: props.table.tableName,
        ...props.vault.environment,
        ...exerciseEnvironment(props.exercise),
      },
    });
    Grant.addToPrincipal({
      grantee: this.handler,
      // Only the final report appends, to say where it lies.
      actions: ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem'],
      resourceArns: [props.table.tableArn],
    });
    props.vault.grantWriteDrafts(this.handler);
    props.vault.grantReadArea(this.handler, VaultArea.DRAFTS);
    props.vault.grantReadArea(this.handler, VaultArea.ANCHORS);
    props.vault.grantWriteLocked(this.handler, VaultArea.REPORTS);
    const queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      // Six times the time-out of the function, as Lambda asks of a queue (Lambda guide, "Using Lambda with Amazon SQS").
      visibilityTimeout: Duration.seconds(TIMEOUT.toSeconds() * 6),
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount: MAX_RECEIVES },
    });
    this.handler.addEventSource(
      new SqsEventSource(queue, {
        batchSize: 100,
        maxBatchingWindow: BURST,
        maxConcurrency: MAX_CONCURRENCY,
        reportBatchItemFailures: true,
      }),
    );
    this.rule = new Rule(this, 'Rule', {
      description: 'Firebreak: what changes the report of an incident',
      eventBus: props.bus,
      eventPattern: { source: [EVENT_SOURCE], detailType: [...DETAIL_TYPES] },
      targets: [new SqsQueue(queue, { deadLetterQueue: this.deadLetterQueue })],
    });
  }
}
