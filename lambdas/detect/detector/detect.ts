import type { Alert } from '../../../lib/model/alert';
import type { Matcher } from '../../../lib/sigma/matcher';
import { rejected, type Decoded, type Rejected } from './decode';
import { toAlert, type AlertContext } from './to-alert';

export interface Detected {
  readonly alerts: readonly Alert[];
  readonly rejected: readonly Rejected[];
}

/** What was decoded, to alerts. Pure. An event that breaks the matcher is parked, the others go on. */
export function detect(decoded: readonly Decoded[], matcher: Matcher, context: AlertContext): Detected {
  const alerts = new Map<string, Alert>();
  const parked: Rejected[] = [];
  for (const item of decoded) {
    if (item.kind === 'rejected') {
      parked.push(item);
      continue;
    }
    const { event, delivery, logsource } = item;
    try {
      for (const match of matcher.match(event.record, logsource)) {
        const alert = toAlert(match, event, delivery, context);
        // One delivery may hold the same event twice.
        alerts.set(alert.finding_info.uid, alert);
      }
    } catch (error) {
      const reason = `matching failed: ${error instanceof Error ? error.message : String(error)}`;
      parked.push(rejected(`${delivery.from}, event ${event.id}`, reason, event.record));
    }
  }
  return { alerts: [...alerts.values()], rejected: parked };
}
