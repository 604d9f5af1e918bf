import { Duration, Stack } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { exerciseEnvironment } from '../exercise';
import { FirebreakFunction } from '../firebreak-function';
import { grantCall } from '../grant-call';
import { StoreList, type IncidentStore } from './incident-store';
import { grantExecutions, grantHandOver, handOverEnvironment, type HandOverTargets } from './hand-over';

export interface PeopleAccessProps {
  readonly store: IncidentStore;
  readonly targets: HandOverTargets;
  /** By runbook id. */
  readonly releaseMachines: { [id: string]: StateMachine };
  /** By runbook id. */
  readonly evidenceFunctions: { [id: string]: IFunction };
  /** What is rehearsed: what people are shown says so. */
  readonly exercise?: string;
}

/** What the command line talks to: one function that reads, one that acts on incidents. */
export class PeopleAccess extends Construct {
  public readonly queryFunction: FirebreakFunction;
  public readonly respondFunction: FirebreakFunction;

  constructor(scope: Construct, id: string, props: PeopleAccessProps) {
    super(scope, id);
    const stack = Stack.of(this);
    this.queryFunction = new FirebreakFunction(this, 'Query', {
      bundle: 'triage/query',
      description: 'Reads incidents, containments and plans for people',
      timeout: Duration.minutes(1),
      environment: {
        INCIDENT_TABLE: props.store.table.tableName,
        EVIDENCE_FUNCTIONS: stack.toJsonString(mapValues(props.evidenceFunctions, (fn) => fn.functionName)),
        ...exerciseEnvironment(props.exercise),
      },
    });
    props.store.grantRead(this.queryFunction);
    props.store.grantList(this.queryFunction, StoreList.STATUS);
    for (const fn of Object.values(props.evidenceFunctions)) grantCall(fn, this.queryFunction);

    this.respondFunction = new FirebreakFunction(this, 'Respond', {
      bundle: 'triage/respond',
      description: 'Opens, acknowledges and closes incidents and asks for releases, for people',
      timeout: Duration.minutes(1),
      environment: {
        INCIDENT_TABLE: props.store.table.tableName,
        HOME_ACCOUNT: stack.account,
        ...handOverEnvironment(this, props.targets),
        RELEASE_MACHINES: stack.toJsonString(mapValues(props.releaseMachines, (machine) => machine.stateMachineArn)),
      },
    });
    props.store.grantAppend(this.respondFunction);
    grantHandOver(this.respondFunction, props.targets);
    for (const machine of Object.values(props.releaseMachines)) grantExecutions(machine, this.respondFunction);
  }
}

function mapValues<T>(values: { [key: string]: T }, map: (value: T) => string): { [key: string]: string } {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, map(value)]));
}
