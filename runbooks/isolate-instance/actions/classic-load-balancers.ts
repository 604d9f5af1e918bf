import {
  DeregisterInstancesFromLoadBalancerCommand,
  DescribeInstanceHealthCommand,
  DescribeLoadBalancersCommand,
  ElasticLoadBalancingClient,
  RegisterInstancesWithLoadBalancerCommand,
} from '@aws-sdk/client-elastic-load-balancing';
import type { ActionContext, ChangeContext } from '../../../lambdas/contain/runbook-host/action';
import type { Permission } from '../../../lib/model/runbook-facts';
import { instanceId } from './instance';
import { isDeleted, type JoinOne } from './join-each';

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
    if (isDeleted(error)) return false;
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

/** What registers the instance where it is not registered. */
export async function joinClassic(context: ChangeContext, wanted: readonly string[]): Promise<JoinOne[]> {
  if (wanted.length === 0) return [];
  const there = await classicLoadBalancers(context);
  return wanted
    .filter((name) => !there.includes(name))
    .map((LoadBalancerName) => ({
      what: classicText(LoadBalancerName),
      join: async () => {
        // Throws where it was deleted: asked, and not left to what the call answers.
        await readOne(context, LoadBalancerName);
        await context.change.of(ElasticLoadBalancingClient).send(
          new RegisterInstancesWithLoadBalancerCommand({
            LoadBalancerName,
            Instances: [{ InstanceId: instanceId(context) }],
          }),
        );
      },
    }));
}

/** Those of the named that do not have the instance. One that was deleted meanwhile is a person's task: nobody waits for it. */
export async function notServedBy(context: ActionContext, wanted: readonly string[]): Promise<string[]> {
  const missing: string[] = [];
  const there = await stillServedBy(context, wanted);
  for (const name of wanted.filter((one) => !there.includes(one))) {
    if (await exists(context, name)) missing.push(classicText(name));
  }
  return missing;
}

async function exists(context: ActionContext, name: string): Promise<boolean> {
  try {
    await readOne(context, name);
    return true;
  } catch (error) {
    if (isDeleted(error)) return false;
    throw error;
  }
}

async function readOne(context: ActionContext, name: string): Promise<void> {
  await context.aws
    .of(ElasticLoadBalancingClient)
    .send(new DescribeLoadBalancersCommand({ LoadBalancerNames: [name] }));
}

export function classicText(name: string): string {
  return `with Classic Load Balancer ${name}`;
}

/** To make one call about exactly these. */
export function classicPermissions(call: string, names: readonly string[]): Permission[] {
  return names.length === 0 ? [] : [{ actions: [call], resources: names.map(classicArn) }];
}

export function classicArn(name: string): string {
  return `arn:{partition}:elasticloadbalancing:{region}:{account}:loadbalancer/${name}`;
}
