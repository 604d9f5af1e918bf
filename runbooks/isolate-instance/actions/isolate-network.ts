import { EC2Client, ModifyNetworkInterfaceAttributeCommand } from '@aws-sdk/client-ec2';
import { action, type ChangeContext } from '../../../lambdas/contain/runbook-host/action';
import { deviceIndex, ec2Resource, groupIds, instanceResource, readInterfaces } from './instance';
import {
  ensureIsolationGroup,
  isolationGroups,
  isolationPermissions,
  newGroupName,
  readRules,
} from './isolation-group';

type Before = {
  /** By device index, each with its groups in EC2's order. */
  readonly interfaces: { id: string; deviceIndex: number; vpc: string; groups: string[] }[];
  /** The name of the isolation group that this containment makes where it can share none. Absent in what earlier versions wrote down. */
  readonly isolation?: string;
};

/** Every interface, whatever its VPC, those included that were attached since the state was written down. */
export const isolateNetwork = action<Before>({
  id: 'isolate-network',

  async read(context) {
    const interfaces = await readInterfaces(context);
    return {
      interfaces: interfaces.map((eni) => ({
        id: eni.NetworkInterfaceId ?? '',
        deviceIndex: deviceIndex(eni),
        vpc: eni.VpcId ?? '',
        groups: groupIds(eni),
      })),
      isolation: newGroupName(),
    };
  },

  changes(before) {
    return before.interfaces.map((eni) => ({
      call: 'ec2:ModifyNetworkInterfaceAttribute',
      resource: eni.id,
      from: eni.groups.join(', '),
      to: `the isolation group of ${eni.vpc} alone`,
    }));
  },

  permissions(before, context, step) {
    const interfaces = before.interfaces.map(({ id }) => ec2Resource('network-interface', id));
    // One call, asked about for the interface, the instance that it belongs to, and each group.
    const move = {
      actions: ['ec2:ModifyNetworkInterfaceAttribute'],
      resources: [...interfaces, instanceResource(context)],
    };
    if (step === 'contain') return [move, ...isolationPermissions(before.interfaces.map(({ vpc }) => vpc))];
    const groups = new Set(before.interfaces.flatMap((eni) => eni.groups));
    return [{ ...move, resources: [...move.resources, ...[...groups].map((id) => ec2Resource('security-group', id))] }];
  },

  async contain({ isolation }, context) {
    const interfaces = await readInterfaces(context);
    const groups = new Map<string, string>();
    for (const vpc of new Set(interfaces.map(({ VpcId }) => VpcId ?? ''))) {
      groups.set(vpc, await ensureIsolationGroup(context, vpc, isolation));
    }
    for (const eni of interfaces) {
      const wanted = groups.get(eni.VpcId ?? '') ?? '';
      if (isExactly(groupIds(eni), [wanted])) continue;
      await setGroups(context, eni.NetworkInterfaceId ?? '', [wanted]);
    }
  },

  async verify({ isolation }, context) {
    const interfaces = await readInterfaces(context);
    if (interfaces.length === 0) return { ok: false, observed: 'no network interface was found' };
    const wrong: string[] = [];
    for (const vpc of new Set(interfaces.map(({ VpcId }) => VpcId ?? ''))) {
      const isolating = await isolationGroups(context, vpc, isolation);
      const used = new Set<string>();
      for (const eni of interfaces.filter(({ VpcId }) => VpcId === vpc)) {
        const group = isolating.find((id) => isExactly(groupIds(eni), [id]));
        if (group === undefined) wrong.push(`${eni.NetworkInterfaceId ?? ''} is in ${groupIds(eni).join(', ')}`);
        else used.add(group);
      }
      for (const group of used) {
        const rules = await readRules(context, group);
        if (rules.length > 0) wrong.push(`the isolation group ${group} has ${rules.length} rule(s)`);
      }
    }
    if (wrong.length > 0) return { ok: false, observed: wrong.join('; ') };
    return { ok: true, observed: `all ${interfaces.length} network interface(s) are in the isolation group alone` };
  },

  async release(before, context) {
    const now = await readInterfaces(context);
    const restored: string[] = [];
    const tasks: string[] = [];
    for (const eni of now) {
      const id = eni.NetworkInterfaceId ?? '';
      const known = before.interfaces.find((candidate) => candidate.id === id);
      if (!known) {
        tasks.push(
          `Interface ${id} was attached after the state was written down; it stays isolated. Give it groups, or detach it.`,
        );
      } else if (!isExactly(groupIds(eni), known.groups)) {
        await setGroups(context, id, known.groups);
        restored.push(`${id}: ${known.groups.join(', ')}`);
      }
    }
    for (const { id } of before.interfaces) {
      if (!now.some((eni) => eni.NetworkInterfaceId === id))
        tasks.push(`Interface ${id} was detached meanwhile; look at its groups.`);
    }
    return { restored, tasks };
  },

  async verifyReleased(before, context) {
    const now = await readInterfaces(context);
    const wrong = before.interfaces.filter((known) => {
      const eni = now.find((candidate) => candidate.NetworkInterfaceId === known.id);
      return eni !== undefined && !isExactly(groupIds(eni), known.groups);
    });
    return wrong.length === 0
      ? { ok: true, observed: `the groups of ${before.interfaces.length} network interface(s) are as before` }
      : { ok: false, observed: `not as before: ${wrong.map(({ id }) => id).join(', ')}` };
  },
});

async function setGroups(context: ChangeContext, NetworkInterfaceId: string, Groups: string[]): Promise<void> {
  await context.change.of(EC2Client).send(new ModifyNetworkInterfaceAttributeCommand({ NetworkInterfaceId, Groups }));
}

/** In any order: EC2 promises none, and rules of all groups count alike. */
function isExactly(found: readonly string[], wanted: readonly string[]): boolean {
  return found.length === wanted.length && found.every((group) => wanted.includes(group));
}
