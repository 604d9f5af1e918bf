import { type CfnRule, type Rule } from 'aws-cdk-lib/aws-events';

/**
 * Has EventBridge give a rule calls that only read as well, which it otherwise keeps back. CDK has no word for it. Source:
 * EventBridge user guide, "Receiving read-only management events from AWS services"; not tried on AWS.
 */
export function withReads(rule: Rule): void {
  (rule.node.defaultChild as CfnRule).state = 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS';
}
