import type { Runbook } from '../../lambdas/contain/runbook-host/action';
import { denySessions } from './actions/deny-sessions';
import { evidence } from './actions/evidence';
import { facts } from './facts';

export const runbook: Runbook = { facts, actions: [denySessions], evidence };
