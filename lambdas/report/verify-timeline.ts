import { verifyChain, type ChainHead, type ChainVerdict } from '../../lib/model/timeline-chain';
import type { TimelineAnchor } from '../../lib/model/timeline-anchor';
import type { TimelineRecord } from '../../lib/model/timeline';

/** How far a timeline can be believed. */
export interface TimelineVerdict {
  /** True where nothing contradicts it; records after the last anchor are only as good as the store. */
  readonly intact: boolean;
  /** What contradicts it, where something does. */
  readonly problem?: string;
  /** The newest anchor that agrees: up to here nobody can have changed it without changing the locked vault. */
  readonly anchoredUpTo?: { readonly length: number; readonly at: string };
  /** How many records came after that anchor. */
  readonly unanchored: number;
  readonly head: ChainHead;
  /** All of this in one sentence. */
  readonly text: string;
}

/**
 * Recomputes every hash of a timeline, and holds it against the heads that lie in the vault.
 *
 * @param anchors of this incident, in any order; a part of them is enough to speak about the records before them.
 * @param head as the incident itself says it; without it a missing tail shows only by an anchor.
 */
export function verifyTimeline(
  incidentId: string,
  records: readonly TimelineRecord[],
  anchors: readonly TimelineAnchor[],
  head?: ChainHead,
): TimelineVerdict {
  const last = records.at(-1);
  const found: ChainHead = head ?? { length: records.length, hash: last?.hash ?? '' };
  // Once, however many anchors there are: of a long timeline each reckoning takes most of a second.
  const chain = verifyChain(incidentId, records);
  const problem = firstProblem(incidentId, records, anchors, { chain, head });
  const agreeing = anchors
    .filter((anchor) => records[anchor.length - 1]?.hash === anchor.hash)
    .filter((anchor) => anchor.length <= chain.head.length)
    .sort((a, b) => b.length - a.length)[0];
  const unanchored = records.length - (agreeing?.length ?? 0);
  const verdict = {
    intact: problem === undefined,
    ...(problem !== undefined && { problem }),
    ...(agreeing && { anchoredUpTo: { length: agreeing.length, at: agreeing.at } }),
    unanchored,
    head: found,
  };
  return { ...verdict, text: sentence(verdict) };
}

function firstProblem(
  incidentId: string,
  records: readonly TimelineRecord[],
  anchors: readonly TimelineAnchor[],
  { chain, head }: { readonly chain: ChainVerdict; readonly head: ChainHead | undefined },
): string | undefined {
  const foreign = records.find((record) => record.incidentId !== incidentId);
  if (foreign) return `record ${foreign.sequence} belongs to another incident`;
  if (!chain.intact) return chain.problem;
  if (head && head.length > records.length) return `records ${records.length + 1} to ${head.length} are missing`;
  if (head && records[head.length - 1]?.hash !== head.hash && head.length > 0) {
    return `the incident's own head does not agree with record ${head.length}`;
  }
  for (const anchor of [...anchors].sort((a, b) => a.length - b.length)) {
    if (anchor.length > records.length) {
      return `the vault knows ${anchor.length} records (${anchor.at}), but there are only ${records.length}`;
    }
    if (records[anchor.length - 1]?.hash !== anchor.hash) {
      return `record ${anchor.length}, or one before it, is not what the vault wrote down at ${anchor.at}`;
    }
  }
  return undefined;
}

function sentence(verdict: Omit<TimelineVerdict, 'text'>): string {
  const { anchoredUpTo: anchor, unanchored, problem } = verdict;
  const upTo = anchor && `up to record ${anchor.length}, anchored in the vault for ${anchor.at}`;
  if (problem !== undefined) return upTo ? `Not intact: ${problem}. Intact ${upTo}.` : `Not intact: ${problem}.`;
  if (!upTo) return `The chain is intact, but none of its ${unanchored} records is anchored in the vault yet.`;
  return `Intact ${upTo}; ${unanchored === 1 ? '1 record' : `${unanchored} records`} since.`;
}
