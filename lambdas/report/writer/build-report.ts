import type { Alert } from '../../../lib/model/alert';
import type { ActionRecord, Containment } from '../../../lib/model/containment';
import type { Acknowledgement, Incident } from '../../../lib/model/incident';
import type { TimelineAnchor } from '../../../lib/model/timeline-anchor';
import type { TimelineKind, TimelineRecord } from '../../../lib/model/timeline';
import { at, textAt } from '../../../lib/model/json';
import { MAX_EXERCISE } from '../../../lib/model/exercise';
import { neutralText } from '../../shared/neutral-text';
import type { SuppressedCount } from '../../shared/store/suppressions';
import { timings } from '../timings';
import { allRecords, recordName, verifyMerged, type MergedTimeline } from '../all-records';
import type { TimelineVerdict } from '../verify-timeline';
import { answerQuestions } from './answers';
import { causesToFill } from './causes';
import { reportClocks, reportMoments } from './clocks';
import { reportEntities, reportLinks } from './connections';
import { reportLevels } from './levels';
import { reportContainment, reportTasks } from './containments';
import { collectEvidence, reportRow } from './rows';
import { answerStatus, containmentState, incidentStatus } from './standing';
import {
  REPORT_SCHEMA_VERSION,
  type Report,
  type ReportedQuestion,
  type ReportedRow,
  type ReportedSeverity,
  type ReportedSuppression,
} from './report';
import { reportRules, reportTechniques } from './rules';
import { summarize } from './summarize';
import { reportSwept, SWEEP_ENDS } from './swept';

/** Rows of a page that somebody still reads; the middle of a longer timeline is left to the store. */
const MAX_ROWS = 2000;

const MAX_SUPPRESSIONS = 20;

/** What kept people from being paged, or changed who takes care of it. */
const PAUSES: readonly TimelineKind[] = ['snoozed', 'handed-over', 'page-held', 'acknowledgement-voided'];

/** Everything that the store and the vault know about an incident. */
export interface ReportInput {
  /** What the deployment says that it rehearses; never anything out of the timeline. */
  readonly exercise?: string;
  readonly incident: Incident;
  readonly timeline: readonly TimelineRecord[];
  readonly alerts: readonly Alert[];
  readonly containments: readonly { readonly containment: Containment; readonly actions: readonly ActionRecord[] }[];
  readonly anchors: readonly TimelineAnchor[];
  /** Incidents that were merged into this one, each with its own anchors. */
  readonly merged: readonly (MergedTimeline & { readonly anchors: readonly TimelineAnchor[] })[];
  /** How often suppressions kept alerts quiet, ever. */
  readonly suppressed: readonly SuppressedCount[];
  readonly now: Date;
  readonly final: boolean;
}

/** Writes the report's model. A pure function: the same incident gives the same report. */
export function buildReport(input: ReportInput): Report {
  const { incident } = input;
  const timeline = allRecords(input.timeline, input.merged);
  const rows = timeline.map((record) => reportRow(record, incident.id));
  const rules = reportRules(timeline, incident.id);
  const moments = reportMoments(incident, timeline);
  const { acknowledgement } = incident;
  const facts = {
    schemaVersion: REPORT_SCHEMA_VERSION,
    ...(input.exercise !== undefined && { exercise: neutralText(input.exercise, MAX_EXERCISE) }),
    incidentId: incident.id,
    title: neutralText(incident.title, 200),
    severity: incident.severity,
    severityHistory: severityHistory(input),
    account: neutralText(incident.account, 20),
    region: neutralText(incident.region, 40),
    writtenAt: input.now.toISOString(),
    final: input.final,
    firstEventAt: incident.firstEventAt,
    openedAt: incident.openedAt,
    ...(acknowledgement && {
      acknowledged: {
        by: neutralText(acknowledgement.by, 100),
        at: acknowledgement.at,
        how: howWords(acknowledgement.how),
      },
    }),
    ...(incident.closedAt !== undefined && { closedAt: incident.closedAt }),
    timings: timings(incident, timeline),
    unansweredLevels: [
      ...new Set(
        timeline
          .filter(({ kind }) => kind === 'level-unanswered')
          .map(({ details }) => neutralText(at(details, 'level') ?? '', 60)),
      ),
    ],
    alertCount: incident.alertCount,
    rules,
    techniques: reportTechniques(input.alerts, rules),
    entities: reportEntities(incident, timeline),
    links: reportLinks(incident, timeline),
    assets: (incident.assets ?? []).map((name) => neutralText(name, 100)),
    data: [...(incident.data ?? [])],
    questions: openQuestions(incident, timeline),
    suppressed: suppressedThen(input),
    moments: Object.values(moments),
    clocks: reportClocks(incident, timeline, moments),
    levels: reportLevels(incident, timeline),
    pauses: rows.filter(({ kind }) => PAUSES.includes(kind)),
    rootCause: causesToFill(),
    containments: input.containments.map(({ containment, actions }) =>
      reportContainment(incident, containment, actions, timeline),
    ),
    swept: reportSwept(timeline, incident.id),
    sweeps: rows.filter(({ kind }) => SWEEP_ENDS.includes(kind)),
    tasks: reportTasks(incident.id, input.containments, timeline),
    failures: rows.filter(({ status }) => status.tone === 'bad'),
    ...shorten(rows),
    evidence: collectEvidence(rows),
    chain: neutralVerdict(verifyMerged(input, input.anchors)),
    merged: input.merged.map((one) => ({
      incidentId: neutralText(one.incident.id, 60),
      title: neutralText(one.incident.title, 200),
      ...neutralVerdict(verifyMerged(one, one.anchors)),
    })),
    records: timeline.length,
  } as const;
  const standing = {
    containment: containmentState(facts.containments),
    answer: answerStatus(incident, timeline),
    incident: incidentStatus(incident),
  };
  const whole = { ...facts, ...standing };
  return { ...whole, summary: summarize(whole), answers: answerQuestions(whole, incident, timeline) };
}

/** From what it was opened with; a merged incident's severities were its own. */
function severityHistory({ incident, timeline }: ReportInput): ReportedSeverity[] {
  return timeline.flatMap((record) => {
    const { kind, details, at: when, text } = record;
    const to = textAt(details, kind === 'incident-opened' ? 'severity' : 'to');
    if ((kind !== 'incident-opened' && kind !== 'severity-changed') || to === undefined) return [];
    const from = textAt(details, 'from');
    return [
      {
        at: when,
        ...(from !== undefined && { from: neutralText(from, 10) }),
        to: neutralText(to, 10),
        because: neutralText(textAt(details, 'because') ?? text, 300),
        records: [recordName(record, incident.id)],
      },
    ];
  });
}

/** What nobody knows yet: the incident's questions, each with the record that asked it. */
function openQuestions(incident: Incident, timeline: readonly TimelineRecord[]): ReportedQuestion[] {
  const asked = timeline.filter(({ kind }) => kind === 'information-missing');
  return [...new Set([...(incident.questions ?? []), ...asked.map(({ text }) => text)])].map((question) => ({
    text: neutralText(question, 500),
    records: asked.filter(({ text }) => text === question).map((record) => recordName(record, incident.id)),
  }));
}

/** Those that kept something quiet after an hour before the first event. */
function suppressedThen({ incident, suppressed }: ReportInput): ReportedSuppression[] {
  const from = new Date(Date.parse(incident.firstEventAt) - 3_600_000).toISOString();
  return suppressed
    .filter(({ lastAt }) => lastAt >= from)
    .slice(0, MAX_SUPPRESSIONS)
    .map(({ name, owner, reason, count, lastAt, lastTitle }) => ({
      name: neutralText(name, 100),
      owner: neutralText(owner, 100),
      reason: neutralText(reason, 300),
      count,
      lastAt,
      lastTitle: neutralText(lastTitle, 200),
    }));
}

function howWords(how: Acknowledgement['how']): string {
  switch (how) {
    case 'link':
      return 'by the link of a page';
    case 'command-line':
      return 'on the command line';
    case 'hand-over':
      return 'handed over by another';
  }
}

/** The problem of a broken chain may quote what was put in its place. */
function neutralVerdict(verdict: TimelineVerdict): TimelineVerdict {
  return {
    ...verdict,
    ...(verdict.problem !== undefined && { problem: neutralText(verdict.problem) }),
    text: neutralText(verdict.text),
  };
}

function shorten(rows: readonly ReportedRow[]): Pick<Report, 'timeline' | 'omittedRows'> {
  if (rows.length <= MAX_ROWS) return { timeline: rows, omittedRows: 0 };
  const half = MAX_ROWS / 2;
  return { timeline: [...rows.slice(0, half), ...rows.slice(-half)], omittedRows: rows.length - MAX_ROWS };
}
