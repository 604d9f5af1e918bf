import { getContainment } from '../../shared/store/containments';
import { incidentTable } from '../../shared/store/table';
import { parseContainRequest } from '../shared/request';
import type { Runbook } from './action';
import { collectEvidence } from './collect-evidence';
import { isPreview, preview, type Preview } from './preview';
import { makeRun } from './run';
import { writePlanToApprove } from './plan-to-approve';
import { writePlan } from './write-plan';

export interface EvidenceAnswer {
  readonly outcome: 'planned' | 'collected' | 'stopped';
  readonly detail: string;
}

/**
 * The function that reads. Operations: `plan` (what would be changed), `plan-to-approve` (the same, for people to
 * decide about), `collect` (evidence into the vault), and `preview` (a plan for a person, written nowhere).
 */
export function evidenceHandler(runbook: Runbook): (event: unknown) => Promise<EvidenceAnswer | Preview> {
  return async (event) => {
    if (isPreview(event)) return preview(runbook, event);
    const ask = parseContainRequest(event);
    const containment = await getContainment(incidentTable(), ask.containmentId);
    if (!containment) throw new Error(`containment '${ask.containmentId}' does not exist`);
    if (containment.attempt !== ask.attempt) {
      return { outcome: 'stopped', detail: `attempt ${containment.attempt} took over from ${ask.attempt}` };
    }
    const run = makeRun(runbook, containment, ask.execution);
    switch (ask.op) {
      case 'plan':
        return { outcome: 'planned', detail: await writePlan(run, ask.refusal) };
      case 'plan-to-approve':
        return { outcome: 'planned', detail: await writePlanToApprove(run) };
      case 'collect':
        return { outcome: 'collected', detail: await collectEvidence(run, ask.execution) };
      default:
        throw new Error(`the evidence function knows no operation '${ask.op}'`);
    }
  };
}
