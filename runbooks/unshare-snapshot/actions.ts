import type { Runbook } from '../../lambdas/contain/runbook-host/action';
import { endAccountSharing } from './actions/end-account-sharing';
import { endPublicSharing } from './actions/end-public-sharing';
import { evidence } from './actions/evidence';
import { facts } from './facts';

export const runbook: Runbook = { facts, actions: [endPublicSharing, endAccountSharing], evidence };
