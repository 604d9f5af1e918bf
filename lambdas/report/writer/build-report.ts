import type { Alert } from '../../../lib/model/alert';
import type { ActionRecord, Containment } from '../../../lib/model/containment';
import type { Acknowledgement, Incident } from '../../../lib/model/incident';
import type { TimelineAnchor } from '../../../lib/model/timeline-anchor';
import type { TimelineRecord } from '../../../lib/model/timeline';
import { at, textAt } from '../../../lib/model/json';
import { neutralText } from '../../shared/neutral-text';
import { timings } from '../timings';
import { verifyTimeline } from '../verify-timeline';
import { reportContainment, reportTasks } from './containments';
import { collectEvidence, reportRow } from './rows';
import { answerStatus, containmentState, incidentStatus } from './standing';
import { REPORT_SCHEMA_VERSION, type Report, type ReportedEntity, type ReportedRow } from './report';
import { reportRules, reportTechniques } from './rules';
import { summarize } from './summarize';

/** Rows of a page that somebody still reads; the middle of a longer timeline is left to the store. */
const MAX_ROWS = 2000;

/** Everything that the store and the vault know about an incident. */
export interface ReportInput {
  readonly incident: Incident;
  readonly timeline: readonly TimelineRecord[];
  readonly alerts: readonly Alert[];
  readonly containments: readonly { readonly containment: Containment; readonly actions: readonly ActionRecord[] }[];
  readonly anchors: readonly TimelineAnchor[];
  readonly now: Date;
  readonly final: boolean;
}

/** Writes the report's model. A pure function: the same incident gives the same report. */
export function buildReport(input: ReportInput): Report {
  const { incident, timeline } = input;
  const rows = timeline.map(reportRow);
  const { acknowledgement } = incident;
  const facts = {
    schemaVersion: REPORT_SCHEMA_VERSION,
    incidentId: incident.id,
    title: neutralText(incident.title, 200),
    severity: incident.severity,
    severityHistory: timeline
      .filter(({ kind }) => kind === 'severity-changed')
      .map(({ at: when, details }) => ({
        at: when,
        from: neutralText(textAt(details, 'from') ?? '?', 10),
        to: neutralText(textAt(details, 'to') ?? '?', 10),
      })),
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
    rules: reportRules(timeline),
    techniques: reportTechniques(input.alerts, timeline),
    entities: incident.entities.map(({ kind, id, role, trust, account, region }): ReportedEntity => ({
      kind,
      id: neutralText(id, 300),
      role,
      trust,
      where: neutralText(`${account}/${region}`, 60),
    })),
    containments: input.containments.map(({ containment, actions }) =>
      reportContainment(incident, containment, actions, timeline),
    ),
    tasks: reportTasks(input.containments, timeline),
    failures: rows.filter(({ status }) => status.tone === 'bad'),
    ...shorten(rows),
    evidence: collectEvidence(rows),
    chain: neutralVerdict(input),
  } as const;
  const standing = {
    containment: containmentState(facts.containments),
    answer: answerStatus(incident, timeline),
    incident: incidentStatus(incident),
  };
  return { ...facts, ...standing, summary: summarize({ ...facts, ...standing }) };
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
function neutralVerdict({ incident, timeline, anchors }: ReportInput): Report['chain'] {
  const head = { length: incident.timelineLength, hash: incident.timelineHash };
  const verdict = verifyTimeline(incident.id, timeline, anchors, head);
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
