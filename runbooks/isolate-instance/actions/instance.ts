import {
  EC2Client,
  DescribeInstancesCommand,
  DescribeNetworkInterfacesCommand,
  type Instance,
  type NetworkInterface,
} from '@aws-sdk/client-ec2';
import type { ActionContext } from '../../../lambdas/contain/runbook-host/action';

export function instanceId(context: ActionContext): string {
  return context.target.id.split('/').at(-1) ?? context.target.id;
}

/** The ARN of the instance, as a permission names it. */
export function instanceResource(context: ActionContext): string {
  return ec2Resource('instance', instanceId(context));
}

/** The ARN of something of EC2 in the account and Region of the stack, as a permission names it. */
export function ec2Resource(kind: 'instance' | 'network-interface' | 'security-group' | 'volume' | 'vpc', id: string) {
  return `arn:{partition}:ec2:{region}:{account}:${kind}/${id}`;
}

/** @throws Error where the instance is gone: there is nothing left to isolate. */
export async function readInstance(context: ActionContext): Promise<Instance> {
  const id = instanceId(context);
  const { Reservations } = await context.aws.of(EC2Client).send(new DescribeInstancesCommand({ InstanceIds: [id] }));
  const instance = Reservations?.[0]?.Instances?.[0];
  const state = instance?.State?.Name;
  if (!instance || state === 'terminated' || state === 'shutting-down') {
    throw new Error(
      `instance '${id}' is ${state ?? 'not there'}: its volumes and memory are gone, look at the snapshots`,
    );
  }
  return instance;
}

/** Every network interface that is attached now, by device index; those that were attached a moment ago included. */
export async function readInterfaces(context: ActionContext): Promise<NetworkInterface[]> {
  const { NetworkInterfaces } = await context.aws.of(EC2Client).send(
    new DescribeNetworkInterfacesCommand({
      Filters: [{ Name: 'attachment.instance-id', Values: [instanceId(context)] }],
    }),
  );
  return (NetworkInterfaces ?? []).sort((a, b) => deviceIndex(a) - deviceIndex(b));
}

export function deviceIndex(networkInterface: NetworkInterface): number {
  return networkInterface.Attachment?.DeviceIndex ?? 0;
}

/** The groups of an interface in the order in which EC2 gives them, which is the one that release asks for. */
export function groupIds(networkInterface: NetworkInterface): string[] {
  return (networkInterface.Groups ?? []).map(({ GroupId }) => GroupId ?? '');
}
