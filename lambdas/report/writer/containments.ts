import type { ActionRecord, Containment } from '../../../lib/model/containment';
import { at, textAt } from '../../../lib/model/json';
import type { Incident } from '../../../lib/model/incident';
import { targetText } from '../../../lib/model/plan';
import type { RunbookFacts } from '../../../lib/model/runbook-facts';
import type { TimelineKind, TimelineRecord } from '../../../lib/model/timeline';
import { RUNBOOKS } from '../../../runbooks';
import { neutralText } from '../../shared/neutral-text';
import { recordName } from '../all-records';
import { containmentOf } from '../timings';
import { actionStatus, containmentStatus } from './kind-status';
import { reportRow } from './rows';
import type { ReportedAction, ReportedContainment, ReportedTask } from './report';

/** What a containment's standing is told by. */
const TURNS: readonly TimelineKind[] = [
  'containment-planned',
  'containment-refused',
  'containment-started',
  'containment-held-by-another',
  'containment-verified',
  'containment-held',
  'containment-not-held',
  'containment-failed',
  'containment-released',
  'release-failed',
];

type Contained = { readonly containment: Containment; readonly actions: readonly ActionRecord[] };

/** A containment as it stands, with the times of its actions from the incident's timeline. */
export function reportContainment(
  incident: Incident,
  containment: Containment,
  actions: readonly ActionRecord[],
  timeline: readonly TimelineRecord[],
): ReportedContainment {
  const mine = timeline.filter((record) => containmentOf(record) === containment.id);
  const last = (kind: TimelineKind) => mine.findLast((record) => record.kind === kind);
  const verifiedAt = last('containment-verified')?.at ?? containment.verifiedAt;
  const heldAt = last('containment-held')?.at;
  const releasedAt = last('containment-released')?.at;
  const timesUndone = mine.filter(({ kind }) => kind === 'containment-undone').length;
  const containMs = sinceItsAlert(mine, timeline);
  const facts = RUNBOOKS.find(({ id }) => id === containment.runbook);
  const { plan, observeBecause } = incident.handOvers[`containment#${containment.id}`]?.containment ?? {};
  const planned = containment.status === 'planned' ? last('containment-planned') : undefined;
  return {
    id: containment.id,
    runbook: neutralText(containment.runbook, 64),
    title: neutralText(facts?.title ?? containment.runbook, 100),
    target: neutralText(targetText(containment.target), 400),
    mode: containment.mode,
    state: containment.status,
    status: containmentStatus(containment.status, timesUndone),
    timesUndone,
    ...(containment.reason !== undefined && { reason: neutralText(containment.reason) }),
    ...(planned && observeBecause !== undefined && { observedBecause: neutralText(observeBecause, 300) }),
    ...(planned && { wouldHave: lines(planned, 'changes').map((change) => neutralText(change, 300)) }),
    startedAt: containment.startedAt,
    ...(verifiedAt !== undefined && { verifiedAt }),
    ...(containMs !== undefined && { containMs }),
    ...(heldAt !== undefined && { heldAt }),
    ...(releasedAt !== undefined && { releasedAt }),
    by: plan === undefined ? 'a person' : neutralText(`response plan '${plan}'`, 100),
    otherHolders: containment.holds.filter((id) => id !== incident.id).map((id) => neutralText(id, 60)),
    actions: actionIds(mine, actions, facts).map((id) => reportAction(id, mine, actions, facts, incident.id)),
    records: mine.filter(({ kind }) => TURNS.includes(kind)).map((record) => recordName(record, incident.id)),
  };
}

/**
 * From the last alert before it started to the verification of its first attempt: later alerts of an incident ask for
 * later containments. What was undone and made again counts from when it was made for the last time.
 */
function sinceItsAlert(mine: readonly TimelineRecord[], timeline: readonly TimelineRecord[]): number | undefined {
  const [started] = mine;
  const first = mine.find(({ kind }) => kind === 'containment-verified');
  const attempt = at(first?.details, 'attempt');
  const verified = mine.findLast(
    ({ kind, details }) => kind === 'containment-verified' && at(details, 'attempt') === attempt,
  );
  if (!started || !verified) return undefined;
  const alert = timeline.slice(0, timeline.indexOf(started)).findLast(({ kind }) => kind === 'alert-raised');
  if (!alert) return undefined;
  const ms = Date.parse(verified.at) - Date.parse(textAt(alert.details, 'raisedAt') ?? alert.at);
  return Number.isNaN(ms) ? undefined : ms;
}

/** Actions in the runbook's order; then those of which only the store or the timeline knows. */
function actionIds(
  mine: readonly TimelineRecord[],
  actions: readonly ActionRecord[],
  facts: RunbookFacts | undefined,
): string[] {
  const known = new Set([
    ...mine.flatMap(({ details }) => textAt(details, 'action') ?? []),
    ...actions.map((a) => a.action),
  ]);
  const inOrder = (facts?.actions ?? []).map(({ id }) => id).filter((id) => known.has(id));
  return [...new Set([...inOrder, ...known])];
}

function reportAction(
  id: string,
  mine: readonly TimelineRecord[],
  actions: readonly ActionRecord[],
  runbook: RunbookFacts | undefined,
  incidentId: string,
): ReportedAction {
  const facts = runbook?.actions.find((action) => action.id === id);
  const title = facts?.title ?? id;
  const record = actions.find(({ action }) => action === id);
  const told = (kind: TimelineKind) =>
    mine.findLast((entry) => entry.kind === kind && textAt(entry.details, 'action') === id);
  const applied = told('action-applied');
  const released = told('action-released');
  const appliedAt = applied?.at ?? (record?.status === 'applied' ? record.at : undefined);
  const detail = record?.detail ?? mine.findLast((entry) => textAt(entry.details, 'action') === id)?.text ?? '';
  return {
    id: neutralText(id, 64),
    title: neutralText(title, 100),
    status: actionStatus(record?.status ?? (applied ? 'applied' : 'recorded')),
    ...(appliedAt !== undefined && { appliedAt }),
    ...(released && { releasedAt: released.at }),
    detail: neutralText(withoutTitle(detail, title)),
    changes: lines(applied, 'changes').map((change) => neutralText(change, 300)),
    ...(facts && { release: facts.release }),
    records: mine.filter(({ details }) => textAt(details, 'action') === id).map((one) => recordName(one, incidentId)),
  };
}

/** The title stands beside it already. */
function withoutTitle(detail: string, title: string): string {
  if (!detail.startsWith(`${title}: `)) return detail;
  const rest = detail.slice(title.length + 2);
  return rest.charAt(0).toUpperCase() + rest.slice(1);
}

function lines(record: TimelineRecord | undefined, path: string): string[] {
  const found = at(record?.details, path);
  return Array.isArray(found) ? found.filter((line) => typeof line === 'string') : [];
}

/** What people still have to do: from actions that only a person can take back, and from any stage that says so. */
export function reportTasks(
  incidentId: string,
  containments: readonly Contained[],
  timeline: readonly TimelineRecord[],
): ReportedTask[] {
  const fromActions = containments.flatMap(({ containment, actions }) =>
    actions
      .flatMap(({ action, status, tasks, detail }) =>
        (tasks ?? (status === 'task' ? [detail] : [])).map((text) => ({ action, text })),
      )
      .map(({ action, text }) => ({
        text,
        from: `${containment.runbook} on ${containment.target.id}`,
        records: timeline
          .filter((record) => containmentOf(record) === containment.id && textAt(record.details, 'action') === action)
          .map((record) => recordName(record, incidentId)),
      })),
  );
  const fromTimeline = timeline.flatMap((record) => {
    const { by, name } = reportRow(record, incidentId);
    return lines(record, 'tasks').map((text) => ({ text, from: by, records: [name] }));
  });
  const byText = new Map([...fromTimeline, ...fromActions].map((task) => [neutralText(task.text), task] as const));
  return [...byText].map(([text, { from, records }]) => ({
    text,
    from: neutralText(from, 200),
    owner: null,
    due: null,
    records,
  }));
}
