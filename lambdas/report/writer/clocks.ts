import type { Incident } from '../../../lib/model/incident';
import { textAt } from '../../../lib/model/json';
import {
  MOMENTS,
  NOTIFICATION_RULES,
  type Moment,
  type NotificationRule,
  type NotificationStep,
} from '../../../lib/model/notification';
import type { TimelineRecord } from '../../../lib/model/timeline';
import { neutralText } from '../../shared/neutral-text';
import { recordName } from '../all-records';
import type { ReportedClock, ReportedMoment } from './report';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

type Moments = Readonly<Record<Moment, ReportedMoment>>;

/**
 * The times from which laws count. What a person recorded counts, the last word of each. Awareness is the first alert
 * until somebody says otherwise: the earliest time that can be argued, so that no deadline is told too late.
 * Classification and materiality are decisions: without a person's word they have not happened.
 */
export function reportMoments(incident: Incident, timeline: readonly TimelineRecord[]): Moments {
  const moments = MOMENTS.map((moment): readonly [Moment, ReportedMoment] => {
    const told = timeline.findLast(
      ({ kind, details }) => kind === 'moment-recorded' && textAt(details, 'moment') === moment,
    );
    const at = textAt(told?.details, 'time');
    if (told && at !== undefined && !Number.isNaN(Date.parse(at))) {
      const by = neutralText(told.by, 100);
      return [moment, { moment, at, basis: `recorded by ${by}`, records: [recordName(told, incident.id)] }];
    }
    return [moment, moment === 'awareness' ? firstKnown(incident, timeline) : { moment, basis: '', records: [] }];
  });
  return Object.fromEntries(moments) as Record<Moment, ReportedMoment>;
}

function firstKnown(incident: Incident, timeline: readonly TimelineRecord[]): ReportedMoment {
  const first =
    timeline.find(({ kind }) => kind === 'alert-raised') ?? timeline.find(({ kind }) => kind === 'incident-opened');
  return {
    moment: 'awareness',
    at: textAt(first?.details, 'raisedAt') ?? first?.at ?? incident.openedAt,
    basis: first?.kind === 'alert-raised' ? 'the first alert' : 'the opening of the incident',
    records: first ? [recordName(first, incident.id)] : [],
  };
}

/** The clocks that may run, the earliest deadline first; not legal advice. */
export function reportClocks(
  incident: Incident,
  timeline: readonly TimelineRecord[],
  moments: Moments,
): ReportedClock[] {
  return NOTIFICATION_RULES.flatMap((rule): ReportedClock[] => {
    const because = whyStarted(rule, incident);
    if (because === undefined) return [];
    return [
      {
        id: rule.id,
        law: rule.law,
        article: rule.article,
        to: rule.to,
        because: because.text,
        onlyIf: rule.onlyIf,
        steps: rule.steps.map((step) => {
          const dueAt = dueOf(step, moments);
          const { name, within, from } = step;
          return { name, within, from, ...(dueAt !== undefined && { dueAt }) };
        }),
        records: because.data ? recordsOfData(rule, incident, timeline) : recordsOfSeverity(incident, timeline),
      },
    ];
  }).sort((a, b) => (firstDue(a) < firstDue(b) ? -1 : firstDue(a) > firstDue(b) ? 1 : 0));
}

function firstDue({ steps }: ReportedClock): string {
  return steps.flatMap(({ dueAt }) => dueAt ?? []).sort()[0] ?? '~';
}

function whyStarted(
  { startedBy }: NotificationRule,
  { data = [], severity }: Incident,
): { readonly text: string; readonly data: boolean } | undefined {
  if (startedBy === 'any-severe') {
    return severity === 'SEV1' || severity === 'SEV2' ? { text: `it is ${severity}`, data: false } : undefined;
  }
  const kinds = startedBy.filter((kind) => data.includes(kind));
  return kinds.length === 0 ? undefined : { text: `${kinds.join(' and ')} data lies there`, data: true };
}

function recordsOfData(
  { startedBy }: NotificationRule,
  { id }: Incident,
  timeline: readonly TimelineRecord[],
): string[] {
  return timeline
    .filter(({ details }) => {
      const kinds = details?.['data'];
      return Array.isArray(kinds) && kinds.some((kind) => startedBy.includes(kind as never));
    })
    .slice(0, 3)
    .map((record) => recordName(record, id));
}

function recordsOfSeverity({ id, severity }: Incident, timeline: readonly TimelineRecord[]): string[] {
  const last = timeline.findLast(
    ({ incidentId, kind, details }) =>
      incidentId === id &&
      ((kind === 'severity-changed' && textAt(details, 'to') === severity) || kind === 'incident-opened'),
  );
  return last ? [recordName(last, id)] : [];
}

/** When a step is due; undefined where it has no figure, or nobody has said yet from when it counts. */
function dueOf({ from, time, atLatest }: NotificationStep, moments: Moments): string | undefined {
  const start = moments[from].at;
  const known = start !== undefined && time ? afterTime(Date.parse(start), time) : undefined;
  const outer = atLatest && moments[atLatest.from].at;
  const latest = outer === undefined ? undefined : Date.parse(outer) + (atLatest?.hours ?? 0) * HOUR;
  // A classification that itself came after the outer limit starts the clock by itself.
  const late = start !== undefined && latest !== undefined && Date.parse(start) > latest;
  const due = known === undefined || late ? (known ?? latest) : Math.min(known, latest ?? Infinity);
  return due === undefined ? undefined : new Date(due).toISOString();
}

function afterTime(start: number, { hours = 0, months = 0, businessDays = 0 }: NonNullable<NotificationStep['time']>) {
  return addBusinessDays(addMonths(start + hours * HOUR, months), businessDays);
}

/** The same day of a later month, or its last one. */
function addMonths(time: number, months: number): number {
  const date = new Date(time);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, lastDay));
  return date.getTime();
}

function addBusinessDays(time: number, days: number): number {
  let at = time;
  for (let left = days; left > 0;) {
    at += DAY;
    if (![0, 6].includes(new Date(at).getUTCDay())) left--;
  }
  return at;
}
