import type { Runbook } from '../../lambdas/contain/runbook-host/action';
import { closeFunctionUrls } from './actions/close-function-urls';
import { denyRole } from './actions/deny-role';
import { disableEventSources } from './actions/disable-event-sources';
import { evidence } from './actions/evidence';
import { removeForeignGrants } from './actions/remove-foreign-grants';
import { removeProvisionedConcurrency } from './actions/remove-provisioned-concurrency';
import { stopInvocations } from './actions/stop-invocations';
import { facts } from './facts';

export const runbook: Runbook = {
  facts,
  actions: [
    removeProvisionedConcurrency,
    stopInvocations,
    denyRole,
    disableEventSources,
    closeFunctionUrls,
    removeForeignGrants,
  ],
  evidence,
};
