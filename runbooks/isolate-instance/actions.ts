import type { Runbook } from '../../lambdas/contain/runbook-host/action';
import { denyRoleSessions } from './actions/deny-role-sessions';
import { evidence } from './actions/evidence';
import { isolateNetwork } from './actions/isolate-network';
import { leaveAutoScaling } from './actions/leave-auto-scaling';
import { leaveLoadBalancers } from './actions/leave-load-balancers';
import { protectFromTermination } from './actions/protect-from-termination';
import { removeInstanceProfile } from './actions/remove-instance-profile';
import { tagInstance } from './actions/tag-instance';
import { facts } from './facts';

export const runbook: Runbook = {
  facts,
  actions: [
    tagInstance,
    protectFromTermination,
    leaveAutoScaling,
    leaveLoadBalancers,
    isolateNetwork,
    denyRoleSessions,
    removeInstanceProfile,
  ],
  evidence,
};
