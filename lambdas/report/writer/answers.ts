import type { Incident } from '../../../lib/model/incident';
import type { TimelineKind, TimelineRecord } from '../../../lib/model/timeline';
import { markExercise } from '../../../lib/model/exercise';
import { neutralText } from '../../shared/neutral-text';
import { recordName } from '../all-records';
import { firstAlertAt } from './first-alert';
import type { Report, ReportedAnswer, ReportedClock, ReportedMoment } from './report';
import { contained, count, isItOver, whatHappened, whoWasSilent } from './summarize';
import { span, utc } from './time-text';

/** What answers are written from: the whole report but them. */
type Facts = Omit<Report, 'summary' | 'answers'>;

/** More of these a person reads in the timeline. */
const MAX_LINES = 8;

/** What people do by their own hand. */
const BY_PEOPLE: readonly TimelineKind[] = [
  'acknowledged',
  'snoozed',
  'handed-over',
  'moment-recorded',
  'release-started',
  'incident-closed',
];

/** The six questions that management, auditors and regulators ask, each with the records that back the answer. */
export function answerQuestions(
  report: Facts,
  incident: Incident,
  timeline: readonly TimelineRecord[],
): ReportedAnswer[] {
  const named = (...kinds: readonly TimelineKind[]) =>
    timeline.filter(({ kind }) => kinds.includes(kind)).map((record) => recordName(record, incident.id));
  const people = byPeople(timeline);
  return [
    {
      question: 'What happened?',
      text: [whatHappened(report), ...firstAlertWords(timeline), ...mergedWords(report)],
      records: unique([
        ...named('incident-opened', 'incident-merged'),
        ...named('alert-raised').slice(0, 1),
        ...report.rules.flatMap((rule) => rule.records),
      ]),
    },
    {
      question: 'When did we know?',
      text: whenKnown(report),
      records: unique([
        ...(report.moments[0]?.records ?? []),
        ...named('alert-raised').slice(0, 1),
        ...named('acknowledged'),
      ]),
    },
    {
      question: 'Who did what?',
      text: whoDidWhat(report, people),
      records: unique([
        ...report.entities.filter(({ role }) => role === 'actor').flatMap(({ records }) => records),
        ...report.containments.flatMap(({ records }) => records.slice(0, 1)),
        ...people.map((record) => recordName(record, incident.id)),
        ...named('level-unanswered'),
      ]),
    },
    {
      question: 'What is contained, and was it read back?',
      text: contained(report),
      records: unique(
        named('containment-verified', 'containment-held', 'containment-not-held', 'containment-failed').concat(
          named('containment-refused', 'containment-planned', 'containment-released', 'release-failed'),
        ),
      ),
    },
    {
      question: 'Is it over?',
      text: [isItOver(report), ...recoveryWords(report), ...openWords(report)],
      records: unique([
        ...named('incident-closed', 'containment-held'),
        ...report.moments.filter(({ moment }) => moment === 'recovery').flatMap(({ records }) => records),
        ...report.tasks.flatMap(({ records }) => records),
        ...report.questions.flatMap(({ records }) => records),
      ]),
    },
    {
      question: 'Whom must we notify, and by when?',
      text: whomToNotify(report),
      records: unique([...report.clocks, ...report.moments].flatMap(({ records }) => records)),
    },
  ];
}

/** What was seen, in its own words: which call by whom, or what the service found. */
function firstAlertWords(timeline: readonly TimelineRecord[]): string[] {
  const first = timeline.find(({ kind }) => kind === 'alert-raised');
  return first ? [`The first alert says: “${neutralText(first.text, 300)}”.`] : [];
}

function mergedWords({ merged }: Facts): string[] {
  return merged.length === 0
    ? []
    : [
        `${merged.length === 1 ? 'An incident' : `${merged.length} incidents`} about the same attack went into this one.`,
      ];
}

function whenKnown(report: Facts): string[] {
  const { firstEventAt, rules, openedAt, timings, acknowledged, moments } = report;
  const [awareness] = moments;
  const first =
    rules.length === 0
      ? `A person knew first, and opened it at ${utc(openedAt)}.`
      : `The first event was at ${utc(firstEventAt)}; the first alert ${timings.detect_ms === null ? '' : `${span(timings.detect_ms)} later, `}at ${utc(firstAlertAt(report) ?? openedAt)}.`;
  const person = acknowledged
    ? `A person knew at ${utc(acknowledged.at)}: ${acknowledged.by} acknowledged it.`
    : 'No person has acknowledged it.';
  const aware =
    awareness?.at === undefined ? [] : [`Clocks count awareness from ${utc(awareness.at)}: ${awareness.basis}.`];
  return [first, person, ...aware];
}

function byPeople(timeline: readonly TimelineRecord[]): TimelineRecord[] {
  return timeline.filter(
    ({ kind, details, by }) =>
      BY_PEOPLE.includes(kind) ||
      (kind === 'note' && details?.['person'] === true) ||
      (kind === 'incident-opened' && by !== 'triage'),
  );
}

function whoDidWhat(report: Facts, people: readonly TimelineRecord[]): string[] {
  const { entities, containments } = report;
  const actors = entities.filter(({ role }) => role === 'actor');
  const named = actors.slice(0, 5).map(({ kind, id }) => `${kind.replaceAll('-', ' ')} ${id}`);
  const more = actors.length - named.length;
  const attacker =
    actors.length === 0
      ? 'No alert names who acted.'
      : `The alerts name as who acted: ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}.`;
  const lines = [
    ...[whoWasSilent(report) ?? []].flat(),
    ...containments.map(
      ({ title, target, startedAt, by, status }) =>
        `Firebreak, for ${by}, from ${utc(startedAt)}: “${title}” on ${target} (${status.label.toLowerCase()}).`,
    ),
    ...people.map(({ at, by, text }) => `${neutralText(by, 100)}, ${utc(at)}: ${neutralText(text, 300)}.`),
  ];
  const left = lines.length - MAX_LINES;
  return [attacker, ...lines.slice(0, MAX_LINES), ...(left > 0 ? [`${left} more steps stand in the timeline.`] : [])];
}

function recoveryWords({ moments }: Facts): string[] {
  const recovery = moments.find(({ moment }) => moment === 'recovery');
  return recovery?.at === undefined
    ? ['Nobody has recorded yet that everything works again.']
    : [`Everything works again since ${utc(recovery.at)}: ${recovery.basis}.`];
}

function openWords({ questions }: Facts): string[] {
  return questions.length === 0
    ? []
    : [
        `${count(questions.length, 'question')} ${questions.length === 1 ? 'is' : 'are'} open: ${questions
          .map(({ text }) => text)
          .slice(0, 3)
          .join(' ')}`,
      ];
}

function whomToNotify({ clocks, data, moments, exercise }: Facts): string[] {
  const rehearsed =
    exercise === undefined
      ? []
      : [markExercise('nobody has to be told of what is only rehearsed; in earnest:', exercise)];
  const lines = clocks.map(
    (clock) => `${clock.law}: ${clock.to}, if ${clock.onlyIf}. ${capital(steps(clock, moments))}.`,
  );
  const unknown =
    data.length === 0
      ? [
          'The configuration names no kind of data for what it is about. If personal, health, payment or financial data was affected, GDPR, HIPAA, PCI DSS or DORA ask for more.',
        ]
      : [];
  const none =
    clocks.length === 0 && data.length > 0 ? ['No law that Firebreak knows starts a clock by this data.'] : [];
  return [
    ...rehearsed,
    ...lines,
    ...unknown,
    ...none,
    'This is not legal advice: whether a law binds you, only you can say.',
  ];
}

function steps(clock: ReportedClock, moments: readonly ReportedMoment[]): string {
  return clock.steps
    .map(({ name, within, dueAt, from }) => {
      if (dueAt !== undefined) return `${name} by ${utc(dueAt)} (${within})`;
      const waits = moments.some(({ moment, at }) => moment === from && at === undefined);
      return `${name} ${within}${waits ? ` (nobody has recorded ${from} yet)` : ''}`;
    })
    .join('; ');
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}
