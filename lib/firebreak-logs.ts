import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

const FORGETTING = { retention: RetentionDays.THREE_MONTHS, removalPolicy: RemovalPolicy.DESTROY };

/** A log group that is not kept for ever. */
export function firebreakLogs(scope: Construct, id: string): LogGroup {
  return new LogGroup(scope, id, FORGETTING);
}

/**
 * The same for state machines. Each log group to which they write gets a line in one policy of the account, which holds 5,120 characters;
 * beyond that no state machine with logs can be made. Groups under this prefix need no line (Step Functions guide, "Using CloudWatch Logs to
 * log execution history"). One to a scope.
 */
export function logsOfMachines(scope: Construct, id: string): LogGroup {
  const { id: part, addr } = scope.node;
  const logGroupName = `/aws/vendedlogs/states/${Stack.of(scope).stackName}/${part}-${addr.slice(-8)}`;
  return new LogGroup(scope, id, { ...FORGETTING, logGroupName });
}
