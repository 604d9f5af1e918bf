import {
  DeregisterInstancesFromLoadBalancerCommand,
  DescribeInstanceHealthCommand,
  DescribeLoadBalancersCommand,
  ElasticLoadBalancingClient,
  RegisterInstancesWithLoadBalancerCommand,
} from '@aws-sdk/client-elastic-load-balancing';
import type { ActionContext, ChangeContext } from '../../../lambdas/contain/runbook-host/action';
import { isNamed } from '../../../lambdas/shared/aws-error';
import type { Permission } from '../../../lib/model/runbook-facts';
import { instanceId } from './instance';

/** The names of the Classic Load Balancers of this Region with which the instance is registered. */
export async function classicLoadBalancers(context: ActionContext): Promise<string[]> {
  const names: string[] = [];
  let Marker: string | undefined;
  do {
    const page = await context.aws.of(ElasticLoadBalancingClient).send(new DescribeLoadBalancersCommand({ Marker }));
    for (const { LoadBalancerName = '', Instances = [] } of page.LoadBalancerDescriptions ?? []) {
      if (Instances.some(({ InstanceId }) => InstanceId === instanceId(context))) names.push(LoadBalancerName);
    }
    Marker = page.NextMarker;
  } while (Marker !== undefined && Marker !== '');
  return names;
}

/**
 * Those of the named that still have the instance, asked of each by itself, as health checks see it. What is being drained gets
 * no new request, and is gone. A load balancer that was deleted has nobody.
 */
export async function stillServedBy(context: ActionContext, names: readonly string[]): Promise<string[]> {
  const serves = await Promise.all(names.map((name) => isServedBy(context, name)));
  return names.filter((_, index) => serves[index]);
}

async function isServedBy(context: ActionContext, LoadBalancerName: string): Promise<boolean> {
  try {
    // Without the instance's id, which AWS refuses once it is deregistered.
    const { InstanceStates } = await context.aws
      .of(ElasticLoadBalancingClient)
      .send(new DescribeInstanceHealthCommand({ LoadBalancerName }));
    return (InstanceStates ?? []).some(
      ({ InstanceId, Description = '' }) =>
        InstanceId === instanceId(context) && !/deregistration currently in progress/i.test(Description),
    );
  } catch (error) {
    if (isNamed(error, 'LoadBalancerNotFound', 'AccessPointNotFoundException')) return false;
    throw error;
  }
}

/** Takes the instance out of each; one that does not know it is no error to AWS. */
export async function leaveClassic(context: ChangeContext): Promise<void> {
  for (const LoadBalancerName of await classicLoadBalancers(context)) {
    await context.change.of(ElasticLoadBalancingClient).send(
      new DeregisterInstancesFromLoadBalancerCommand({
        LoadBalancerName,
        Instances: [{ InstanceId: instanceId(context) }],
      }),
    );
  }
}

/** Registers the instance where it is not registered; gives the names. */
export async function joinClassic(context: ChangeContext, wanted: readonly string[]): Promise<string[]> {
  if (wanted.length === 0) return [];
  const there = await classicLoadBalancers(context);
  const missing = wanted.filter((name) => !there.includes(name));
  for (const LoadBalancerName of missing) {
    await context.change.of(ElasticLoadBalancingClient).send(
      new RegisterInstancesWithLoadBalancerCommand({
        LoadBalancerName,
        Instances: [{ InstanceId: instanceId(context) }],
      }),
    );
  }
  return missing;
}

/** To make one call about exactly these. */
export function classicPermissions(call: string, names: readonly string[]): Permission[] {
  return names.length === 0 ? [] : [{ actions: [call], resources: names.map(classicArn) }];
}

export function classicArn(name: string): string {
  return `arn:{partition}:elasticloadbalancing:{region}:{account}:loadbalancer/${name}`;
}
