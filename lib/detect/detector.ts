import { Duration, Lazy, Stack } from 'aws-cdk-lib';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { type IQueue, Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { DeadLetterQueue } from '../dead-letter-queue';
import { FirebreakFunction } from '../firebreak-function';
import { emitProgram, type Program } from '../sigma/compiled-rules';
import { CorrelationTable } from './correlation-table';
import type { ILogSource } from './log-source';
import { RuleSet } from './rule-set';

/** What `EventSource.cloudTrail` calls its rule. */
const CLOUDTRAIL_EVENTS = 'CloudTrailEvents';
/** Lambda's own default for asynchronous invocations and their most. */
const RETRY_ATTEMPTS = 2;

/** What a detector is asked for. */
export interface DetectorOptions {
  /**
   * What it looks for.
   *
   * @default - the rules that come with Firebreak
   */
  readonly rules?: RuleSet;
  /**
   * The account that may be acted upon; alerts about others say that nothing may be contained on their word.
   *
   * @default - the account of the stack
   */
  readonly homeAccount?: string;
}

export interface DetectorProps extends DetectorOptions {
  /** Where alerts go: JSON of OCSF Detection Findings, at most 200,000 bytes each. */
  readonly alertQueue: IQueue;
}

/** What is in a log group. Made by the log sources. */
export interface LogGroupContent {
  /** Records of CloudTrail, or lines of applications, whose word is never enough to contain anything. */
  readonly cloudTrail: boolean;
  /**
   * Sigma `product` of an application's lines.
   *
   * @default - `application`
   */
  readonly product?: string;
  /** @default - none; rules that name a category do not look at these lines */
  readonly category?: string;
  /** @default - none; rules that name a service do not look at these lines */
  readonly service?: string;
}

/**
 * Looks at events with Sigma rules and puts alerts on a queue.
 *
 * Invoked asynchronously by CloudWatch Logs and EventBridge. What cannot be read is parked in `rejectedQueue`,
 * an invocation that fails for good lies in `deadLetterQueue` as it came, and can be invoked with again.
 */
export class Detector extends Construct {
  public readonly function: FirebreakFunction;
  /** Invocations and EventBridge deliveries that failed for good; the bodies are what the function is called with. */
  public readonly deadLetterQueue: Queue;
  /** Single records that could not be read, with their place and the reason. */
  public readonly rejectedQueue: Queue;
  public readonly logGroup: ILogGroup;

  private readonly rules: RuleSet;
  private readonly logGroups: { readonly logGroup: ILogGroup; readonly content: LogGroupContent }[] = [];

  constructor(scope: Construct, id: string, props: DetectorProps) {
    super(scope, id);
    this.deadLetterQueue = this.keep('DeadLetterQueue');
    this.rejectedQueue = this.keep('RejectedQueue');
    const rules = props.rules ?? RuleSet.builtIn();
    this.rules = rules;
    this.function = new FirebreakFunction(this, 'Function', {
      bundle: 'detect/detector',
      description: 'looks at events with Sigma rules and raises alerts',
      // A delivery of ten thousand lines takes about a second, unless each is counted in a group of its own: two calls of
      // a table for each. What is left when time is nearly over fails, and is made again.
      timeout: Duration.minutes(5),
      memorySize: 512,
      files: { 'program.js': emitProgram(rules._program) },
      deadLetterQueue: this.deadLetterQueue,
      environment: {
        ALERT_QUEUE_URL: props.alertQueue.queueUrl,
        REJECTED_QUEUE_URL: this.rejectedQueue.queueUrl,
        HOME_ACCOUNT: props.homeAccount ?? Stack.of(this).account,
        LOG_SOURCES: Lazy.string({ produce: () => this.logSources() }),
      },
    });
    if ((rules._program.correlations ?? []).length > 0) {
      const correlations = new CorrelationTable(this, 'Correlations', rules._program);
      this.function.addEnvironment('CORRELATION_TABLE', correlations.table.tableName);
      correlations.grantUse(this.function);
    }
    this.function.configureAsyncInvoke({ retryAttempts: RETRY_ATTEMPTS });
    this.logGroup = this.function.logGroup;
    props.alertQueue.grantSendMessages(this.function);
    this.rejectedQueue.grantSendMessages(this.function);
  }

  /**
   * What it looks for: sources keep away at the door what no rule would match.
   *
   * @internal
   */
  public get _program(): Program {
    return this.rules._program;
  }

  /**
   * Whether calls that change something come in, by EventBridge or by a trail's log group.
   *
   * @internal
   */
  public get _seesCloudTrail(): boolean {
    return (
      this.node.tryFindChild(CLOUDTRAIL_EVENTS) !== undefined ||
      this.logGroups.some(({ content }) => content.cloudTrail)
    );
  }

  /** Adds a place where events come from. */
  public addSource(source: ILogSource): void {
    source.bind(this, this);
  }

  /**
   * Tells the function what lies in a log group. Called by log sources; a group that nobody told it about is
   * looked at as an application's.
   *
   * @throws Error where the log group was told already
   */
  public describeLogGroup(logGroup: ILogGroup, content: LogGroupContent): void {
    if (this.logGroups.some((known) => known.logGroup === logGroup)) {
      throw new Error(`log group '${logGroup.node.path}' is already a source of '${this.node.path}'; name it once`);
    }
    this.logGroups.push({ logGroup, content });
  }

  private keep(id: string): Queue {
    return new DeadLetterQueue(this, id);
  }

  private logSources(): string {
    return Stack.of(this).toJsonString(
      this.logGroups.map(({ logGroup, content: { cloudTrail, ...logsource } }) => ({
        logGroup: logGroup.logGroupName,
        source: cloudTrail ? 'cloudtrail' : 'application',
        ...logsource,
      })),
    );
  }
}
