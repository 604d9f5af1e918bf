import type { Incident } from '../../../lib/model/incident';
import { toldTogether } from '../../../lib/model/stakeholder';
import type { TimelineEntry } from '../../../lib/model/timeline';
import { SEVERITIES, worse, type Severity } from '../../../lib/model/severity';
import { ESCALATION, nextEscalation } from '../../shared/hand-over/chain';
import type { IncidentChange } from '../../shared/store/incidents';
import { MAX_KEPT, mergeEntities } from './decide';
import { MAX_OF_AN_INCIDENT } from '../../shared/hand-over/begin-hand-overs';
import { takenOver } from './merge-hand-overs';
import { MAX_QUESTIONS } from './questions';

/** Why two incidents about one thing stay apart; undefined where they can be merged. */
export function whyApart(into: Incident, from: Incident): string | undefined {
  const keys = new Set([...Object.keys(into.handOvers), ...Object.keys(from.handOvers)]);
  if (keys.size > MAX_OF_AN_INCIDENT) {
    return `together they hand over more than ${MAX_OF_AN_INCIDENT} targets, which is what one incident holds`;
  }
  if ((into.mergedFrom?.length ?? 0) + (from.mergedFrom?.length ?? 0) + 1 > MAX_KEPT) {
    return `more than ${MAX_KEPT} incidents were merged into one`;
  }
  return undefined;
}

/**
 * What the incident that goes on takes over: the higher severity, every identifier, every containment. It pages anew
 * where the other one was worse. Whoever acknowledged the one that was at least as bad has the care of both, but of
 * alerts only: what either of them asked or told people since, and nobody has answered, they have not heard of.
 */
export function takeIn(into: Incident, from: Incident, now: Date): IncidentChange {
  const severity = worse(into.severity, from.severity);
  const rises = severity !== into.severity;
  const unheard = isUnanswered(from);
  const answered = unheard || isUnanswered(into) ? undefined : answerOfBoth(into, from, rises);
  const pagesAnew = unheard || (rises && !answered);
  return {
    set: {
      severity,
      ...(rises && { title: from.title, chain: from.chain }),
      firstEventAt: into.firstEventAt < from.firstEventAt ? into.firstEventAt : from.firstEventAt,
      lastAlertAt: into.lastAlertAt > from.lastAlertAt ? into.lastAlertAt : from.lastAlertAt,
      alertCount: into.alertCount + from.alertCount,
      rules: [...new Set([...into.rules, ...from.rules])].slice(0, MAX_KEPT),
      repeats: addUp(into.repeats, from.repeats),
      assets: union(into.assets, from.assets),
      data: union(into.data, from.data),
      questions: union(into.questions, from.questions).slice(0, MAX_QUESTIONS),
      stakeholders: toldTogether(into.stakeholders, from.stakeholders),
      entities: mergeEntities(into.entities, from.entities),
      // People who were asked about the other one decide for this one.
      approvals: union(into.approvals, from.approvals),
      ...((into.swept ?? from.swept) && { swept: union(into.swept, from.swept) }),
      mergedFrom: [...(into.mergedFrom ?? []), from.id, ...(from.mergedFrom ?? [])],
      ...(answered && { acknowledgement: answered }),
      handOvers: {
        ...into.handOvers,
        ...takenOver(into, from),
        // Somebody who has answered is not paged again for it.
        ...(pagesAnew && { [ESCALATION]: nextEscalation(into, now) }),
      },
    },
    ...((rises || pagesAnew) && {
      remove: pagesAnew ? (['acknowledgement', 'snooze'] as const) : (['snooze'] as const),
    }),
    entries: [
      {
        stage: 'triage',
        kind: 'incident-merged',
        text: `Incident ${from.id} (${from.severity}, ${from.alertCount} alert(s)) is about the same and was merged into this one`,
        by: 'triage',
        details: { merged: from.id, severity: from.severity, alerts: from.alertCount, title: from.title },
      },
      ...(rises
        ? [
            {
              stage: 'triage' as const,
              kind: 'severity-changed' as const,
              text: `Severity raised from ${into.severity} to ${severity} by incident ${from.id}`,
              by: 'triage',
              details: { from: into.severity, to: severity },
            },
          ]
        : []),
      ...(unheard ? [pagedAgain(into, from)] : []),
    ],
  };
}

/** What is left of the other one: its timeline, and where it went. Its chain ends by itself. */
export function giveUp(from: Incident, into: Incident): IncidentChange {
  return {
    set: { status: 'merged', mergedInto: into.id, approvals: [], handOvers: withoutPending(from.handOvers) },
    entries: [
      {
        stage: 'triage',
        kind: 'incident-merged',
        text: `Merged into incident ${into.id}, which is about the same and older; everything goes on there`,
        by: 'triage',
        details: { mergedInto: into.id },
      },
    ],
  };
}

function union<T>(a: readonly T[] = [], b: readonly T[] = []): T[] {
  return [...new Set([...a, ...b])];
}

function addUp(a: Incident['repeats'] = {}, b: Incident['repeats'] = {}): Record<string, number> {
  const sum = { ...a };
  for (const [rule, count] of Object.entries(b)) sum[rule] = (sum[rule] ?? 0) + count;
  return Object.fromEntries(Object.entries(sum).slice(0, MAX_KEPT));
}

/** People were asked for approval, or paged with more than the first alert, and nobody has answered. */
function isUnanswered({ acknowledgement, approvals = [], handOvers }: Incident): boolean {
  return !acknowledgement && (approvals.length > 0 || (handOvers[ESCALATION]?.attempt ?? 1) > 1);
}

/** The chain of the one that is given up ends, and what it said with it. */
function pagedAgain({ acknowledgement }: Incident, from: Incident): TimelineEntry {
  return {
    stage: 'escalate',
    kind: acknowledgement ? 'acknowledgement-voided' : 'note',
    text: `People are paged again, because nobody has answered what incident ${from.id} asked or told them`,
    by: 'triage',
  };
}

function answerOfBoth(into: Incident, from: Incident, rises: boolean): Incident['acknowledgement'] {
  return rises ? from.acknowledgement : (into.acknowledgement ?? answerOf(from, into.severity));
}

function answerOf(from: Incident, severity: Severity): Incident['acknowledgement'] {
  return SEVERITIES.indexOf(from.severity) <= SEVERITIES.indexOf(severity) ? from.acknowledgement : undefined;
}

function withoutPending(handOvers: Incident['handOvers']): Incident['handOvers'] {
  return Object.fromEntries(Object.entries(handOvers).filter(([, { state }]) => state !== 'pending'));
}
