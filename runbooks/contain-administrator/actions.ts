import type { Runbook } from '../../lambdas/contain/runbook-host/action';
import { runbook as disableAccessKey } from '../disable-access-key/actions';
import { containMakers } from './actions/contain-makers';
import { evidence } from './actions/evidence';
import { asPart } from './actions/parts';
import { facts } from './facts';

export const runbook: Runbook = {
  facts,
  actions: [...disableAccessKey.actions.map(asPart), containMakers],
  evidence,
};
