import { Annotations, AspectPriority, Aspects, CfnResource, Stack } from 'aws-cdk-lib';
import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { CfnEventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { type PricedResource, quietMonth, type QuietMonth, runsAMonth } from './quiet-month';

/** What a stack costs while nothing happens, told by the CDK at synth. */
export class CostEstimate {
  /**
   * Has the CDK say at each synth what a stack costs in a month in which nothing happens, in USD, with what makes the sum: list
   * prices of us-east-1 (`lib/cost/prices.ts`), no free tier taken off. Whatever else is in the stack is counted, too; types of
   * which no price is known are named. What is used comes on top: log events, incidents, messages, what lies in the vault.
   *
   * @param stack - Firebreak's, or any other
   */
  public static show(stack: Stack): void {
    // Last, when all resources are there.
    Aspects.of(stack).add(
      {
        visit: (node) => {
          if (node === stack)
            Annotations.of(stack).addInfoV2('firebreak:cost', inWords(quietMonth(resourcesOf(stack))));
        },
      },
      { priority: AspectPriority.READONLY },
    );
  }

  private constructor() {}
}

function resourcesOf(stack: Stack): PricedResource[] {
  const all = stack.node.findAll().filter((construct) => CfnResource.isCfnResource(construct));
  const own = all.filter((resource) => Stack.of(resource) === stack);
  const queues = own.filter(({ cfnResourceType }) => cfnResourceType === 'AWS::SQS::Queue');
  const ids = new Set(queues.map((queue) => stack.getLogicalId(queue)));
  return own.map((resource) => priced(stack, resource, ids));
}

function priced(stack: Stack, resource: CfnResource, queues: ReadonlySet<string>): PricedResource {
  const { cfnResourceType: type } = resource;
  if (resource instanceof CfnAlarm) {
    const { period } = resource;
    return { type, metrics: metricsOf(stack, resource), ...(period !== undefined && { period }) };
  }
  if (resource instanceof CfnRule && resource.scheduleExpression !== undefined) {
    const runs = runsAMonth(resource.scheduleExpression);
    return runs === undefined ? { type: `${type} with '${resource.scheduleExpression}'` } : { type, runs };
  }
  if (resource instanceof CfnEventSourceMapping) {
    const arn = stack.resolve(resource.eventSourceArn) as string | { 'Fn::GetAtt'?: readonly string[] } | undefined;
    const polls = typeof arn === 'string' ? arn.split(':')[2] === 'sqs' : queues.has(arn?.['Fn::GetAtt']?.[0] ?? '');
    return { type, polls };
  }
  return { type };
}

/** Of one metric, or of an expression over several. */
function metricsOf(stack: Stack, alarm: CfnAlarm): { readonly namespace: string; readonly name: string }[] {
  if (alarm.metrics === undefined) return [{ namespace: alarm.namespace ?? '', name: alarm.metricName ?? '' }];
  const queries = stack.resolve(alarm.metrics) as {
    metricStat?: { metric?: { namespace?: string; metricName?: string } };
  }[];
  return queries.flatMap(({ metricStat }) =>
    metricStat === undefined
      ? []
      : [{ namespace: metricStat.metric?.namespace ?? '', name: metricStat.metric?.metricName ?? '' }],
  );
}

function inWords({ lines, usd, unknown }: QuietMonth): string {
  const parts = lines.map(({ what, count, usd: each }) => `${what} ${each.toFixed(2)} (${count})`);
  const rest = [...unknown].map(([type, count]) => `${type} (${count})`);
  return (
    `costs about ${usd.toFixed(2)} USD a month while nothing happens${parts.length > 0 ? `: ${parts.join(', ')}` : ''}. ` +
    'List prices of us-east-1, no free tier taken off; what is used comes on top.' +
    (rest.length > 0 ? ` No price is known for ${rest.join(', ')}.` : '')
  );
}
