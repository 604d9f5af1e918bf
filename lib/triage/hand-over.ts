import { ArnFormat, Stack } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { explainWildcard } from '../explain-wildcard';

/** What triage hands over to, by name. */
export interface HandOverTargets {
  /** Escalation machines by chain name. */
  readonly chains: { [name: string]: StateMachine };
  /** The chain that pages for open incidents whose own was renamed or removed. */
  readonly defaultChain: string;
  /** Containment machines by runbook id. */
  readonly runbooks: { [id: string]: StateMachine };
}

/** What a function needs to know to hand over. */
export function handOverEnvironment(scope: Construct, targets: HandOverTargets): { [name: string]: string } {
  const stack = Stack.of(scope);
  const arns = (machines: { [name: string]: StateMachine }) =>
    stack.toJsonString(
      Object.fromEntries(Object.entries(machines).map(([name, machine]) => [name, machine.stateMachineArn])),
    );
  return {
    ESCALATION_MACHINES: arns(targets.chains),
    DEFAULT_CHAIN: targets.defaultChain,
    CONTAINMENT_MACHINES: arns(targets.runbooks),
  };
}

/** What a function needs to be allowed to hand over: to start executions, and to look up the ones that are there. */
export function grantHandOver(grantee: IGrantable, targets: HandOverTargets): void {
  for (const machine of [...Object.values(targets.chains), ...Object.values(targets.runbooks)]) {
    grantExecutions(machine, grantee);
  }
}

/** Lets somebody start executions of a machine, and look up how one ended. */
export function grantExecutions(machine: StateMachine, grantee: IGrantable): Grant {
  return machine.grantStartExecution(grantee).combine(grantLookUp(machine, grantee));
}

/** Lets somebody look up how an execution ended. */
export function grantLookUp(machine: StateMachine, grantee: IGrantable): Grant {
  const stack = Stack.of(machine);
  const { resourceName } = stack.splitArn(machine.stateMachineArn, ArnFormat.COLON_RESOURCE_NAME);
  const executions = stack.formatArn({
    service: 'states',
    resource: 'execution',
    resourceName: `${resourceName ?? ''}:*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  explainWildcard(grantee, executions, 'Executions of this one machine; their names are known only when they run');
  return Grant.addToPrincipal({ grantee, actions: ['states:DescribeExecution'], resourceArns: [executions] });
}
