import { EC2Client, DescribeInstanceAttributeCommand, ModifyInstanceAttributeCommand } from '@aws-sdk/client-ec2';
import { action, type ActionContext, type ChangeContext } from '../../../lambdas/contain/runbook-host/action';
import { ec2Resource, instanceId, instanceResource, readInstance } from './instance';

type Before = {
  readonly spot: boolean;
  /** Null for a Spot instance, which has no termination protection. */
  readonly protected: boolean | null;
  /** `stop` or `terminate`; null for a Spot instance. */
  readonly shutdown: string | null;
  readonly volumes: { device: string; volume: string; deleteOnTermination: boolean }[];
};

/**
 * So that neither the attacker nor a tidy colleague destroys the disks. It does not stop Auto Scaling, which is left
 * by the next action. One attribute a call, as EC2 demands.
 */
export const protectFromTermination = action<Before>({
  id: 'protect-from-termination',
  read: readAttributes,

  changes(before, context) {
    const resource = instanceId(context);
    const call = 'ec2:ModifyInstanceAttribute';
    return [
      ...(before.protected === false
        ? [{ call, resource, from: 'may be terminated', to: 'protected from termination' }]
        : []),
      ...(before.shutdown !== null && before.shutdown !== 'stop'
        ? [{ call, resource, from: `shutdown means ${before.shutdown}`, to: 'shutdown means stop' }]
        : []),
      ...before.volumes
        .filter(({ deleteOnTermination }) => deleteOnTermination)
        .map(({ device, volume }) => ({
          call,
          resource: volume,
          from: `${device} goes with the instance`,
          to: `${device} stays`,
        })),
    ];
  },

  permissions(before, context) {
    // The volumes too: their DeleteOnTermination is an attribute of the instance that is asked about for each of them.
    return [
      {
        actions: ['ec2:ModifyInstanceAttribute'],
        resources: [instanceResource(context), ...before.volumes.map(({ volume }) => ec2Resource('volume', volume))],
      },
    ];
  },

  async contain(_before, context) {
    // As it is now: volumes may have been attached since the state was written down.
    const now = await readAttributes(context);
    if (now.protected === false) await setProtected(context, true);
    if (now.shutdown !== null && now.shutdown !== 'stop') await setShutdown(context, 'stop');
    for (const { device, deleteOnTermination } of now.volumes) {
      if (deleteOnTermination) await setDeleteOnTermination(context, device, false);
    }
  },

  async verify(_before, context) {
    const now = await readAttributes(context);
    const wrong = [
      ...(now.protected === false ? ['it may be terminated'] : []),
      ...(now.shutdown !== null && now.shutdown !== 'stop' ? [`shutdown means ${now.shutdown}`] : []),
      ...now.volumes.filter((v) => v.deleteOnTermination).map((v) => `${v.device} goes with the instance`),
    ];
    if (wrong.length > 0) return { ok: false, observed: wrong.join('; ') };
    return { ok: true, observed: `the instance is protected, and its ${now.volumes.length} volume(s) stay` };
  },

  async release(before, context) {
    const now = await readAttributes(context);
    const restored: string[] = [];
    for (const { device, volume, deleteOnTermination } of before.volumes) {
      const current = now.volumes.find((candidate) => candidate.device === device && candidate.volume === volume);
      if (!current || current.deleteOnTermination === deleteOnTermination) continue;
      await setDeleteOnTermination(context, device, deleteOnTermination);
      restored.push(`${device} goes with the instance again`);
    }
    if (before.shutdown !== null && before.shutdown !== now.shutdown) {
      await setShutdown(context, before.shutdown);
      restored.push(`shutdown means ${before.shutdown}`);
    }
    if (before.protected !== null && before.protected !== now.protected) {
      await setProtected(context, before.protected);
      restored.push('termination protection is as before');
    }
    return { restored, tasks: [] };
  },

  async verifyReleased(before, context) {
    const now = await readAttributes(context);
    const wrong = [
      ...(now.protected === before.protected ? [] : ['termination protection']),
      ...(now.shutdown === before.shutdown ? [] : ['shutdown behaviour']),
      ...before.volumes
        .filter((volume) =>
          now.volumes.some(
            (candidate) =>
              candidate.volume === volume.volume &&
              candidate.device === volume.device &&
              candidate.deleteOnTermination !== volume.deleteOnTermination,
          ),
        )
        .map(({ device }) => `DeleteOnTermination of ${device}`),
    ];
    return wrong.length === 0
      ? { ok: true, observed: 'termination protection, shutdown behaviour and volumes are as before' }
      : { ok: false, observed: `not as before: ${wrong.join(', ')}` };
  },
});

async function readAttributes(context: ActionContext): Promise<Before> {
  const instance = await readInstance(context);
  const spot = instance.InstanceLifecycle === 'spot';
  const InstanceId = instanceId(context);
  const read = async (Attribute: 'disableApiTermination' | 'instanceInitiatedShutdownBehavior') =>
    context.aws.of(EC2Client).send(new DescribeInstanceAttributeCommand({ InstanceId, Attribute }));
  const [termination, shutdown] = spot
    ? [undefined, undefined]
    : await Promise.all([read('disableApiTermination'), read('instanceInitiatedShutdownBehavior')]);
  return {
    spot,
    protected: termination === undefined ? null : (termination.DisableApiTermination?.Value ?? false),
    shutdown: shutdown?.InstanceInitiatedShutdownBehavior?.Value ?? null,
    volumes: (instance.BlockDeviceMappings ?? []).map((mapping) => ({
      device: mapping.DeviceName ?? '',
      volume: mapping.Ebs?.VolumeId ?? '',
      deleteOnTermination: mapping.Ebs?.DeleteOnTermination ?? false,
    })),
  };
}

async function setProtected(context: ChangeContext, Value: boolean): Promise<void> {
  await context.change
    .of(EC2Client)
    .send(new ModifyInstanceAttributeCommand({ InstanceId: instanceId(context), DisableApiTermination: { Value } }));
}

async function setShutdown(context: ChangeContext, behaviour: string): Promise<void> {
  await context.change.of(EC2Client).send(
    new ModifyInstanceAttributeCommand({
      InstanceId: instanceId(context),
      Attribute: 'instanceInitiatedShutdownBehavior',
      Value: behaviour,
    }),
  );
}

async function setDeleteOnTermination(context: ChangeContext, DeviceName: string, value: boolean): Promise<void> {
  await context.change.of(EC2Client).send(
    new ModifyInstanceAttributeCommand({
      InstanceId: instanceId(context),
      BlockDeviceMappings: [{ DeviceName, Ebs: { DeleteOnTermination: value } }],
    }),
  );
}
