import { isJsonObject, textAt } from '../../../lib/model/json';
import type { Incident } from '../../../lib/model/incident';
import { SEVERITIES, type Severity } from '../../../lib/model/severity';
import { KINDS_OF_UPDATES, type Stakeholder, type UpdateEvent } from '../../../lib/model/stakeholder';
import type { TimelineKind, TimelineRecord } from '../../../lib/model/timeline';

/** One thing that happened, in plain words. May hold what an attacker wrote: each medium neutralises it. */
export interface UpdateLine {
  readonly event: UpdateEvent | 'merged';
  /** ISO 8601. */
  readonly at: string;
  readonly sequence: number;
  readonly text: string;
}

const EVENT_OF = new Map<TimelineKind, UpdateEvent>(
  (Object.entries(KINDS_OF_UPDATES) as [UpdateEvent, readonly TimelineKind[]][]).flatMap(([event, kinds]) =>
    kinds.map((kind) => [kind, event] as const),
  ),
);

/**
 * What of a timeline a stakeholder asked for.
 *
 * @param told whether anything was told before: only then is it news where the incident goes on.
 */
export function updateLines(
  records: readonly TimelineRecord[],
  stakeholder: Pick<Stakeholder, 'events'>,
  told: boolean,
): UpdateLine[] {
  return records.flatMap((record): UpdateLine[] => {
    const { at, sequence, kind } = record;
    const into = kind === 'incident-merged' ? textAt(record.details, 'mergedInto') : undefined;
    if (into !== undefined) {
      const text = `It turned out to be a part of incident ${into}, and goes on there.`;
      return told ? [{ event: 'merged', at, sequence, text }] : [];
    }
    const event = EVENT_OF.get(kind);
    if (event === undefined || !stakeholder.events.includes(event)) return [];
    const text = SENTENCES[kind]?.(record);
    return text === undefined ? [] : [{ event, at, sequence, text }];
  });
}

/** What each kind of record is in plain words; undefined where it is no news to people outside. */
const SENTENCES: Readonly<Partial<Record<TimelineKind, (record: TimelineRecord) => string | undefined>>> = {
  'incident-opened': ({ by, details }) => {
    const as = textAt(details, 'severity');
    return `${by === 'triage' ? 'It was opened' : `${by} opened it by hand`}${as === undefined ? '' : `, as ${as}`}.`;
  },
  'severity-changed': ({ details }) => {
    const [from, to] = [textAt(details, 'from'), textAt(details, 'to')];
    return isWorse(to, from) ? `It is worse than it seemed: ${String(from)} became ${String(to)}.` : undefined;
  },
  acknowledged: ({ by }) => `${by} takes care of it.`,
  'handed-over': ({ by, details }) =>
    `${textAt(details, 'to') ?? 'Somebody else'} takes care of it now, handed over by ${by}.`,
  'acknowledgement-voided': () => 'Whoever took care of it is not counted on any more; people are called again.',
  'containment-verified': ({ details }) => `Contained: ${target(details)}. This was read back from AWS.`,
  'containment-failed': ({ details }) =>
    `NOT contained, or not proven to be: ${target(details)}. The people who respond are told.`,
  'containment-refused': ({ details }) =>
    `NOT contained, because a guard rail forbids it: ${target(details)}. The people who respond are told.`,
  'containment-not-held': ({ details }) => `Contained, but it did NOT hold, or that is not proven: ${target(details)}.`,
  'containment-undone': ({ details }) =>
    `Somebody UNDID the containment of ${target(details)}; Firebreak makes it again.`,
  'approval-declined': ({ by, details }) => `NOT contained, because ${by} decided against it: ${target(details)}.`,
  'incident-closed': ({ by, text, details }) =>
    `${by} closed it${details?.['falsePositive'] === true ? ' as a false alarm' : ''}. ${reasonIn(text)}`.trim(),
  'report-written': () => 'The final report is written; the people who respond can hand it out.',
};

function isWorse(to: string | undefined, from: string | undefined): boolean {
  const [a, b] = [to, from].map((severity) => SEVERITIES.indexOf(severity as Severity));
  return a !== undefined && b !== undefined && a >= 0 && a < b;
}

/** `user build-agent`: of an ARN what its owner calls it. */
function target(details: TimelineRecord['details']): string {
  const found = details?.['target'];
  const [kind, id] = isJsonObject(found) ? [textAt(found, 'kind'), textAt(found, 'id')] : [];
  if (kind === undefined || id === undefined) return 'what it is about';
  return `${kind.replaceAll('-', ' ')} ${id.slice(id.lastIndexOf('/') + 1)}`;
}

function reasonIn(text: string): string {
  const from = text.indexOf(': ');
  return from < 0 ? '' : `Reason: ${text.slice(from + 2)}`;
}

/** How it stands, whatever the stakeholder asked for. */
export function standingOf({ status, acknowledgement, mergedInto }: Incident): string {
  switch (status) {
    case 'closed':
      return 'closed';
    case 'merged':
      return `part of incident ${mergedInto ?? 'another'}`;
    case 'open':
      return acknowledgement ? `open; ${acknowledgement.by} takes care of it` : 'open; nobody has answered yet';
  }
}
