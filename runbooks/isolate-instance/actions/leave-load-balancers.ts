import { ElasticLoadBalancingV2Client, DeregisterTargetsCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { action } from '../../../lambdas/contain/runbook-host/action';
import {
  describe,
  notRegistered,
  register,
  registerPermissions,
  registrations,
  targetPermissions,
  text,
  type Registration,
} from './targets';

type Before = { readonly registrations: Registration[] };

/** A target that is missing is what was wanted. */
export const leaveLoadBalancers = action<Before>({
  id: 'leave-load-balancers',

  async read(context) {
    return { registrations: await registrations(context) };
  },

  changes(before) {
    return before.registrations.map((registration) => ({
      call: 'elasticloadbalancing:DeregisterTargets',
      resource: registration.targetGroup,
      from: `${registration.id}:${registration.port} takes requests`,
      to: 'deregistered',
    }));
  },

  permissions(before, _context, step) {
    if (step === 'release') return registerPermissions(before.registrations);
    return targetPermissions('elasticloadbalancing:DeregisterTargets', before.registrations);
  },

  async contain(_before, context) {
    for (const registration of await registrations(context)) {
      await context.change
        .of(ElasticLoadBalancingV2Client)
        .send(
          new DeregisterTargetsCommand({ TargetGroupArn: registration.targetGroup, Targets: [describe(registration)] }),
        );
    }
  },

  async verify(_before, context) {
    const left = await registrations(context);
    return left.length === 0
      ? { ok: true, observed: 'the instance is a target of no load balancer' }
      : { ok: false, observed: `still a target: ${left.map(text).join(', ')}` };
  },

  async release(before, context) {
    const back = await register(context, before.registrations);
    return { restored: back.map((registration) => `registered ${registration}`), tasks: [] };
  },

  async verifyReleased(before, context) {
    const missing = await notRegistered(context, before.registrations);
    return missing.length === 0
      ? { ok: true, observed: `${before.registrations.length} target(s) are registered as before` }
      : { ok: false, observed: `not registered: ${missing.join(', ')}` };
  },
});
