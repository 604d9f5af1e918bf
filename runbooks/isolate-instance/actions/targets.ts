import {
  ElasticLoadBalancingV2Client,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  RegisterTargetsCommand,
  type TargetDescription,
  type TargetGroup,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { ActionContext, ChangeContext } from '../../../lambdas/contain/runbook-host/action';
import type { Permission } from '../../../lib/model/runbook-facts';
import { instanceId, readInterfaces } from './instance';
import { isDeleted, type JoinOne } from './join-each';

/** One registration of the instance with a target group. */
export type Registration = {
  readonly targetGroup: string;
  /** The instance's id, or one of its private addresses. */
  readonly id: string;
  readonly port: number;
  readonly zone: string | null;
};

const AT_ONCE = 8;

/** Where the instance is a target, by id or by address. Targets that are being drained are gone. */
export async function registrations(context: ActionContext): Promise<Registration[]> {
  const interfaces = await readInterfaces(context);
  const networks = new Set(interfaces.map(({ VpcId }) => VpcId));
  const names = new Set([
    instanceId(context),
    ...interfaces.flatMap((eni) => [
      ...(eni.PrivateIpAddresses ?? []).map(({ PrivateIpAddress }) => PrivateIpAddress ?? ''),
      ...(eni.Ipv6Addresses ?? []).map(({ Ipv6Address }) => Ipv6Address ?? ''),
    ]),
  ]);
  // An address can be a target from another VPC; an instance cannot.
  const groups = (await targetGroups(context)).filter(
    ({ TargetType, VpcId }) => TargetType === 'ip' || (TargetType === 'instance' && networks.has(VpcId)),
  );
  const found: Registration[] = [];
  for (let start = 0; start < groups.length; start += AT_ONCE) {
    const batch = groups.slice(start, start + AT_ONCE);
    found.push(...(await Promise.all(batch.map((group) => inGroup(context, group, names)))).flat());
  }
  return found;
}

async function targetGroups(context: ActionContext): Promise<TargetGroup[]> {
  const groups: TargetGroup[] = [];
  let Marker: string | undefined;
  do {
    const page = await context.aws.of(ElasticLoadBalancingV2Client).send(new DescribeTargetGroupsCommand({ Marker }));
    groups.push(...(page.TargetGroups ?? []));
    Marker = page.NextMarker;
  } while (Marker !== undefined);
  return groups;
}

async function inGroup(
  context: ActionContext,
  group: TargetGroup,
  names: ReadonlySet<string>,
): Promise<Registration[]> {
  const TargetGroupArn = group.TargetGroupArn ?? '';
  try {
    const { TargetHealthDescriptions } = await context.aws
      .of(ElasticLoadBalancingV2Client)
      .send(new DescribeTargetHealthCommand({ TargetGroupArn }));
    return (TargetHealthDescriptions ?? [])
      .filter(({ Target, TargetHealth }) => names.has(Target?.Id ?? '') && TargetHealth?.State !== 'draining')
      .map(({ Target }) => ({
        targetGroup: TargetGroupArn,
        id: Target?.Id ?? '',
        port: Target?.Port ?? group.Port ?? 0,
        zone: Target?.AvailabilityZone ?? null,
      }));
  } catch (error) {
    // Deleted between the two calls.
    if (isDeleted(error)) return [];
    throw error;
  }
}

export function describe(registration: Registration): TargetDescription {
  return {
    Id: registration.id,
    Port: registration.port,
    // Only an address outside the load balancer's VPC has a zone of its own, which is `all`.
    ...(registration.zone === 'all' && { AvailabilityZone: 'all' }),
  };
}

/** To make one call about exactly these target groups. */
export function targetPermissions(call: string, wanted: readonly Registration[]): Permission[] {
  return wanted.length === 0
    ? []
    : [{ actions: [call], resources: [...new Set(wanted.map(({ targetGroup }) => targetGroup))] }];
}

/** What `register` needs. */
export function registerPermissions(wanted: readonly Registration[]): Permission[] {
  return targetPermissions('elasticloadbalancing:RegisterTargets', wanted);
}

/** What registers what is not registered; registering twice is harmless. */
export async function joinTargets(context: ChangeContext, wanted: readonly Registration[]): Promise<JoinOne[]> {
  if (wanted.length === 0) return [];
  const there = await registrations(context);
  return wanted
    .filter((registration) => !isIn(registration, there))
    .map((registration) => ({
      what: text(registration),
      join: () =>
        context.change
          .of(ElasticLoadBalancingV2Client)
          .send(
            new RegisterTargetsCommand({ TargetGroupArn: registration.targetGroup, Targets: [describe(registration)] }),
          ),
    }));
}

/** What is not registered. A target group that was deleted meanwhile is a person's task: nobody waits for it. */
export async function notRegistered(context: ActionContext, wanted: readonly Registration[]): Promise<string[]> {
  if (wanted.length === 0) return [];
  const there = await registrations(context);
  const missing = wanted.filter((registration) => !isIn(registration, there));
  if (missing.length === 0) return [];
  const groups = new Set((await targetGroups(context)).map(({ TargetGroupArn }) => TargetGroupArn));
  return missing.filter(({ targetGroup }) => groups.has(targetGroup)).map(text);
}

export function text(registration: Registration): string {
  return `${registration.id}:${registration.port} in ${registration.targetGroup.split('/').at(-2) ?? registration.targetGroup}`;
}

function isIn(registration: Registration, list: readonly Registration[]): boolean {
  return list.some(
    (other) =>
      other.targetGroup === registration.targetGroup &&
      other.id === registration.id &&
      other.port === registration.port,
  );
}
