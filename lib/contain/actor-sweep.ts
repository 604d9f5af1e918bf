import { Duration, Stack, Validations } from 'aws-cdk-lib';
import { EventField, Rule, RuleTargetInput, type IEventBus } from 'aws-cdk-lib/aws-events';
import { SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { DefinitionBody, LogLevel, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { DeadLetterQueue } from '../dead-letter-queue';
import { FirebreakFunction } from '../firebreak-function';
import { firebreakLogs, logsOfMachines } from '../firebreak-logs';
import { InlineRole } from '../inline-role';
import { EVENT_SOURCE, type DetailType } from '../report/published-event';
import type { IncidentStore } from '../triage/incident-store';
import type { ContainmentRunbook } from './containment-runbook';
import { sweepMachine } from './machines/sweep-machine';
import { TIMEOUTS } from './machines/timeouts';
import { grantPermissions } from './runbook-permissions';

const STARTED_BY: DetailType = 'Containment Verified';

/** What a sweep needs of the other stages. */
export interface ActorSweepProps {
  readonly store: IncidentStore;
  /** The bus on which Firebreak says what happens to incidents. */
  readonly bus: IEventBus;
  /** What may contain what a sweep finds. */
  readonly runbooks: ContainmentRunbook[];
}

/**
 * Looks for what an actor created or changed, once it was contained: at once, and again after 5 and 20 minutes, because
 * CloudTrail shows events late. It hears of the containment on the bus, so that a containment never waits for it. What
 * becomes of what it finds is said in response plans (`sweep`).
 */
export class ActorSweep extends Construct {
  /** Reads CloudTrail and writes into incidents; it changes nothing else. */
  public readonly handler: FirebreakFunction;
  public readonly machine: StateMachine;
  /** Where events wait that started no sweep. */
  public readonly deadLetterQueue: Queue;

  constructor(scope: Construct, id: string, props: ActorSweepProps) {
    super(scope, id);
    this.deadLetterQueue = new DeadLetterQueue(this, 'DeadLetterQueue');
    this.handler = new FirebreakFunction(this, 'Function', {
      bundle: 'contain/sweep',
      description: 'Looks for what a contained actor created or changed',
      timeout: Duration.seconds(TIMEOUTS.sweep),
      memorySize: 1024,
      logGroup: firebreakLogs(this, 'Logs'),
      environment: {
        INCIDENT_TABLE: props.store.table.tableName,
        RUNBOOKS: JSON.stringify(props.runbooks.map(({ runbookId }) => runbookId)),
      },
    });
    props.store.grantAppend(this.handler, { partitions: ['INCIDENT#*', 'CONTAINMENT#*'] });
    const why = 'LookupEvents knows no resource; it reads the event history and changes nothing';
    grantPermissions(this.handler, [{ actions: ['cloudtrail:LookupEvents'], resources: ['*'], why }], {}, why);

    const role = new InlineRole(this, 'MachineRole', {
      assumedBy: new ServicePrincipal('states.amazonaws.com'),
      description: 'Firebreak: looks for what a contained actor created or changed',
    });
    role.addToPolicy(
      new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [this.handler.functionArn] }),
    );
    const definition = sweepMachine(this.handler.functionArn);
    this.machine = new StateMachine(this, 'Machine', {
      stateMachineType: StateMachineType.STANDARD,
      definitionBody: DefinitionBody.fromString(Stack.of(this).toJsonString(definition)),
      role,
      comment: definition.Comment,
      tracingEnabled: true,
      logs: { destination: logsOfMachines(this, 'MachineLogs'), level: LogLevel.ALL, includeExecutionData: false },
    });
    Validations.of(role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'Log deliveries and X-Ray traces of a state machine know no resource',
    });
    new Rule(this, 'Rule', {
      description: 'Firebreak: a containment was read back, and is swept after',
      eventBus: props.bus,
      eventPattern: { source: [EVENT_SOURCE], detailType: [STARTED_BY] },
      targets: [
        new SfnStateMachine(this.machine, {
          deadLetterQueue: this.deadLetterQueue,
          input: RuleTargetInput.fromObject({
            schemaVersion: 1,
            containmentId: EventField.fromPath('$.detail.containmentId'),
            incidentId: EventField.fromPath('$.detail.incidentId'),
            sequence: EventField.fromPath('$.detail.sequence'),
          }),
        }),
      ],
    });
  }
}
