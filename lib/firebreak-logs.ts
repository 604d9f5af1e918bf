import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

const FORGETTING = { retention: RetentionDays.THREE_MONTHS, removalPolicy: RemovalPolicy.DESTROY };

/** A log group that is not kept for ever. */
export function firebreakLogs(scope: Construct, id: string): LogGroup {
  return new LogGroup(scope, id, FORGETTING);
}

/** A name may have 512 characters, and the ARN that Step Functions takes 256; a stack's name has up to 128. */
const PART = 40;

/**
 * The same for state machines. The log groups to which they write are listed in one policy of the account, which holds 5,120 characters;
 * where it is full no state machine with logs can be made. AWS advises this prefix, whose groups need not be listed (Step Functions guide,
 * "Avoiding Amazon CloudWatch Logs resource policy size restrictions"). One to a scope.
 */
export function logsOfMachines(scope: Construct, id: string): LogGroup {
  // An id may hold what the name of a log group may not.
  const part = scope.node.id.replaceAll(/[^\w.-]/g, '').slice(0, PART);
  const logGroupName = `/aws/vendedlogs/states/${Stack.of(scope).stackName}/${part}-${scope.node.addr.slice(-8)}`;
  return new LogGroup(scope, id, { ...FORGETTING, logGroupName });
}
