import type { Alert } from '../../../lib/model/alert';

/**
 * An alert as the store keeps it: one text. As a map, what somebody wrote into a log would decide whether it can be stored at all: DynamoDB takes
 * 32 levels and no empty names, and its client no whole number past 2^53 (a time in nanoseconds) and no field named `constructor`.
 */
export function alertItem(alert: Alert): { readonly alert: string } {
  return { alert: JSON.stringify(alert) };
}

/** The alert in an item; those of older versions are maps. */
export function alertOf(item: Readonly<Record<string, unknown>>): Alert {
  const { alert } = item;
  return (typeof alert === 'string' ? JSON.parse(alert) : alert) as Alert;
}
