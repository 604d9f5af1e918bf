import { Annotations, Aspects, Stack, Token } from 'aws-cdk-lib';
import type { Construct, IConstruct } from 'constructs';
import { partPrefix } from '../part-prefix';
import { GLOBAL_REGION } from './detail-types';
import { GlobalEventsForwarder } from './global-events-forwarder';

/** Warns at synth, when all constructs are there, that global events would not be seen. */
export function warnWithoutForwarder(scope: Construct): void {
  const stack = Stack.of(scope);
  if (Token.isUnresolved(stack.region) || stack.region === GLOBAL_REGION) return;
  Aspects.of(scope).add({
    visit(node: IConstruct) {
      if (node !== scope) return;
      const forwarders = scope.node.root.node
        .findAll()
        .filter((found) => found instanceof GlobalEventsForwarder && found.homeRegion === stack.region);
      for (const forwarder of forwarders) warnOfName(scope, forwarder);
      if (forwarders.length > 0) return;
      Annotations.of(scope).addWarningV2(
        'firebreak:globalEvents',
        `events of IAM, STS and sign-in arrive in ${GLOBAL_REGION} only, and this is ${stack.region}: add a GlobalEventsForwarder with homeRegion '${stack.region}' in a stack in ${GLOBAL_REGION}, or a LogSource.cloudTrail of a multi-Region trail`,
      );
    },
  });
}

/** What is done to its parts is known at home by their names. */
function warnOfName(scope: Construct, forwarder: IConstruct): void {
  const { stackName } = Stack.of(forwarder);
  if (stackName.startsWith(partPrefix(scope))) return;
  Annotations.of(scope).addWarningV2(
    'firebreak:forwarderName',
    `nobody is told who changes '${forwarder.node.path}' in ${GLOBAL_REGION}, or that it lost events: its stack is named '${stackName}'; let the name begin with '${partPrefix(scope)}', as that of this stack does`,
  );
}
