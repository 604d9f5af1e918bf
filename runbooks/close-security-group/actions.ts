import type { Runbook } from '../../lambdas/contain/runbook-host/action';
import { evidence } from './actions/evidence';
import { revokeOpenRules } from './actions/revoke-open-rules';
import { facts } from './facts';

export const runbook: Runbook = { facts, actions: [revokeOpenRules], evidence };
