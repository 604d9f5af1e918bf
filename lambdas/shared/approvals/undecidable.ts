import { assertNever } from '../../../lib/model/assert-never';
import type { Approval } from '../../../lib/model/approval';
import type { Incident } from '../../../lib/model/incident';

/** Why nobody can decide this any more, in a sentence for whoever comes late; undefined where people still can. */
export function whyUndecidable(
  approval: Approval,
  incident: Pick<Incident, 'status' | 'severity'>,
  now: Date,
): string | undefined {
  const { decision } = approval;
  switch (approval.status) {
    case 'approved':
      return decision?.how === 'timeout'
        ? 'nobody had decided in time: it is contained, as configured'
        : `${decision?.by ?? 'somebody'} approved it`;
    case 'declined':
      return `${decision?.by ?? 'somebody'} declined it; nothing is changed`;
    case 'timed-out':
      return 'nobody had decided in time: it is not contained, as configured';
    case 'withdrawn':
      return 'nobody needs to decide this any more';
    case 'waiting':
      if (incident.status === 'closed') return 'the incident is closed: nothing is contained for it any more';
      return isOver(approval, incident, now) ? 'the time for it is over' : undefined;
    default:
      return assertNever(approval.status);
  }
}

/** Where time decides, nobody decides after it; where people are asked again, who comes late still counts. */
function isOver(approval: Approval, incident: Pick<Incident, 'severity'>, now: Date): boolean {
  return approval.settings.onTimeout[incident.severity] !== 'escalate' && approval.expiresAt <= now.toISOString();
}
