import { Duration } from 'aws-cdk-lib';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { DeadLetterQueue } from '../dead-letter-queue';
import { FirebreakFunction } from '../firebreak-function';
import { StoreList, type IncidentStore } from '../triage/incident-store';
import { grantLookUp } from '../triage/hand-over';
import type { ContainmentRunbook } from './containment-runbook';
import { TIMEOUTS } from './machines/timeouts';

const EVERY = Duration.minutes(5);

/** Whose executions are looked after. */
export interface ContainmentAuditorProps {
  readonly store: IncidentStore;
  readonly runbooks: ContainmentRunbook[];
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
      environment: { INCIDENT_TABLE: props.store.table.tableName },
      deadLetterQueue: this.deadLetterQueue,
    });
    props.store.grantAppend(this.handler);
    props.store.grantList(this.handler, StoreList.WORK);
    const machines = props.runbooks.flatMap(({ containMachine, releaseMachine }) => [containMachine, releaseMachine]);
    for (const machine of machines) grantLookUp(machine, this.handler);

    const target = new LambdaFunction(this.handler, { deadLetterQueue: this.deadLetterQueue, retryAttempts: 8 });
    if (machines.length > 0) {
      new Rule(this, 'Ended', {
        description: 'Firebreak: executions of runbooks that ended badly',
        eventPattern: {
          source: ['aws.states'],
          detailType: ['Step Functions Execution Status Change'],
          detail: {
            status: ['FAILED', 'TIMED_OUT', 'ABORTED'],
            stateMachineArn: machines.map(({ stateMachineArn }) => stateMachineArn),
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
