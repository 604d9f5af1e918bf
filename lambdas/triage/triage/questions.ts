import type { Alert } from '../../../lib/model/alert';
import type { EntityKind } from '../../../lib/model/entity';
import type { TimelineEntry } from '../../../lib/model/timeline';
import type { PlannedRunbook, ResponsePlan } from '../../../lib/model/plan';

/** More open questions than these nobody answers; the alerts themselves say the rest. */
export const MAX_QUESTIONS = 20;

/**
 * What an alert does not say and somebody has to find out: who acted, and what a runbook is to contain. A runbook
 * without a target contains nothing, which must not look like "nothing had to be done".
 */
export function openQuestions(
  alert: Alert,
  plan: ResponsePlan | undefined,
  targetKinds: Readonly<Record<string, EntityKind>>,
): string[] {
  const { entities } = alert.unmapped.firebreak;
  const actors = entities.filter(({ role, trust }) => role === 'actor' && trust !== 'claimed');
  const rule = alert.finding_info.analytic.uid;
  const who =
    actors.length === 0 && entities.every(({ role, trust }) => role !== 'target' || trust === 'claimed')
      ? [`Alerts of rule ${rule} name nobody and nothing that AWS attests: who acted, and on what?`]
      : [];
  const what = (plan?.runbooks ?? []).flatMap((planned) => {
    const kind = targetKinds[planned.runbook];
    return kind === undefined || isNamed(alert, planned, kind) ? [] : [noTarget(plan?.name ?? '', planned, kind, rule)];
  });
  return [...who, ...what];
}

function isNamed(alert: Alert, { contains }: PlannedRunbook, kind: EntityKind): boolean {
  return alert.unmapped.firebreak.entities.some(
    (entity) => entity.kind === kind && entity.role === contains && entity.trust !== 'claimed',
  );
}

function noTarget(plan: string, { runbook, contains }: PlannedRunbook, kind: EntityKind, rule: string): string {
  const which = contains === 'actor' ? 'as who acted' : 'as what was acted upon';
  return `Response plan '${plan}' asks for runbook '${runbook}', but alerts of rule ${rule} name no ${kind} ${which}: is there one to contain?`;
}

/** The questions that an incident did not have yet, and what is said about them. */
export function askNew(
  known: readonly string[],
  asked: readonly string[],
): { readonly questions: readonly string[]; readonly entries: readonly TimelineEntry[] } {
  const fresh = asked.filter((question) => !known.includes(question)).slice(0, MAX_QUESTIONS - known.length);
  return {
    questions: [...known, ...fresh],
    entries: fresh.map((text) => ({ stage: 'triage', kind: 'information-missing', text, by: 'triage' })),
  };
}
