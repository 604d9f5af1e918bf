import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { Containment } from '../../../lib/model/containment';
import { containmentKey, type Table } from '../../shared/store/table';

/** A sweep after one attempt of a containment, which an execution has begun. */
export interface SweepClaim {
  readonly generation: number;
  readonly attempt: number;
  readonly execution: string;
}

/** The sweeps after a containment that were begun. */
export async function sweepClaims(table: Table, containmentId: string): Promise<SweepClaim[]> {
  const claims: SweepClaim[] = [];
  let ExclusiveStartKey: Record<string, unknown> | undefined;
  do {
    const page = await table.client.send(
      new QueryCommand({
        TableName: table.name,
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
        ExpressionAttributeValues: { ':pk': containmentKey(containmentId).pk, ':prefix': 'SWEEP#' },
        ConsistentRead: true,
        ExclusiveStartKey,
      }),
    );
    for (const { sk, execution } of page.Items ?? []) {
      const [, generation = 0, attempt = 0] = String(sk).split('#').map(Number);
      claims.push({ generation, attempt, execution: String(execution) });
    }
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
  return claims;
}

/**
 * Why a sweep goes no further; undefined where it does. A newer attempt alone ends none: one that waits for approval, that
 * was declined or refused is never verified, has no sweep, and whoever can cause it would end the search for what they did.
 */
export function whyOver(
  { status, generation }: Pick<Containment, 'status' | 'generation'>,
  mine: Pick<SweepClaim, 'generation' | 'attempt'>,
  claims: readonly SweepClaim[],
): string | undefined {
  const newest = Math.max(...claims.map(({ attempt }) => attempt));
  if (newest > mine.attempt) return `the sweep after attempt ${newest} goes on with it`;
  // Another generation begins only after a release.
  if (isReleased({ status }) || generation !== mine.generation) {
    return 'the containment was given back, and whoever did that knew what had happened; no sweep goes on with it';
  }
  return undefined;
}

export function isReleased({ status }: Pick<Containment, 'status'>): boolean {
  return status === 'releasing' || status === 'released' || status === 'release-failed';
}
