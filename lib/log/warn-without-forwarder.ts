import { Annotations, Aspects, Stack, Token } from 'aws-cdk-lib';
import type { Construct, IConstruct } from 'constructs';
import { GLOBAL_REGION } from './detail-types';
import { GlobalEventsForwarder } from './global-events-forwarder';

/** Warns at synth, when all constructs are there, that global events would not be seen. */
export function warnWithoutForwarder(scope: Construct): void {
  const stack = Stack.of(scope);
  if (Token.isUnresolved(stack.region) || stack.region === GLOBAL_REGION) return;
  Aspects.of(scope).add({
    visit(node: IConstruct) {
      if (node !== scope) return;
      const forwarded = scope.node.root.node
        .findAll()
        .some((construct) => construct instanceof GlobalEventsForwarder && construct.homeRegion === stack.region);
      if (forwarded) return;
      Annotations.of(scope).addWarningV2(
        'firebreak:globalEvents',
        `events of IAM, STS and sign-in arrive in ${GLOBAL_REGION} only, and this is ${stack.region}: add a GlobalEventsForwarder with homeRegion '${stack.region}' in a stack in ${GLOBAL_REGION}, or a LogSource.cloudTrail of a multi-Region trail`,
      );
    },
  });
}
