import { ESCALATION } from '../../shared/hand-over/chain';
import type { HandOver, Incident } from '../../../lib/model/incident';
import type { TimelineKind, TimelineRecord } from '../../../lib/model/timeline';
import { textAt } from '../../../lib/model/json';

/** How an open incident's escalation stands. */
export type Verdict =
  /** Somebody has it, asked for quiet, or is about to be paged as the chain says. */
  | { readonly kind: 'fine' }
  /** Every level was paged and nobody answered: people were told by the alarm, and still nobody has it. */
  | { readonly kind: 'unanswered'; readonly because: string }
  /** No execution looks after whoever acknowledged, though the chain is to do so. */
  | { readonly kind: 'unwatched' }
  /** The chain does not advance as it says. */
  | { readonly kind: 'stalled'; readonly because: string };

export interface Seen {
  readonly incident: Incident;
  /** The newest records that tell how it stands, in order. */
  readonly timeline: readonly TimelineRecord[];
  /** Status of the newest attempt's execution; undefined where there is none. */
  readonly execution: string | undefined;
  /** Whether its chain looks after whoever acknowledged. */
  readonly watchesSilence: boolean;
  /** The longest that one step of a chain may take, in milliseconds. */
  readonly longestStep: number;
  readonly now: Date;
}

/** The reconciler starts what is pending within a minute; then it has had time enough. */
const PENDING_MS = 10 * 60_000;
/** A step ends a little later than it is due: a cold Lambda, a retry. */
const LATE_MS = 5 * 60_000;

/** Or has watched for as long as it does. */
const WATCHING = ['RUNNING', 'PENDING_REDRIVE', 'TIMED_OUT'];

const STEPS: readonly TimelineKind[] = [
  'escalation-started',
  'page-sent',
  'page-failed',
  'page-held',
  'level-unanswered',
  'snoozed',
];
const EXHAUSTED: readonly TimelineKind[] = ['escalation-exhausted'];

/** Whether a record is as far back as `judge` has to see: the last step of a running chain, the end of a failed one, or what was before both. */
export function tellsHowItStands(handOver: HandOver | undefined, execution: string | undefined) {
  const kinds = execution === 'FAILED' ? EXHAUSTED : STEPS;
  return ({ kind, at }: TimelineRecord): boolean =>
    handOver === undefined || at < handOver.since || kinds.includes(kind);
}

/**
 * Whether an incident advances as its chain says, from what the store and Step Functions say and from nothing that the
 * chain itself remembers.
 */
export function judge({ incident, timeline, execution, watchesSilence, longestStep, now }: Seen): Verdict {
  if (incident.status !== 'open') return { kind: 'fine' };
  const handOver = incident.handOvers[ESCALATION];
  if (incident.acknowledgement) {
    return { kind: watchesSilence && handOver && isUnwatched(handOver, execution, now) ? 'unwatched' : 'fine' };
  }
  if (!handOver) return { kind: 'stalled', because: 'no escalation was ever begun for it' };
  const age = now.getTime() - Date.parse(handOver.since);
  if (handOver.state === 'pending') {
    return age > PENDING_MS
      ? { kind: 'stalled', because: `its escalation has been pending since ${handOver.since}` }
      : { kind: 'fine' };
  }
  switch (execution) {
    case 'RUNNING':
    case 'PENDING_REDRIVE':
      return advances(timeline, Date.parse(handOver.since), longestStep, now);
    case undefined:
      return { kind: 'stalled', because: 'the execution of its chain is not there' };
    case 'FAILED':
      return timeline.some(({ kind, at }) => EXHAUSTED.includes(kind) && at >= handOver.since)
        ? { kind: 'unanswered', because: 'every level was paged, and nobody answered' }
        : { kind: 'stalled', because: 'the execution of its chain failed' };
    default:
      // Ended well, although nobody has it: that the newest attempt gave way to nobody.
      return age > LATE_MS
        ? { kind: 'stalled', because: `the execution of its chain ended as ${execution}, and nobody has answered` }
        : { kind: 'fine' };
  }
}

/**
 * The chain had ended before somebody acknowledged, or was stopped since; or its incident took over the chain of one that
 * was merged into it. Not after the 90 days that a watch takes at most: then it is somebody's project.
 */
function isUnwatched({ state, since }: HandOver, execution: string | undefined, now: Date): boolean {
  if (state !== 'started' || execution === undefined || WATCHING.includes(execution)) return false;
  return now.getTime() - Date.parse(since) > LATE_MS;
}

function advances(timeline: readonly TimelineRecord[], since: number, longestStep: number, now: Date): Verdict {
  const last = timeline.findLast(({ kind }) => STEPS.includes(kind));
  const until = last && textAt(last.details, 'until');
  const due = until === undefined ? (last ? Date.parse(last.at) : since) + longestStep : Date.parse(until);
  if (now.getTime() <= due + LATE_MS) return { kind: 'fine' };
  return {
    kind: 'stalled',
    because: `nothing happened since ${last ? `'${last.text.slice(0, 100)}' (${last.at})` : new Date(since).toISOString()}, although its chain runs`,
  };
}
