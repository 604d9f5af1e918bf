import { type EventPattern, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { Construct } from 'constructs';
import type { Detector } from '../detect/detector';

/** A rule on the default bus that leads to the detector; what cannot be delivered is kept. */
export function ruleTo(
  scope: Construct,
  id: string,
  detector: Detector,
  props: { description: string; eventPattern: EventPattern },
): Rule {
  if (scope.node.tryFindChild(id) !== undefined) {
    throw new Error(`'${scope.node.path}' has this source already (${id}); name it once`);
  }
  const rule = new Rule(scope, id, props);
  // EventBridge's own retries, up to 24 hours and 185 times, come before the queue.
  rule.addTarget(new LambdaFunction(detector.function, { deadLetterQueue: detector.deadLetterQueue }));
  return rule;
}
