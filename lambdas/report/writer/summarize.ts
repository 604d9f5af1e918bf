import { exerciseLines } from '../../shared/exercise';
import { times } from '../../contain/shared/containment-timeline';
import type { Report, ReportedContainment } from './report';
import { dayOf, span, utc } from './time-text';

/** What the summary is written from: the whole report but the summary. */
type Facts = Omit<Report, 'summary' | 'answers'>;

/** A few sentences in plain language: what happened, is it contained and was that read back, who answered, is it over. */
export function summarize(report: Facts): string[] {
  const rehearsed = exerciseLines(report.exercise).map((line) => line.replace(/[.!?]?$/, '.'));
  return [...rehearsed, whatHappened(report), ...contained(report), whoAnswered(report), isItOver(report)];
}

export function whatHappened(report: Facts): string {
  const [first] = report.rules;
  const where = `in account ${report.account} (${report.region})`;
  if (!first) return `A person opened this incident at ${utc(report.openedAt)} for something ${where}.`;
  const more = report.alertCount - 1;
  const rules = report.rules.length - 1;
  const others = rules > 0 ? ` of ${count(rules, 'other rule')} (${titles(report)})` : '';
  const further = more > 0 ? ` ${capital(count(more, 'further alert'))}${others} followed.` : '';
  // A finding has a title of its own.
  const says = report.title === first.title ? '' : ` It is about this: “${report.title}”.`;
  return `An event at ${utc(report.firstEventAt)} ${where} matched the rule “${first.title}”${about(report)}.${says}${speed(report)}${further}`;
}

const MAX_TITLES = 3;

/** Of the rules but the first. */
function titles({ rules: [, ...others] }: Facts): string {
  const shown = others.slice(0, MAX_TITLES).map(({ title }) => `“${title}”`);
  return others.length > MAX_TITLES ? `${shown.join(', ')} …` : list(shown);
}

function speed({ timings: { detect_ms: detect, delivery_ms: delivery, own_ms: own } }: Facts): string {
  if (detect === null) return '';
  const parts =
    delivery === null || own === null ? '' : ` (${span(delivery)} until it was delivered, ${span(own)} of our own)`;
  return ` It was raised ${span(detect)} after the event${parts}.`;
}

function about(report: Facts): string {
  const entity =
    report.entities.find(({ role, kind }) => role === 'target' && kind !== 'account') ??
    report.entities.find(({ role, kind }) => role === 'actor' && kind !== 'address');
  if (!entity) return '';
  return entity.role === 'actor' ? `, done by ${named(entity)}` : `, against ${named(entity)}`;
}

/** `user alice`, from the last part of an ARN. */
function named({ kind, id }: { readonly kind: string; readonly id: string }): string {
  return `${kind.replaceAll('-', ' ')} ${id.split(/[/:]/).at(-1) ?? id}`;
}

export function contained(report: Facts): string[] {
  if (report.containments.length === 0) return ['Nothing was changed: no response plan asked for it.'];
  return GROUPS.flatMap(({ states, say }) => {
    const group = report.containments.filter(({ state }) => states.includes(state));
    return group.length === 0 ? [] : [say(list(group.map(shortTarget)), group, report)];
  });
}

type Group = {
  readonly states: readonly ReportedContainment['state'][];
  readonly say: (targets: string, group: readonly ReportedContainment[], report: Facts) => string;
};

const GROUPS: readonly Group[] = [
  {
    states: ['held'],
    say: (_targets, group, report) =>
      `Firebreak contained ${list(group.map(withSpeed))}. ${each(group)} read back from AWS, and still in place when the watch ended${at(report, latest(group, 'heldAt'))}.${foughtBack(group)}`,
  },
  {
    states: ['verified'],
    say: (_targets, group) =>
      `Firebreak contained ${list(group.map(withSpeed))}. ${each(group)} read back from AWS, and is still being watched.`,
  },
  {
    states: ['starting', 'containing'],
    say: (targets) => `Containment of ${targets} is under way, and not proven yet.`,
  },
  {
    states: ['failed'],
    say: (targets, [first]) =>
      `Containment of ${targets} failed${first?.reason === undefined ? '' : `: ${first.reason}`}. It is not proven contained: treat it as not contained.`,
  },
  {
    states: ['refused'],
    say: (targets, [first]) =>
      `A guard rail refused to contain ${targets}${first?.reason === undefined ? '' : `: ${first.reason}`}. A person has to decide.`,
  },
  {
    states: ['awaiting-approval'],
    say: (targets) => `People were asked whether ${targets} may be contained; until they approve, nothing is changed.`,
  },
  {
    states: ['not-approved'],
    say: (targets, [first]) =>
      `Containment of ${targets} was not approved${first?.reason === undefined ? '' : `: ${first.reason}`}. Nothing was changed.`,
  },
  {
    states: ['planned'],
    say: (targets) =>
      `Firebreak only observes here: what it would have done about ${targets} is written down, nothing was changed.`,
  },
  { states: ['releasing'], say: (targets) => `${capital(targets)} is being released.` },
  {
    states: ['released'],
    say: (_targets, group, report) =>
      `${capital(list(group.map(withSpeed)))} ${group.length === 1 ? 'was' : 'were'} contained${group.every(({ verifiedAt }) => verifiedAt !== undefined) ? ', which was read back from AWS,' : ''} and released again${at(report, latest(group, 'releasedAt'))}: nothing of it is contained any more.`,
  },
  {
    states: ['release-failed'],
    say: (targets) => `The release of ${targets} ended with something not as it was before; see the actions.`,
  },
];

/** Holding now says little where somebody could undo it before. */
function foughtBack(group: readonly ReportedContainment[]): string {
  const undone = group.filter(({ timesUndone }) => timesUndone > 0);
  if (undone.length === 0) return '';
  const which = list(undone.map((one) => `${shortTarget(one)} (${times(one.timesUndone)})`));
  return ` Somebody undid ${which} before it held: find who has that power, and take it away.`;
}

function withSpeed(containment: ReportedContainment): string {
  const { containMs: ms } = containment;
  return `${shortTarget(containment)}${ms === undefined ? '' : ` (${span(ms)} after the alert)`}`;
}

/** The last of all: what is said of several is true only then. */
function latest(group: readonly ReportedContainment[], field: 'heldAt' | 'releasedAt'): string | undefined {
  return group
    .flatMap((one) => one[field] ?? [])
    .sort()
    .at(-1);
}

function each(group: readonly ReportedContainment[]): string {
  return group.length === 1 ? 'This was' : 'Each was';
}

/** Undefined where every level that was paged answered. */
export function whoWasSilent({ unansweredLevels }: Facts): string | undefined {
  const names = unansweredLevels.filter((name) => name !== '');
  return unansweredLevels.length === 0 ? undefined : `Nobody of ${levels(names)} had answered in time.`;
}

function whoAnswered(report: Facts): string {
  const { acknowledged, timings, answer } = report;
  const unanswered = whoWasSilent(report);
  const silent = unanswered === undefined ? '' : ` ${unanswered}`;
  if (acknowledged) {
    const late = timings.acknowledge_ms === null ? '' : `, ${span(timings.acknowledge_ms)} after the alert`;
    return `${acknowledged.by} acknowledged it at ${when(report, acknowledged.at)} ${acknowledged.how}${late}.${silent}`;
  }
  if (answer.tone === 'bad') return 'Nobody answered, at any level of the escalation chain.';
  return answer.tone === 'calm' ? 'Nobody has been paged yet.' : 'Nobody has acknowledged it.';
}

function levels(names: readonly string[]): string {
  const quoted = names.map((name) => `‘${name}’`);
  return names.length === 0 ? 'the levels before' : `${names.length === 1 ? 'level' : 'levels'} ${list(quoted)}`;
}

export function isItOver(report: Facts): string {
  const tasks =
    report.tasks.length === 0
      ? ''
      : ` ${capital(count(report.tasks.length, 'task'))} for people ${report.tasks.length === 1 ? 'is' : 'are'} listed below.`;
  const held = report.containments.filter(({ state }) => state === 'verified' || state === 'held');
  const still =
    held.length === 0
      ? ''
      : ` ${capital(list(held.map(shortTarget)))} ${held.length === 1 ? 'stays' : 'stay'} contained until somebody releases ${held.length === 1 ? 'it' : 'them'}.`;
  return report.closedAt === undefined
    ? `The incident is open.${still}${tasks}`
    : `The incident was closed at ${when(report, report.closedAt)}.${still}${tasks}`;
}

function shortTarget({ target }: ReportedContainment): string {
  const [kind = '', id = ''] = target.split(' ');
  return named({ kind, id });
}

/** Of the day of the first event the time alone. */
function when({ firstEventAt }: Pick<Facts, 'firstEventAt'>, iso: string): string {
  return utc(iso).replace(`${dayOf(firstEventAt)} `, '');
}

function at(report: Facts, iso: string | undefined): string {
  return iso === undefined ? '' : ` at ${when(report, iso)}`;
}

function list(items: readonly string[]): string {
  const unique = [...new Set(items)];
  return unique.length < 2 ? (unique[0] ?? '') : `${unique.slice(0, -1).join(', ')} and ${unique.at(-1) ?? ''}`;
}

const WORDS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];

export function count(n: number, word: string): string {
  return `${WORDS[n] ?? String(n)} ${word}${n === 1 ? '' : 's'}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
