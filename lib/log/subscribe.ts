import { createHash } from 'node:crypto';
import { Stack, Token } from 'aws-cdk-lib';
import { CfnSubscriptionFilter, FilterPattern, type ILogGroup, SubscriptionFilter } from 'aws-cdk-lib/aws-logs';
import { LambdaDestination } from 'aws-cdk-lib/aws-logs-destinations';
import type { Construct } from 'constructs';
import type { Detector, LogGroupContent } from '../detect/detector';
import { FirebreakFunction } from '../firebreak-function';

/** Source: CloudWatch Logs quotas, "Subscription filters": 2 per log group, cannot be changed. */
const MAX_FILTERS = 2;

/**
 * Leads a log group to a detector by a subscription filter for each pattern. An event that several patterns match comes
 * several times, and is one alert.
 */
export function subscribe(
  scope: Construct,
  detector: Detector,
  logGroup: ILogGroup,
  content: LogGroupContent,
  patterns: readonly string[],
): void {
  refuseOwn(scope, logGroup);
  detector.describeLogGroup(logGroup, content);
  refuseThird(scope, logGroup, patterns.length);
  for (const [index, pattern] of patterns.entries()) {
    // The first keeps its id whether there is a second or not.
    new SubscriptionFilter(scope, `Subscription${stableName(logGroup)}${index === 0 ? '' : `Part${index + 1}`}`, {
      logGroup,
      destination: new LambdaDestination(detector.function),
      filterPattern: FilterPattern.literal(pattern),
    });
  }
}

/** What the detector says about a line would be the next line. */
function refuseOwn(scope: Construct, logGroup: ILogGroup): void {
  const owner = scope.node.root.node
    .findAll()
    .find((construct) => construct instanceof FirebreakFunction && construct.logGroup === logGroup);
  if (owner !== undefined) {
    throw new Error(
      `log group '${logGroup.node.path}' belongs to Firebreak itself ('${owner.node.path}'): each line would cause the next; leave it out`,
    );
  }
}

function refuseThird(scope: Construct, logGroup: ILogGroup, wanted: number): void {
  const name = JSON.stringify(Stack.of(scope).resolve(logGroup.logGroupName));
  const filters = scope.node.root.node
    .findAll()
    .filter((construct) => construct instanceof CfnSubscriptionFilter)
    .filter((filter) => JSON.stringify(Stack.of(scope).resolve(filter.logGroupName)) === name);
  if (filters.length + wanted > MAX_FILTERS) {
    throw new Error(
      `log group '${logGroup.node.path}' has ${filters.length} subscription filters already (${filters.map(({ node }) => `'${node.path}'`).join(', ')}), and CloudWatch Logs allows ${MAX_FILTERS}; take one away, or send both through Kinesis`,
    );
  }
}

/** From the log group and never from the order, so that a source more or less replaces no other filter. */
function stableName(logGroup: ILogGroup): string {
  const name = Token.isUnresolved(logGroup.logGroupName) ? logGroup.node.path : logGroup.logGroupName;
  return createHash('sha256').update(name).digest('hex').slice(0, 8).toUpperCase();
}
