import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { Alert } from '../../../lib/model/alert';
import { textAt } from '../../../lib/model/json';
import type { TimelineRecord } from '../../../lib/model/timeline';
import { alertOf } from './alert-item';
import { incidentKey, type Table } from './table';

/** More than somebody reads; what else there is stands on the timeline, each with what decided. */
const MAX_ALERTS = 100;
/** A quarter of what a Lambda may answer: an alert may weigh some hundred kilobytes. */
const MAX_BYTES = 1_500_000;
/** Alerts read at once. */
const AT_ONCE = 10;

/** Where an alert lies, as its record on the timeline says. */
export interface AlertPlace {
  readonly incidentId: string;
  readonly alert: string;
  readonly rule: string;
  /** ISO 8601; when it was raised. */
  readonly at: string;
}

/** Where the alerts lie of which records tell. */
export function alertPlaces(records: readonly TimelineRecord[]): AlertPlace[] {
  return records.flatMap(({ kind, incidentId, by, at, details }) => {
    const alert = kind === 'alert-raised' ? textAt(details, 'alert') : undefined;
    return alert === undefined ? [] : [{ incidentId, alert, rule: by, at: textAt(details, 'raisedAt') ?? at }];
  });
}

/**
 * The alerts that say most: the first of each rule, and of the others the newest; 100 at most, 1.5 MB together. In order
 * of time. An incident may have thousands, of which no more are read than these.
 */
export async function readNewestAlerts(table: Table, places: readonly AlertPlace[]): Promise<Alert[]> {
  const wanted = inOrder(places).slice(0, MAX_ALERTS);
  const found: Alert[] = [];
  let bytes = 0;
  for (let from = 0; from < wanted.length; from += AT_ONCE) {
    const some = await Promise.all(wanted.slice(from, from + AT_ONCE).map((place) => readAlert(table, place)));
    for (const { alert, text } of some.flatMap((one) => one ?? [])) {
      const more = Buffer.byteLength(text);
      if (bytes + more > MAX_BYTES) continue;
      bytes += more;
      found.push(alert);
    }
  }
  return found.sort((a, b) => a.metadata.logged_time - b.metadata.logged_time);
}

function inOrder(places: readonly AlertPlace[]): AlertPlace[] {
  const byTime = [...places].sort((a, b) => a.at.localeCompare(b.at));
  const firsts = new Map<string, AlertPlace>();
  for (const place of byTime) if (!firsts.has(place.rule)) firsts.set(place.rule, place);
  const isFirst = new Set(firsts.values());
  return [...isFirst, ...byTime.reverse().filter((place) => !isFirst.has(place))];
}

async function readAlert(
  table: Table,
  { incidentId, alert: id }: AlertPlace,
): Promise<{ readonly alert: Alert; readonly text: string } | undefined> {
  const { Item } = await table.client.send(
    new GetCommand({
      TableName: table.name,
      Key: { pk: incidentKey(incidentId).pk, sk: `ALERT#${id}` },
      ConsistentRead: true,
    }),
  );
  if (Item?.['alert'] === undefined) return undefined;
  const alert = alertOf(Item);
  return { alert, text: JSON.stringify(alert) };
}
