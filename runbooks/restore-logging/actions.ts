import type { Runbook } from '../../lambdas/contain/runbook-host/action';
import { endSuppression } from './actions/end-suppression';
import { evidence } from './actions/evidence';
import { restoreDetector } from './actions/restore-detector';
import { restoreRecorder } from './actions/restore-recorder';
import { restoreTrails } from './actions/restore-trails';
import { facts } from './facts';

export const runbook: Runbook = {
  facts,
  actions: [restoreTrails, restoreRecorder, restoreDetector, endSuppression],
  evidence,
};
