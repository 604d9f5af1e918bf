import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { Incident } from '../../../lib/model/incident';
import { changeItems, getIncident } from '../../shared/store/incidents';
import type { Table } from '../../shared/store/table';
import { giveUp, takeIn, whyApart } from './merge';

/** What became of incidents that one alert showed to be about the same. */
export interface Merged {
  /** The oldest, with all that could be merged. */
  readonly incident: Incident;
  /** Those that stay apart, and why. */
  readonly apart: readonly { readonly id: string; readonly because: string }[];
}

/**
 * Merges incidents into the oldest of them, one after the other, each in one transaction: both change, or neither.
 * Killed in between, the next delivery of the alert finds fewer and goes on.
 *
 * @param open oldest first, at least one.
 * @throws TransactionCanceledException where one of them changed meanwhile.
 */
export async function mergeIncidents(table: Table, open: readonly Incident[], now: Date): Promise<Merged> {
  const [oldest, ...others] = open;
  if (!oldest) throw new Error('there is no incident to merge into');
  let incident = oldest;
  const apart: { id: string; because: string }[] = [];
  for (const other of others) {
    const because = whyApart(incident, other);
    if (because !== undefined) {
      apart.push({ id: other.id, because });
      continue;
    }
    const items = [
      ...changeItems(table, incident, takeIn(incident, other, now), now),
      ...changeItems(table, other, giveUp(other, incident), now),
    ];
    await table.client.send(new TransactWriteCommand({ TransactItems: items }));
    incident = (await getIncident(table, incident.id)) ?? incident;
  }
  return { incident, apart };
}
