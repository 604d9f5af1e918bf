import { Duration } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { exerciseEnvironment } from '../exercise';
import { FirebreakFunction } from '../firebreak-function';
import { grantCall } from '../grant-call';
import type { IncidentStore } from '../triage/incident-store';
import { AcknowledgementEndpoint, type IAcknowledgementEndpoint } from './acknowledgement-endpoint';
import type { EscalationChain } from './escalation-chain';
import type { IEscalationHost } from './escalation-host';
import { LINK_HOURS } from './limits';

/** Partitions of the store; see `lambdas/shared/store/table.ts`. */
const INCIDENTS = 'INCIDENT#*';
const TOKENS = 'TOKEN#*';
const CANARIES = 'CANARY#*';
const CONTAINMENTS = 'CONTAINMENT#*';
const APPROVALS = 'APPROVAL#*';

/** What pages people need. */
export interface EscalationProps {
  /** Where incidents are; tokens and pages are kept there too. */
  readonly store: IncidentStore;
  /** Encrypts the topics of recipients. */
  readonly encryptionKey: IKey;
  /** Names must differ. */
  readonly chains: EscalationChain[];
  /**
   * Where the links in pages lead.
   *
   * @default - a throttled HTTP API of its own
   */
  readonly endpoint?: IAcknowledgementEndpoint;
  /**
   * Is told when nobody answered at any level.
   *
   * @default - each chain's own alarm topic: its first level, once more and by another way
   */
  readonly alarmTopic?: ITopic;
  /**
   * How long a link can be used; 1 to 72 hours.
   *
   * @default - 24 hours
   */
  readonly linksExpireAfter?: Duration;
  /**
   * What is rehearsed, where this is for an exercise: one line of 120 characters at most. Pages and links say so.
   *
   * @default - everything is real
   */
  readonly exercise?: string;
}

/**
 * Pages people until somebody acknowledges: the Lambdas behind every chain, and the endpoint behind the links.
 */
export class Escalation extends Construct implements IEscalationHost {
  public readonly pageFunction: IFunction;
  public readonly answerFunction: IFunction;
  public readonly finishFunction: IFunction;
  /** Answers the links in pages; for an endpoint of your own. */
  public readonly acknowledgeFunction: IFunction;
  /** Answers the links by which people approve; for an endpoint of your own. */
  public readonly approveFunction: IFunction;
  public readonly encryptionKey: IKey;
  public readonly endpoint: IAcknowledgementEndpoint;
  public readonly alarmTopic?: ITopic;
  /** What is rehearsed, where this is for an exercise. */
  public readonly exercise?: string;
  private readonly approve: FirebreakFunction;
  private readonly byName = new Map<string, EscalationChain>();

  constructor(scope: Construct, id: string, props: EscalationProps) {
    super(scope, id);
    this.encryptionKey = props.encryptionKey;
    this.alarmTopic = props.alarmTopic;
    this.exercise = props.exercise;
    const environment = { INCIDENT_TABLE: props.store.table.tableName };
    const speaks = { ...environment, ...exerciseEnvironment(props.exercise) };

    const acknowledge = new FirebreakFunction(this, 'Acknowledge', {
      bundle: 'escalate/acknowledge',
      description: 'Shows and records acknowledgements by link',
      timeout: Duration.seconds(15),
      environment: speaks,
    });
    this.acknowledgeFunction = acknowledge;
    const approve = new FirebreakFunction(this, 'Approve', {
      bundle: 'escalate/approve',
      description: 'Shows plans, and records what people decide about them',
      timeout: Duration.seconds(15),
      environment: speaks,
    });
    this.approve = approve;
    this.approveFunction = approve;
    this.endpoint =
      props.endpoint ??
      new AcknowledgementEndpoint(this, 'Endpoint', { handler: acknowledge, approveHandler: approve });

    const page = new FirebreakFunction(this, 'Page', {
      bundle: 'escalate/page',
      description: 'Pages one level of an escalation chain',
      // Three tries of 10 seconds for a webhook, and the store.
      timeout: Duration.minutes(1),
      environment: {
        ...speaks,
        ACKNOWLEDGE_URL: this.endpoint.url,
        LINK_HOURS: String(linkHours(props.linksExpireAfter)),
      },
    });
    const answer = new FirebreakFunction(this, 'Answer', {
      bundle: 'escalate/answer',
      description: 'Looks whether a level answered its page',
      timeout: Duration.seconds(30),
      environment,
    });
    const finish = new FirebreakFunction(this, 'Finish', {
      bundle: 'escalate/finish',
      description: 'Records how an escalation ended',
      timeout: Duration.minutes(1),
      environment,
    });
    // These two are what the internet reaches: they see no containment and no undo record, and start nothing.
    props.store.grantAppend(acknowledge, { partitions: [INCIDENTS, TOKENS] });
    props.store.grantAppend(approve, { partitions: [INCIDENTS, TOKENS, APPROVALS] });
    props.store.grantAppend(page, { partitions: [INCIDENTS, TOKENS, APPROVALS] });
    props.store.grantRead(page, { partitions: [CONTAINMENTS] });
    props.store.grantAppend(page, { partitions: [CANARIES] });
    for (const grantee of [answer, finish]) props.store.grantAppend(grantee, { partitions: [INCIDENTS] });
    this.pageFunction = page;
    this.answerFunction = answer;
    this.finishFunction = finish;
    for (const chain of props.chains) this.addChain(chain);
  }

  /**
   * Binds a chain to this escalation.
   *
   * @throws Error where its name is taken.
   */
  public addChain(chain: EscalationChain): void {
    if (this.byName.has(chain.chainName)) {
      throw new Error(`two escalation chains are called '${chain.chainName}'; give each a name of its own`);
    }
    this.byName.set(chain.chainName, chain);
    chain.bind(this);
  }

  public get chains(): EscalationChain[] {
    return [...this.byName.values()];
  }

  /**
   * Has what people approve started at once, and not by the next run of the reconciler.
   *
   * @internal
   */
  public _wake(reconciler: IFunction): void {
    this.approve.addEnvironment('RECONCILER_FUNCTION', reconciler.functionName);
    grantCall(reconciler, this.approve);
  }

  /** ARNs of the state machines by chain name: what `ESCALATION_MACHINES` holds. */
  public get machineArns(): { [chainName: string]: string } {
    return Object.fromEntries(this.chains.map((chain) => [chain.chainName, chain.machine.stateMachineArn]));
  }

  /** ARNs of every topic that people are subscribed to; `firebreak doctor` looks for unconfirmed subscriptions. */
  public get topicArns(): string[] {
    return this.chains.flatMap((chain) => chain.topics.map((topic) => topic.topicArn));
  }

  /** Every place where a page or an alarm may lie that could not be delivered. */
  public get deadLetterQueues(): IQueue[] {
    return this.chains.flatMap((chain) => chain.deadLetterQueues);
  }
}

function linkHours(asked: Duration | undefined): number {
  if (!asked) return LINK_HOURS.default;
  const hours = asked.toHours({ integral: false });
  if (hours < LINK_HOURS.min || hours > LINK_HOURS.max) {
    throw new Error(
      `'linksExpireAfter' must be ${LINK_HOURS.min} to ${LINK_HOURS.max} hours, got ${asked.toHumanString()}; ` +
        'a link is for the page that it came with, not for later',
    );
  }
  return hours;
}
