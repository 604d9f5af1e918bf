import { Duration } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { EventBus, type IEventBus } from 'aws-cdk-lib/aws-events';
import { Grant } from 'aws-cdk-lib/aws-iam';
import { FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource, SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { DeadLetterQueue } from '../dead-letter-queue';
import { explainWildcard } from '../explain-wildcard';
import { exerciseEnvironment } from '../exercise';
import { FirebreakFunction } from '../firebreak-function';
import type { EvidenceVault } from './evidence-vault';
import { VaultArea } from './vault-area';

const TIMEOUT = Duration.minutes(1);
/** Streams keep records for 24 hours; what could not be published by then is in the dead-letter queue. */
const MAX_RECORD_AGE = Duration.hours(12);
/** A record that cannot be published holds up the ones behind it: it is set aside after some minutes. */
const RETRY_ATTEMPTS = 10;

/** What the publisher reads and where it tells. */
export interface PublisherProps {
  /** The incident store; its stream must carry new images. */
  readonly table: ITable;
  readonly vault: EvidenceVault;
  /**
   * Where others join in.
   *
   * @default - a new event bus
   */
  readonly bus?: IEventBus;
  /**
   * What is rehearsed, where this is for an exercise: one line of 120 characters at most. Events say so.
   *
   * @default - everything is real
   */
  readonly exercise?: string;
}

/**
 * Tells others what happens to incidents, and writes heads of timelines into the vault.
 *
 * It reads the store's stream, so a stage cannot forget to tell. Each timeline record becomes at most one event;
 * after a fault an event may come twice, with the same `detail.id` (incident and sequence number), which is what
 * receivers deduplicate by.
 */
export class Publisher extends Construct {
  public readonly bus: IEventBus;
  public readonly handler: FirebreakFunction;
  /** Stream positions that could not be published; the records themselves are in the store. */
  public readonly deadLetterQueue: Queue;

  constructor(scope: Construct, id: string, props: PublisherProps) {
    super(scope, id);
    if (props.table.tableStreamArn === undefined) {
      throw new Error(`'table' of '${this.node.path}' has no stream; switch on a stream of new images (NEW_IMAGE)`);
    }
    this.bus = props.bus ?? new EventBus(this, 'Bus', { description: 'Firebreak: what happens to incidents' });
    this.deadLetterQueue = new DeadLetterQueue(this, 'DeadLetterQueue');
    this.handler = new FirebreakFunction(this, 'Function', {
      bundle: 'report/publisher',
      description: 'tells the bus what happened to incidents and anchors their timelines in the vault',
      timeout: TIMEOUT,
      environment: {
        INCIDENT_TABLE: props.table.tableName,
        EVENT_BUS: this.bus.eventBusName,
        ...props.vault.environment,
        ...exerciseEnvironment(props.exercise),
      },
    });
    Grant.addToPrincipal({
      grantee: this.handler,
      actions: ['dynamodb:GetItem'],
      resourceArns: [props.table.tableArn],
    });
    this.bus.grantPutEventsTo(this.handler);
    props.vault.grantWriteLocked(this.handler, VaultArea.ANCHORS);
    this.readStream(props.table);
  }

  private readStream(table: ITable): void {
    explainWildcard(
      this.handler,
      '*',
      'dynamodb:ListStreams, which Lambda asks for to read a stream, knows no resource',
    );
    this.handler.addEventSource(
      new DynamoEventSource(table, {
        startingPosition: StartingPosition.TRIM_HORIZON,
        batchSize: 100,
        bisectBatchOnError: true,
        retryAttempts: RETRY_ATTEMPTS,
        maxRecordAge: MAX_RECORD_AGE,
        reportBatchItemFailures: true,
        onFailure: new SqsDlq(this.deadLetterQueue),
        filters: [
          FilterCriteria.filter({
            eventName: FilterRule.isEqual('INSERT') as unknown,
            dynamodb: { Keys: { sk: { S: FilterRule.beginsWith('TL#') } } },
          }),
        ],
      }),
    );
  }
}
