import { assertNever } from '../../../lib/model/assert-never';
import { approvalSubject, type Approval } from '../../../lib/model/approval';
import type { Incident } from '../../../lib/model/incident';
import { ESCALATION, nextEscalation } from '../hand-over/chain';
import { changeApproval, readApproval, type StoredApproval } from '../store/approvals';
import { writeChange, type IncidentChange } from '../store/incidents';
import { retryConflicts } from '../store/retry-conflicts';
import { survivorOf } from '../store/survivor';
import type { Table } from '../store/table';
import { approvalEntry, concludeApproval } from './conclude-approval';
import { endQuestion, INCIDENT_CLOSED } from './end-question';

const BY = 'approval';

/**
 * What happens where nobody decided in time: as the severity that the incident has now is configured. Always on the
 * timeline, and people are told.
 *
 * @returns the incident, with hand-overs that are to be started; undefined where nothing was to be done.
 */
export async function expireApproval(table: Table, id: string, now: Date): Promise<Incident | undefined> {
  return retryConflicts(async () => {
    const stored = await readApproval(table, id);
    const incident = stored && (await survivorOf(table, stored.approval.incidentId));
    if (!stored || !incident) return undefined;
    const { approval } = stored;
    if (approval.status !== 'waiting' || approval.expiresAt > now.toISOString()) return undefined;
    if (incident.status === 'closed') {
      await endQuestion(table, approval, { because: INCIDENT_CLOSED, by: BY }, now);
      return undefined;
    }
    return (await writeChange(table, incident, changeOf(table, incident, stored, now), now)).incident;
  });
}

function changeOf(table: Table, incident: Incident, stored: StoredApproval, now: Date): IncidentChange {
  const { approval } = stored;
  const what = approval.settings.onTimeout[incident.severity];
  switch (what) {
    case 'contain':
      return contain(table, incident, approval, now);
    case 'abort':
      return abort(table, incident, approval, now);
    case 'escalate':
      return escalate(table, incident, stored, now);
    default:
      return assertNever(what);
  }
}

function contain(table: Table, incident: Incident, approval: Approval, now: Date): IncidentChange {
  const reason = `nobody decided within ${minutes(approval)}, and ${incident.severity} is contained then`;
  return concludeApproval(
    table,
    incident,
    approval,
    {
      status: 'approved',
      kind: 'approval-timed-out',
      text: `Contained without approval: ${approvalSubject(approval)}: ${reason}`,
      by: BY,
      decision: { by: 'nobody', how: 'timeout', reason, at: now.toISOString() },
    },
    now,
  );
}

function abort(table: Table, incident: Incident, approval: Approval, now: Date): IncidentChange {
  const text = `Not contained: ${approvalSubject(approval)}: nobody decided within ${minutes(approval)}, and ${incident.severity} is left alone then`;
  const change = concludeApproval(
    table,
    incident,
    approval,
    { status: 'timed-out', kind: 'approval-timed-out', text, by: BY },
    now,
  );
  return pagedAgain(incident, change, now, []);
}

/** The next level is asked, as well; when all were, everybody is asked again. */
function escalate(
  table: Table,
  incident: Incident,
  { approval, askedLevels }: StoredApproval,
  now: Date,
): IncidentChange {
  const text = `Nobody decided within ${minutes(approval)} whether ${approvalSubject(approval)} may be contained: the next level is asked`;
  const expiresAt = new Date(now.getTime() + approval.settings.withinSeconds * 1000).toISOString();
  const entries = [
    approvalEntry(approval, { kind: 'approval-timed-out', text, by: BY }, { askedLevels: [...askedLevels] }),
  ];
  const also = [changeApproval(table, approval, { round: approval.round + 1, expiresAt })];
  // Asked of an incident in the moment in which it was merged: who goes on for it does not know of it yet.
  const set = { approvals: [...new Set([...(incident.approvals ?? []), approval.id])] };
  return pagedAgain(incident, { set, entries, also }, now, askedLevels);
}

/** Who acknowledged did not decide: that is voided, or nobody would be paged. */
function pagedAgain(
  incident: Incident,
  change: IncidentChange,
  now: Date,
  passOver: readonly string[],
): IncidentChange {
  const handOvers = { ...incident.handOvers, ...change.set?.handOvers };
  const voided = incident.acknowledgement && {
    stage: 'escalate' as const,
    kind: 'acknowledgement-voided' as const,
    text: `People are paged again, because nobody decided in time`,
    by: BY,
  };
  return {
    ...change,
    set: { ...change.set, handOvers: { ...handOvers, [ESCALATION]: nextEscalation(incident, now, passOver) } },
    remove: ['acknowledgement', 'snooze'],
    entries: [...change.entries, ...(voided ? [voided] : [])],
  };
}

function minutes({ settings }: Approval): string {
  const { withinSeconds: seconds } = settings;
  return seconds % 60 === 0 ? `${seconds / 60} minute(s)` : `${seconds} seconds`;
}
