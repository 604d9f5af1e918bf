import { Duration, Stack } from 'aws-cdk-lib';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { DeadLetterQueue } from '../dead-letter-queue';
import { FirebreakFunction } from '../firebreak-function';
import { StoreList, type IncidentStore } from '../triage/incident-store';
import { grantLookUp } from '../triage/hand-over';
import type { ContainmentRunbook } from './containment-runbook';
import { TIMEOUTS } from './machines/timeouts';

const EVERY = Duration.minutes(5);
/** An event pattern has 2,048 characters at most (EventBridge quotas), and an ARN of a machine some 150. */
const MACHINES_IN_A_RULE = 10;

/** Whose executions are looked after. */
export interface ContainmentAuditorProps {
  readonly store: IncidentStore;
  readonly runbooks: ContainmentRunbook[];
  /**
   * Where it logs.
   *
   * @default - a log group of its own
   */
  readonly logGroup?: ILogGroup;
}

/**
 * Notices every execution that ended without writing down how: a catch in a state machine sees neither its own
 * timeout nor somebody who stops it. Told by Step Functions, and asking by itself every 5 minutes.
 */
export class ContainmentAuditor extends Construct {
  public readonly handler: FirebreakFunction;
  public readonly deadLetterQueue: Queue;

  constructor(scope: Construct, id: string, props: ContainmentAuditorProps) {
    super(scope, id);
    this.deadLetterQueue = new DeadLetterQueue(this, 'DeadLetterQueue');
    this.handler = new FirebreakFunction(this, 'Function', {
      bundle: 'contain/auditor',
      description: 'Notices containments whose execution ended without saying how',
      timeout: Duration.seconds(TIMEOUTS.auditor),
      environment: {
        INCIDENT_TABLE: props.store.table.tableName,
        RUNBOOK_MACHINES: Stack.of(this).toJsonString(
          Object.fromEntries(
            props.runbooks.map(({ runbookId, containMachine }) => [runbookId, containMachine.stateMachineArn]),
          ),
        ),
      },
      deadLetterQueue: this.deadLetterQueue,
      logGroup: props.logGroup,
    });
    props.store.grantAppend(this.handler);
    props.store.grantList(this.handler, StoreList.WORK);
    const machines = props.runbooks.flatMap(({ containMachine, releaseMachine }) => [containMachine, releaseMachine]);
    for (const machine of machines) grantLookUp(machine, this.handler);

    const target = new LambdaFunction(this.handler, { deadLetterQueue: this.deadLetterQueue, retryAttempts: 8 });
    for (let from = 0; from < machines.length; from += MACHINES_IN_A_RULE) {
      const some = machines.slice(from, from + MACHINES_IN_A_RULE);
      new Rule(this, `Ended${from === 0 ? '' : from / MACHINES_IN_A_RULE + 1}`, {
        description: 'Firebreak: executions of runbooks that ended badly',
        eventPattern: {
          source: ['aws.states'],
          detailType: ['Step Functions Execution Status Change'],
          detail: {
            status: ['FAILED', 'TIMED_OUT', 'ABORTED'],
            stateMachineArn: some.map(({ stateMachineArn }) => stateMachineArn),
          },
        },
        targets: [target],
      });
    }
    new Rule(this, 'Every', {
      description: 'Firebreak: looks for containments that nobody works on',
      schedule: Schedule.rate(EVERY),
      targets: [
        new LambdaFunction(this.handler, {
          deadLetterQueue: this.deadLetterQueue,
          event: RuleTargetInput.fromObject({ source: 'firebreak.schedule' }),
        }),
      ],
    });
  }
}
