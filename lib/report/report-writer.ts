import { Duration } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { type IEventBus, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Grant } from 'aws-cdk-lib/aws-iam';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { FirebreakFunction } from '../firebreak-function';
import type { EvidenceVault } from './evidence-vault';
import { DETAIL_TYPES, EVENT_SOURCE } from './published-event';
import { VaultArea } from './vault-area';

const TIMEOUT = Duration.minutes(2);
/** EventBridge and Lambda both give up after 6 hours at most; the next event of the incident writes the draft anew. */
const MAX_EVENT_AGE = Duration.hours(6);
const KEEP_DEAD_LETTERS = Duration.days(14);

/** What the report is written from, and where to. */
export interface ReportWriterProps {
  /** The incident store. */
  readonly table: ITable;
  readonly vault: EvidenceVault;
  /** The bus of the publisher. */
  readonly bus: IEventBus;
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
    this.deadLetterQueue = new Queue(this, 'DeadLetterQueue', {
      enforceSSL: true,
      encryption: QueueEncryption.SQS_MANAGED,
      retentionPeriod: KEEP_DEAD_LETTERS,
    });
    this.handler = new FirebreakFunction(this, 'Function', {
      bundle: 'report/writer',
      description: 'writes the reports of incidents into the evidence vault',
      timeout: TIMEOUT,
      memorySize: 1024,
      deadLetterQueue: this.deadLetterQueue,
      environment: { INCIDENT_TABLE: props.table.tableName, ...props.vault.environment },
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
    this.rule = new Rule(this, 'Rule', {
      description: 'Firebreak: what changes the report of an incident',
      eventBus: props.bus,
      eventPattern: { source: [EVENT_SOURCE], detailType: [...DETAIL_TYPES] },
      targets: [
        new LambdaFunction(this.handler, {
          deadLetterQueue: this.deadLetterQueue,
          retryAttempts: 20,
          maxEventAge: MAX_EVENT_AGE,
        }),
      ],
    });
    this.handler.configureAsyncInvoke({ maxEventAge: MAX_EVENT_AGE, retryAttempts: 2 });
  }
}
