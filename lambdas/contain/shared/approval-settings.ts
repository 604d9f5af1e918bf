import type { ApprovalSettings } from '../../../lib/model/approval';
import type { Containment } from '../../../lib/model/containment';
import type { Incident } from '../../../lib/model/incident';

/**
 * How people are asked about a containment: as its response plan says, else as the stack says (`APPROVAL`). Undefined
 * where the stack has nobody to ask.
 */
export function approvalSettings(containment: Containment, incident: Incident): ApprovalSettings | undefined {
  const text = process.env['APPROVAL'];
  if (text === undefined || text === '') return undefined;
  const planned = incident.handOvers[`containment#${containment.id}`]?.containment?.planned.approval;
  return planned ?? (JSON.parse(text) as ApprovalSettings);
}
