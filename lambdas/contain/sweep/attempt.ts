import type { Containment } from '../../../lib/model/containment';
import { readRecord } from '../../shared/store/timelines';
import type { SweepClaim } from '../../shared/store/sweeps';
import type { Table } from '../../shared/store/table';

/** The attempt of a containment that a sweep comes after. */
export type Attempt = Pick<Containment, 'generation' | 'attempt'>;

/** The record that says that an attempt was read back. */
export interface ReadBack {
  readonly incidentId?: string;
  readonly sequence?: number;
}

/**
 * The attempt whose reading back an execution was started for: it may begin late, when a newer attempt waits for its
 * approval, whose sweep is another one. An execution that the rule of an older version started names no record; it sweeps
 * after the newest attempt. Undefined where the record says something else.
 */
export async function askedAttempt(
  table: Table,
  containment: Containment,
  { incidentId, sequence }: ReadBack,
): Promise<Attempt | undefined> {
  if (incidentId === undefined || sequence === undefined) return containment;
  const record = await readRecord(table, incidentId, sequence);
  const { containmentId, generation, attempt } = record?.details ?? {};
  if (record?.kind !== 'containment-verified' || containmentId !== containment.id) return undefined;
  return typeof generation === 'number' && typeof attempt === 'number' ? { generation, attempt } : undefined;
}

/** The attempt that an execution sweeps after, as it claimed it: a newer one has a sweep of its own. */
export function claimedAttempt(claims: readonly SweepClaim[], execution: string): Attempt | undefined {
  return claims.find((claim) => claim.execution === execution);
}
