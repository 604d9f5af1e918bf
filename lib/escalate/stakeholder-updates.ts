import { Duration, Stack } from 'aws-cdk-lib';
import { type IEventBus, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { DeadLetterQueue } from '../dead-letter-queue';
import { exerciseEnvironment } from '../exercise';
import { FirebreakFunction } from '../firebreak-function';
import { ALWAYS_LOOKED_AT, KINDS_OF_UPDATES, type Stakeholder as StakeholderData } from '../model/stakeholder';
import { EVENT_SOURCE } from '../report/published-event';
import type { IncidentStore } from '../triage/incident-store';
import { RecipientScope } from './recipient-scope';
import type { Stakeholder } from './stakeholder';

/** What telling stakeholders needs. */
export interface StakeholderUpdatesProps {
  /** At least one; names and recipients must differ. */
  readonly stakeholders: Stakeholder[];
  readonly store: IncidentStore;
  /** The bus of the publisher. */
  readonly bus: IEventBus;
  /** Encrypts the topics of e-mail recipients. */
  readonly encryptionKey: IKey;
  /**
   * What is rehearsed, where this is for an exercise: one line of 120 characters at most. Updates say so.
   *
   * @default - everything is real
   */
  readonly exercise?: string;
}

/** They stand in the environment of one function, which has 4 KB; an address takes some 350 characters there. */
const MAX_CHANNELS = 8;
const TIMEOUT = Duration.minutes(2);
/** What happens within this long is one update. */
const BATCH = Duration.seconds(30);
const MAX_BATCH = 500;
/** Updates must never take workers from containment. */
const MAX_CONCURRENCY = 2;
/** Tries, twelve minutes apart: about an hour. */
const MAX_RECEIVES = 5;
/** Partitions of the store; see `lambdas/shared/store/table.ts`. */
const INCIDENTS = 'INCIDENT#*';
const CONTAINMENTS = 'CONTAINMENT#*';

/**
 * Tells stakeholders how incidents go, in batches. It listens to the bus like anybody else: where it fails, nothing of
 * detection, containment or paging does.
 */
export class StakeholderUpdates extends Construct {
  public readonly handler: FirebreakFunction;
  /** What could not be told, after an hour of trying; any later event of the incident tells it too. */
  public readonly deadLetterQueue: Queue;
  private readonly recipientScope: RecipientScope;

  /** @throws Error where two share a name or an address, or there are too many. */
  constructor(scope: Construct, id: string, props: StakeholderUpdatesProps) {
    super(scope, id);
    check(props.stakeholders);
    this.deadLetterQueue = new DeadLetterQueue(this, 'DeadLetterQueue');
    this.handler = new FirebreakFunction(this, 'Function', {
      bundle: 'escalate/update',
      description: 'tells stakeholders how incidents go',
      timeout: TIMEOUT,
      environment: { INCIDENT_TABLE: props.store.table.tableName, ...exerciseEnvironment(props.exercise) },
    });
    props.store.grantAppend(this.handler, { partitions: [INCIDENTS] });
    props.store.grantRead(this.handler, { partitions: [CONTAINMENTS] });
    this.recipientScope = new RecipientScope(this, {
      senders: [this.handler],
      enders: [],
      encryptionKey: props.encryptionKey,
      deadLetterQueue: this.deadLetterQueue,
    });
    const stakeholders = props.stakeholders.map((stakeholder) => this.bind(stakeholder));
    this.handler.addEnvironment('STAKEHOLDERS', Stack.of(this).toJsonString(stakeholders));
    this.listen(props.bus, stakeholders);
  }

  /** ARNs of the topics of e-mail recipients; `firebreak doctor` looks for unconfirmed subscriptions. */
  public get topicArns(): string[] {
    return this.recipientScope.topics.map(({ topicArn }) => topicArn);
  }

  private bind({ props, _channels }: Stakeholder): StakeholderData {
    return {
      name: props.name,
      events: props.events,
      ...(props.severityAtLeast !== undefined && { severityAtLeast: props.severityAtLeast }),
      channels: _channels.map((channel) => channel._bind(this.recipientScope)) as StakeholderData['channels'],
    };
  }

  private listen(bus: IEventBus, stakeholders: readonly StakeholderData[]): void {
    const kinds = stakeholders.flatMap(({ events }) => events.flatMap((event) => KINDS_OF_UPDATES[event]));
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
        batchSize: MAX_BATCH,
        maxBatchingWindow: BATCH,
        maxConcurrency: MAX_CONCURRENCY,
        reportBatchItemFailures: true,
      }),
    );
    new Rule(this, 'Rule', {
      description: 'Firebreak: what stakeholders are told',
      eventBus: bus,
      // What this function itself records is not among them: it never wakes itself.
      eventPattern: { source: [EVENT_SOURCE], detail: { kind: [...new Set([...ALWAYS_LOOKED_AT, ...kinds])].sort() } },
      targets: [new SqsQueue(queue, { deadLetterQueue: this.deadLetterQueue })],
    });
  }
}

function check(stakeholders: readonly Stakeholder[]): void {
  const names = stakeholders.map(({ props }) => props.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`two stakeholders are named '${twice}'; give each a name of its own`);
  const told = new Map<string, string>();
  for (const { props, _channels } of stakeholders) {
    for (const channel of _channels) {
      const other = told.get(channel._id);
      if (other !== undefined) {
        throw new Error(
          `stakeholders '${other}' and '${props.name}' are both reached by ${channel.label}, which would get everything twice; make one of them`,
        );
      }
    }
    for (const channel of _channels) told.set(channel._id, props.name);
  }
  if (told.size > MAX_CHANNELS) {
    throw new Error(
      `stakeholders have ${told.size} channels, and ${MAX_CHANNELS} is the most; name a mailing list, a chat or a topic that many read`,
    );
  }
}
