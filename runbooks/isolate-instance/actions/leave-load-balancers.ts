import { ElasticLoadBalancingV2Client, DeregisterTargetsCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { action, type ActionContext } from '../../../lambdas/contain/runbook-host/action';
import {
  classicArn,
  classicLoadBalancers,
  classicPermissions,
  classicText,
  joinClassic,
  leaveClassic,
  notServedBy,
  stillServedBy,
} from './classic-load-balancers';
import { joinEach } from './join-each';
import {
  describe,
  joinTargets,
  notRegistered,
  registerPermissions,
  registrations,
  targetPermissions,
  text,
  type Registration,
} from './targets';

type Before = {
  readonly registrations: Registration[];
  /** Names of Classic Load Balancers; undo records of the first version have none. */
  readonly classic?: string[];
};

/** A target that is missing is what was wanted. */
export const leaveLoadBalancers = action<Before>({
  id: 'leave-load-balancers',

  async read(context) {
    const [targets, classic] = await Promise.all([registrations(context), classicLoadBalancers(context)]);
    return { registrations: targets, classic };
  },

  changes({ registrations: targets, classic = [] }) {
    return [
      ...targets.map((registration) => ({
        call: 'elasticloadbalancing:DeregisterTargets',
        resource: registration.targetGroup,
        from: `${registration.id}:${registration.port} takes requests`,
        to: 'deregistered',
      })),
      ...classic.map((name) => ({
        call: 'elasticloadbalancing:DeregisterInstancesFromLoadBalancer',
        resource: classicArn(name),
        from: 'the instance takes requests',
        to: 'deregistered',
      })),
    ];
  },

  permissions({ registrations: targets, classic = [] }, _context, step) {
    return step === 'release'
      ? [
          ...registerPermissions(targets),
          ...classicPermissions('elasticloadbalancing:RegisterInstancesWithLoadBalancer', classic),
        ]
      : [
          ...targetPermissions('elasticloadbalancing:DeregisterTargets', targets),
          ...classicPermissions('elasticloadbalancing:DeregisterInstancesFromLoadBalancer', classic),
        ];
  },

  async contain(_before, context) {
    for (const registration of await registrations(context)) {
      await context.change
        .of(ElasticLoadBalancingV2Client)
        .send(
          new DeregisterTargetsCommand({ TargetGroupArn: registration.targetGroup, Targets: [describe(registration)] }),
        );
    }
    await leaveClassic(context);
  },

  async verify({ classic = [] }, context) {
    const left = await registered(context, classic);
    return left.length === 0
      ? { ok: true, observed: 'the instance is a target of no load balancer' }
      : { ok: false, observed: `still a target: ${left.join(', ')}` };
  },

  async release({ registrations: targets, classic = [] }, context) {
    return joinEach([...(await joinTargets(context, targets)), ...(await joinClassic(context, classic))]);
  },

  async verifyReleased({ registrations: targets, classic = [] }, context) {
    const missing = [...(await notRegistered(context, targets)), ...(await notServedBy(context, classic))];
    return missing.length === 0
      ? { ok: true, observed: 'every target that was not deleted meanwhile is registered as before' }
      : { ok: false, observed: `not registered: ${missing.join(', ')}` };
  },
});

/** Wherever it takes requests, joined meanwhile or not; those of before are asked once more by their health checks. */
async function registered(context: ActionContext, classic: readonly string[]): Promise<string[]> {
  const [targets, listed, served] = await Promise.all([
    registrations(context),
    classicLoadBalancers(context),
    stillServedBy(context, classic),
  ]);
  return [...targets.map(text), ...new Set([...listed, ...served].map(classicText))];
}
