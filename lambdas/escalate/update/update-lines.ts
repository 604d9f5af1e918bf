import { isJsonObject, textAt } from '../../../lib/model/json';
import type { Incident } from '../../../lib/model/incident';
import { SEVERITIES, type Severity } from '../../../lib/model/severity';
import { KINDS_OF_UPDATES, type Stakeholder, type UpdateEvent } from '../../../lib/model/stakeholder';
import type { TimelineKind, TimelineRecord } from '../../../lib/model/timeline';
import { MAX_TIMES_MADE_AGAIN } from '../../../lib/model/containment';

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
 * @param before what the timeline said before these records; wanted where {@link looksBack} says so.
 */
export function updateLines(
  records: readonly TimelineRecord[],
  stakeholder: Pick<Stakeholder, 'events'>,
  told: boolean,
  before: readonly TimelineRecord[] = [],
): UpdateLine[] {
  const contained = new Set<string>();
  for (const record of before) follow(record, contained);
  return records.flatMap((record): UpdateLine[] => {
    const { at, sequence, kind } = record;
    follow(record, contained);
    const into = kind === 'incident-merged' ? textAt(record.details, 'mergedInto') : undefined;
    if (into !== undefined) {
      const text = `It turned out to be a part of incident ${into}, and goes on there.`;
      return told ? [{ event: 'merged', at, sequence, text }] : [];
    }
    const event = EVENT_OF.get(kind);
    if (event === undefined || !stakeholder.events.includes(event)) return [];
    const text = SENTENCES[kind]?.(record, contained);
    return text === undefined ? [] : [{ event, at, sequence, text }];
  });
}

/** True where what is told depends on what was contained before: people may have decided about more of the same. */
export function looksBack(records: readonly TimelineRecord[]): boolean {
  return records.some(({ kind }) => kind === 'approval-declined' || kind === 'approval-timed-out');
}

/** Which containments are made and were read back. */
function follow({ kind, details }: TimelineRecord, contained: Set<string>): void {
  const id = textAt(details, 'containmentId');
  if (id === undefined) return;
  if (kind === 'containment-verified') contained.add(id);
  else if (ENDS_A_CONTAINMENT.includes(kind)) contained.delete(id);
}

/** After these it is not contained, or not proven to be. */
const ENDS_A_CONTAINMENT: readonly TimelineKind[] = [
  'containment-failed',
  'containment-not-held',
  'containment-undone',
  'release-started',
];

type Sentence = (record: TimelineRecord, contained: ReadonlySet<string>) => string | undefined;

/** What each kind of record is in plain words; undefined where it is no news to people outside. */
const SENTENCES: Readonly<Partial<Record<TimelineKind, Sentence>>> = {
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
  'containment-undone': ({ details }) => {
    const times = details?.['timesUndone'];
    return typeof times === 'number' && times > MAX_TIMES_MADE_AGAIN
      ? `Somebody UNDID the containment of ${target(details)} once more; Firebreak does NOT make it again. The people who respond are told.`
      : `Somebody UNDID the containment of ${target(details)}; Firebreak makes it again.`;
  },
  'approval-declined': (record, contained) => unchanged(record, contained, `${record.by} decided against it`),
  'approval-timed-out': (record, contained) =>
    // What is contained without approval is told when it was read back, and that others are asked is no news outside.
    textAt(record.details, 'how') === 'timeout' || record.details?.['askedLevels'] !== undefined
      ? undefined
      : unchanged(record, contained, 'nobody decided in time'),
  'incident-closed': ({ by, text, details }) =>
    `${by} closed it${details?.['falsePositive'] === true ? ' as a false alarm' : ''}. ${reasonIn(text)}`.trim(),
  'report-written': () => 'The final report is written; the people who respond can hand it out.',
};

/** Of what was contained before, only the repetition is not made: it stays as it is. */
function unchanged({ details }: TimelineRecord, contained: ReadonlySet<string>, because: string): string {
  return contained.has(textAt(details, 'containmentId') ?? '')
    ? `Nothing further was changed, because ${because}: ${target(details)}, which was contained before.`
    : `NOT contained, because ${because}: ${target(details)}.`;
}

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
