import type { Runbook } from '../../lambdas/contain/runbook-host/action';
import { blockPublicAccess } from './actions/block-public-access';
import { denyOutsiders } from './actions/deny-outsiders';
import { evidence } from './actions/evidence';
import { stopExpiry } from './actions/stop-expiry';
import { stopReplication } from './actions/stop-replication';
import { facts } from './facts';

export const runbook: Runbook = {
  facts,
  actions: [denyOutsiders, blockPublicAccess, stopReplication, stopExpiry],
  evidence,
};
