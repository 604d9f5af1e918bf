import { canonicalJson } from './canonical-json';
import { sha256 } from './ids';
import { TIMELINE_SCHEMA_VERSION, type TimelineEntry, type TimelineRecord } from './timeline';

/** The head of a chain: how many records, and the hash of the last. */
export interface ChainHead {
  readonly length: number;
  readonly hash: string;
}

export function emptyChain(incidentId: string): ChainHead {
  return { length: 0, hash: sha256(incidentId) };
}

/** Gives the next record its place in the chain. */
export function chain(incidentId: string, head: ChainHead, entry: TimelineEntry, at: string): TimelineRecord {
  const unhashed = {
    ...entry,
    schemaVersion: TIMELINE_SCHEMA_VERSION,
    incidentId,
    sequence: head.length + 1,
    at,
    previousHash: head.hash,
  } as const;
  return { ...unhashed, hash: sha256(canonicalJson(unhashed)) };
}

export type ChainVerdict =
  | { readonly intact: true; readonly head: ChainHead }
  /** `head` is that of the records before the first break. */
  | { readonly intact: false; readonly problem: string; readonly head: ChainHead };

/** Recomputes every hash. Says where the first break is. */
export function verifyChain(incidentId: string, records: readonly TimelineRecord[]): ChainVerdict {
  let head = emptyChain(incidentId);
  for (const record of records) {
    const { hash, ...unhashed } = record;
    if (record.sequence !== head.length + 1) {
      return { intact: false, problem: `record ${head.length + 1} is missing; found ${record.sequence}`, head };
    }
    if (record.previousHash !== head.hash) {
      return { intact: false, problem: `record ${record.sequence} does not follow from the one before it`, head };
    }
    if (sha256(canonicalJson(unhashed)) !== hash) {
      return { intact: false, problem: `record ${record.sequence} was changed after it was written`, head };
    }
    head = { length: record.sequence, hash };
  }
  return { intact: true, head };
}
