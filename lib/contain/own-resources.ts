import { Aws, Stack, Token } from 'aws-cdk-lib';
import type { EvidenceVault } from '../report/evidence-vault';
import type { IncidentStore } from '../triage/incident-store';
import type { Brake } from './brake';

/** CloudFormation names most things after their stack, of whose name it takes this much. */
const STACK_NAME_IN_NAMES = 24;

/** How CloudFormation's names of a stack's resources begin, as a pattern. */
function ownNames({ stackName }: Stack): string {
  const cut = !Token.isUnresolved(stackName) && stackName.length > STACK_NAME_IN_NAMES;
  return cut ? `${stackName.slice(0, STACK_NAME_IN_NAMES)}*` : `${stackName}-*`;
}

/**
 * Path of the roles that containments run with. Known before they are made, so that the functions that assume them can
 * name them in policies of their own without a circle.
 */
export function runRolePath(stack: Stack, ...rest: readonly string[]): string {
  return `/${['firebreak', stack.region, stack.stackName, ...rest].join('/')}/`;
}

export function runRoleArns(stack: Stack, ...rest: readonly string[]): string {
  return `arn:${Aws.PARTITION}:iam::${stack.account}:role${runRolePath(stack, ...rest)}*`;
}

/** Every role of the stack. */
export function ownRoles(stack: Stack): string[] {
  return [`arn:${Aws.PARTITION}:iam::${stack.account}:role/${ownNames(stack)}`, runRoleArns(stack)];
}

/** What of Firebreak's own a runbook could be pointed at. */
export function ownTargets(stack: Stack, vault: EvidenceVault): string[] {
  return [
    ...ownRoles(stack),
    `arn:${Aws.PARTITION}:lambda:${stack.region}:${stack.account}:function:${ownNames(stack)}`,
    ...[vault.bucket, vault._accessLogs].map(({ bucketName }) => `arn:${Aws.PARTITION}:s3:::${bucketName}`),
  ];
}

/** Everything that Firebreak needs to stay as it is: what no run may touch, whatever it was allowed. */
export function ownResources(
  stack: Stack,
  parts: { readonly store: IncidentStore; readonly vault: EvidenceVault; readonly brake: Brake },
): string[] {
  const named = (service: string, resource: string) =>
    `arn:${Aws.PARTITION}:${service}:${stack.region}:${stack.account}:${resource}`;
  const names = ownNames(stack);
  const { bucket, encryptionKey } = parts.vault;
  return [
    ...ownTargets(stack, parts.vault),
    bucket.arnForObjects('*'),
    encryptionKey.keyArn,
    parts.store.table.tableArn,
    parts.brake.parameterArn,
    `arn:${Aws.PARTITION}:iam::${stack.account}:policy/${names}`,
    // Machines are the one thing that CloudFormation does not name after the stack, and runbooks contain none.
    named('states', '*'),
    named('sns', names),
    named('sqs', names),
    named('events', `rule/${names}`),
    named('logs', `log-group:${names}`),
  ];
}
