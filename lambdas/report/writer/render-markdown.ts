import type { Root, RootContent } from 'mdast';
import { gfmToMarkdown } from 'mdast-util-gfm';
import { toMarkdown } from 'mdast-util-to-markdown';
import { markExercise } from '../../../lib/model/exercise';
import { exerciseLines } from '../../shared/exercise';
import { code, heading, list, paragraph, strong, table, text, type Inline } from './markdown-nodes';
import { backwards } from './backwards';
import type { Report, ReportedContainment, ReportedRow } from './report';
import { reportTimes } from './times';
import { timeOfDay, utc } from './time-text';

/**
 * The report as GitHub-flavoured Markdown. It is made as a tree, so what attackers wrote is text and nothing else:
 * no link, no image, no HTML, no table of theirs.
 */
export function renderMarkdown(report: Report): string {
  const root: Root = {
    type: 'root',
    children: [...head(report), ...middle(report), ...obligations(report), ...tail(report)],
  };
  return toMarkdown(root, {
    bullet: '-',
    emphasis: '_',
    extensions: [gfmToMarkdown({ tablePipeAlign: false })],
  });
}

function head(report: Report): RootContent[] {
  return [
    heading(1, markExercise(`${report.severity}: ${report.title}`, report.exercise)),
    ...exerciseLines(report.exercise).map((line) => paragraph(strong(line))),
    paragraph(
      strong(report.containment.label),
      ' · ',
      strong(report.answer.label),
      ' · ',
      strong(report.incident.label),
      ` · ${report.final ? 'final report' : 'live draft'} of `,
      code(report.incidentId),
      ` · account ${report.account}, ${report.region} · all times UTC`,
    ),
    heading(2, 'Summary'),
    paragraph(report.summary.join(' ')),
    ...report.answers.flatMap(({ question, text, records }) => [
      heading(3, question),
      paragraph(`${text.join(' ')} (${backing(records)})`),
    ]),
    heading(2, 'How fast'),
    table([['', 'Time', 'From'], ...reportTimes(report).map(({ name, value, meaning }) => [name, value, meaning])]),
  ];
}

function backing(records: readonly string[]): string {
  if (records.length === 0) return 'told by the store, by no record';
  return `${records.length === 1 ? 'record' : 'records'} ${records.join(', ')}`;
}

/** What laws, managers and the review ask for. */
function obligations({
  clocks,
  moments,
  questions,
  suppressed,
  rootCause,
  pauses,
  severityHistory,
  levels,
}: Report): RootContent[] {
  return [
    heading(2, 'Notification clocks'),
    clocks.length === 0
      ? paragraph('No clock is known to run.')
      : table([
          ['Law', 'What', 'To', 'Due', 'Counted', 'Only if'],
          ...clocks.flatMap(({ law, article, to, onlyIf, steps }) =>
            steps.map(({ name, within, dueAt }) => [
              `${law} (${article})`,
              name,
              to,
              dueAt === undefined ? 'no date yet' : utc(dueAt),
              within,
              onlyIf,
            ]),
          ),
        ]),
    list(
      moments.map(({ moment, at, basis }) => [
        `${moment}: ${at === undefined ? 'not recorded' : `${utc(at)}, ${basis}`}`,
      ]),
    ),
    paragraph('Not legal advice.'),
    heading(2, 'Open questions'),
    questions.length === 0
      ? paragraph('Nothing is missing that Firebreak knows of.')
      : list(questions.map(({ text, records }) => [`${text} (${backing(records)})`])),
    ...(suppressed.length === 0
      ? []
      : [
          heading(2, 'Kept quiet around that time'),
          paragraph('Counted in the store since the first deploy, and not on this timeline.'),
          list(
            suppressed.map(({ name, owner, reason, count, lastAt, lastTitle }) => [
              `Suppression “${name}” of ${owner} (${reason}): ${count} alerts, the last at ${utc(lastAt)}, “${lastTitle}”`,
            ]),
          ),
        ]),
    heading(2, 'Root cause, for people to fill in'),
    list(
      rootCause.map(({ question }) => [question]),
      false,
    ),
    heading(2, 'Escalation'),
    levels.length === 0
      ? paragraph('Nobody was paged.')
      : table([
          ['Level', 'Paged', 'Outcome'],
          ...levels.map(({ name, pages, outcome }) => [
            name,
            pages.map(({ at, to, status }) => `${timeOfDay(at)} ${status.label}: ${to}`).join('; '),
            outcome.label,
          ]),
        ]),
    heading(2, 'Severity'),
    list(
      severityHistory.map(({ at, from, to, because }) => [
        `${from === undefined ? to : `${from} → ${to}`} at ${utc(at)}: ${because}`,
      ]),
    ),
    ...(pauses.length === 0
      ? []
      : [
          heading(2, 'Snoozes and hand-overs'),
          list(pauses.map((row) => [code(timeOfDay(row.at)), ` ${row.status.label}: ${row.text} (${row.by})`])),
        ]),
  ];
}

function middle(report: Report): RootContent[] {
  return [
    heading(2, 'What was done'),
    ...(report.containments.length === 0
      ? [paragraph('Nothing was contained.')]
      : report.containments.flatMap(containmentSection)),
    ...sweptSection(report),
    heading(2, 'Tasks for people'),
    report.tasks.length === 0
      ? paragraph('None.')
      : list(
          report.tasks.map((task) => [`${task.text} (${task.from}); owner: …, due: …`]),
          false,
        ),
    heading(2, 'What went wrong'),
    report.failures.length === 0
      ? paragraph('Nothing failed.')
      : list(report.failures.map((row) => [code(timeOfDay(row.at)), ` ${row.status.label}: ${row.text} (${row.by})`])),
    heading(2, 'Rules that matched'),
    ...(report.rules.length === 0 ? [paragraph('None.')] : report.rules.flatMap(ruleSection)),
    heading(2, 'ATT&CK'),
    report.techniques.length === 0
      ? paragraph('No technique is named by these rules.')
      : table([
          ['Technique', 'Tactics', 'Rules'],
          ...report.techniques.map(({ id, tactics, rules }) => [code(id), tactics.join(', '), rules.join(', ')]),
        ]),
    heading(2, 'Who and what'),
    report.entities.length === 0
      ? paragraph('Nobody and nothing is named.')
      : table([
          ['Role', 'Kind', 'Id', 'Where', 'Trust'],
          ...report.entities.map(({ role, kind, id, where, trust }) => [role, kind, code(id), where, trust]),
        ]),
  ];
}

function containmentSection(containment: ReportedContainment): RootContent[] {
  const { verifiedAt, heldAt, releasedAt, reason, otherHolders, wouldHave, observedBecause } = containment;
  const times = [
    `started ${utc(containment.startedAt)} by ${containment.by}`,
    verifiedAt === undefined ? 'not read back' : `read back ${utc(verifiedAt)}`,
    ...(heldAt === undefined ? [] : [`still held ${utc(heldAt)}`]),
    ...(releasedAt === undefined ? [] : [`released ${utc(releasedAt)}`]),
    ...(otherHolders.length === 0 ? [] : [`also held by ${otherHolders.join(', ')}`]),
  ];
  return [
    heading(3, `${containment.title}: ${containment.status.label}`),
    paragraph(
      code(containment.runbook),
      ' on ',
      code(containment.target),
      `, mode ${containment.mode}; ${times.join('; ')}.`,
    ),
    ...(reason === undefined ? [] : [paragraph(reason)]),
    ...(wouldHave === undefined
      ? []
      : [
          paragraph(
            `Only observed${observedBecause === undefined ? '' : `: ${observedBecause}`}. It would have made ${wouldHave.length === 0 ? 'no change.' : 'these changes:'}`,
          ),
          ...(wouldHave.length === 0 ? [] : [list(wouldHave.map((change) => [code(change)]))]),
        ]),
    ...(containment.actions.length === 0
      ? []
      : [
          table([
            ['Action', 'Status', 'Applied', 'Released', 'Detail'],
            ...containment.actions.map((action) => [
              action.title,
              action.status.label,
              action.appliedAt === undefined ? '' : timeOfDay(action.appliedAt),
              action.releasedAt === undefined ? '' : timeOfDay(action.releasedAt),
              [action.detail, ...action.changes.flatMap((change): Inline[] => [' ', code(change)])],
            ]),
          ]),
        ]),
  ];
}

function sweptSection({ swept, sweeps }: Report): RootContent[] {
  return [
    heading(2, 'What the actor did since'),
    swept.length === 0
      ? paragraph(sweeps.length === 0 ? 'Nobody has looked.' : 'Nothing is known that it created or changed.')
      : table([
          ['UTC', 'Did', 'What', 'By', 'Contained by', 'Event'],
          ...swept.map(({ at, did, kind, id, call, by, region, runbook, eventId, records }) => [
            timeOfDay(at),
            `${did} (${call}, ${region})`,
            [text(`${kind} `), code(id)],
            [code(by)],
            runbook === undefined ? 'nobody yet' : [code(runbook)],
            `${eventId} (${backing(records)})`,
          ]),
        ]),
    ...(sweeps.length === 0
      ? []
      : [list(sweeps.map((row) => [code(timeOfDay(row.at)), ` ${row.status.label}: ${row.text}`]))]),
  ];
}

function ruleSection(rule: Report['rules'][number]): RootContent[] {
  const seen = `${rule.alerts} alert${rule.alerts === 1 ? '' : 's'}, the first at ${utc(rule.firstAt)}`;
  return [
    heading(3, rule.title),
    paragraph(code(rule.id), `, level ${rule.level ?? 'unknown'}; ${seen}${via(rule.via)}. It matched because:`),
    ...(rule.because.length === 0 ? [] : [list(rule.because.map((why) => [code(why)]))]),
  ];
}

function via(ways: readonly string[]): string {
  return ways.length === 0 ? '' : `; it came by ${ways.join(' and ')}`;
}

function tail(report: Report): RootContent[] {
  return [
    heading(2, 'Timeline'),
    ...(report.omittedRows === 0
      ? []
      : [paragraph(`${report.omittedRows} records in the middle are left out here; the incident store has them all.`)]),
    ...backwards(report.timeline).map((note) => paragraph(note)),
    table([['#', 'UTC', 'Stage', 'What', 'By', 'Evidence'], ...report.timeline.map(timelineRow)]),
    heading(2, 'Evidence'),
    report.evidence.length === 0
      ? paragraph('None was collected.')
      : table([
          ['#', 'Key in the vault', 'Version', 'SHA-256'],
          ...report.evidence.map(({ record, key, versionId, sha256 }) => [
            record,
            code(key),
            versionId === undefined ? '' : code(versionId),
            code(sha256),
          ]),
        ]),
    heading(2, 'Can this be believed?'),
    paragraph(
      `${report.chain.text} Head of the chain: `,
      code(report.chain.head.hash),
      ` (${report.chain.head.length} records).`,
    ),
    ...report.merged.map((one) => paragraph(code(one.incidentId), `, merged into this one: ${one.text}`)),
    paragraph(
      `Written ${utc(report.writtenAt)} by Firebreak. Check it: `,
      code(`firebreak incident verify ${report.incidentId}`),
    ),
  ];
}

function timelineRow(row: ReportedRow): (Inline | Inline[])[] {
  return [
    row.name,
    code(`${row.at.slice(0, 10)} ${timeOfDay(row.at)}`),
    row.stage,
    [strong(row.status.label), text(`: ${row.text}`)],
    row.by,
    row.evidence.length === 0 ? '' : `${row.evidence.length} below`,
  ];
}
