import { Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** CloudFormation cuts the stack's name to this in the names of roles, which may have 64 characters in all. */
const NAME_PREFIX = 24;

/** How the names begin that CloudFormation gives the parts of a construct's stack. */
export function partPrefix(construct: IConstruct): string {
  return Stack.of(construct).stackName.slice(0, NAME_PREFIX);
}
