import { createHash } from 'node:crypto';
import { Stack, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { CANARY_RULE_ID, canaryPlace } from './model/canary';

/**
 * Where the canaries of a stack ask: a name that another stack or Region, whose trail may lead here too, does not use.
 */
export function canaryPlaceOf(scope: IConstruct): string {
  const { node, stackName, region } = Stack.of(scope);
  const whose = [node.addr, Token.isUnresolved(stackName) ? '' : stackName, Token.isUnresolved(region) ? '' : region];
  return canaryPlace(createHash('sha256').update(whose.join('|')).digest('hex').slice(0, 12));
}

/**
 * The canary's rule: one among the others, for the detector knows no canaries. What it matches is a call that does
 * nothing, so not even a registered canary could hide anything behind it: every other rule looks at the same event.
 */
export function canaryRule(place: string): string {
  return `title: Canary of Firebreak
id: ${CANARY_RULE_ID}
status: stable
description: |
  Firebreak asked to delete a parameter that does not exist, to see that its own chain is whole. An incident of this rule is
  a canary that nobody registered, or that came too late - somebody copies it, or the chain is slow.
author: Firebreak
date: 2026-11-21
logsource:
  product: aws
  service: cloudtrail
detection:
  selection:
    eventSource: ssm.amazonaws.com
    eventName: DeleteParameter
    requestParameters.name|startswith: ${place}
  condition: selection
level: medium
`;
}
