import { sha256 } from '../../../lib/model/ids';
import { textAt } from '../../../lib/model/json';
import { partitionOf } from '../../../lib/model/partition';
import type { Target } from '../../../lib/model/plan';
import type { Finding } from '../../../lib/model/sweep';
import { compilePath } from '../../../lib/sigma/paths';
import { globalRegion } from '../../detect/detector/entities/arn';
import { DEEDS, RUNBOOK_OF, type Containable, type Deed, type Place } from './deeds';
import type { TrailRecord } from './read-record';
import { isFollowed } from './trace';

/** AWS's longest ARN; what is longer is no id. */
const MAX_ID = 2_048;
/** One call about more things than this is told by its first. */
const MAX_OF_A_CALL = 20;
const MAX_BY = 300;
const GLOBAL: readonly Containable[] = ['user', 'role'];

/** A finding, and what is contained for it. */
export interface Found {
  /** The same for the same thing in the same event. */
  readonly mark: string;
  readonly finding: Finding;
  readonly wayBack: boolean;
  readonly contain?: { readonly runbook: string; readonly target: Target };
}

export interface FoundDeeds {
  /** Oldest first. */
  readonly found: readonly Found[];
  /** Calls that were no reading and stand in no line of the table, with how often. */
  readonly others: ReadonlyMap<string, number>;
}

const compiled = (places: readonly Place[]) => places.map(({ path, arn }) => ({ values: compilePath(path), arn }));
const BY_CALL = new Map(
  DEEDS.map((deed) => [
    deed.call,
    {
      deed,
      ids: compiled(deed.places),
      targets: compiled(deed.contains?.places ?? []),
      only: deed.only === undefined ? undefined : compilePath(deed.only),
    },
  ]),
);
type Row = NonNullable<ReturnType<(typeof BY_CALL)['get']>>;

/** What the records of an actor made, by the table. Calls that failed made nothing. */
export function findDeeds(
  records: readonly TrailRecord[],
  seenIn: (record: TrailRecord) => Finding['seenIn'],
): FoundDeeds {
  const found = new Map<string, Found>();
  const others = new Map<string, number>();
  for (const record of records) {
    if (record.failed) continue;
    const row = BY_CALL.get(record.call);
    if (row) for (const one of deedsOf(record, row, seenIn(record))) found.set(one.mark, one);
    else if (!record.readOnly && !isFollowed(record.call)) others.set(record.call, (others.get(record.call) ?? 0) + 1);
  }
  return { found: [...found.values()], others };
}

function deedsOf(record: TrailRecord, { deed, ids, targets, only }: Row, seenIn: Finding['seenIn']): Found[] {
  if (only && only(record.raw).length === 0) return [];
  const named = first(record, ids);
  const held = deed.contains === undefined ? [] : first(record, targets);
  return named.map((id, index) => {
    const target = held.length === named.length ? held[index] : held[0];
    return {
      mark: sha256(JSON.stringify([record.id, deed.kind, id])).slice(0, 16),
      wayBack: deed.wayBack === true,
      finding: {
        kind: deed.kind,
        id,
        did: deed.did,
        call: record.call,
        at: record.at,
        eventId: record.id,
        region: record.region,
        by: by(record),
        seenIn,
      },
      ...(deed.contains && target !== undefined && { contain: containOf(deed.contains, target, record) }),
    };
  });
}

/** What the first place says that says something. */
function first(record: TrailRecord, places: Row['ids']): string[] {
  const scope = { partition: partitionOf(record.region), account: record.account, region: record.region };
  for (const { values, arn } of places) {
    const texts = values(record.raw).filter(
      (id): id is string => typeof id === 'string' && id !== '' && id.length <= MAX_ID,
    );
    if (texts.length > 0)
      return [...new Set(texts)].slice(0, MAX_OF_A_CALL).map((id) => arn(scope, id).slice(0, MAX_ID));
  }
  return [];
}

function containOf({ kind }: NonNullable<Deed['contains']>, id: string, { account, region }: TrailRecord) {
  // Whether it is what it claims to be, of this account and not protected, is for the guard rails to say.
  const where = GLOBAL.includes(kind) ? globalRegion(partitionOf(region)) : region;
  return { runbook: RUNBOOK_OF[kind], target: { kind, id, account, region: where } };
}

function by({ raw }: TrailRecord): string {
  const name = textAt(raw, 'userIdentity.arn') ?? textAt(raw, 'userIdentity.principalId');
  return (name ?? 'an identity without a name').slice(0, MAX_BY);
}
