import type { Alert } from '../../../lib/model/alert';
import type { Matcher } from '../../../lib/sigma/matcher';
import { reasonOf, rejected, type Decoded, type Rejected } from './decode';
import type { Delivery, Event } from '../../../lib/model/event';
import { toAlert, type AlertContext } from './to-alert';

/** An event that rules matched which correlations count. */
export interface Observed {
  readonly event: Event;
  readonly delivery: Delivery;
  readonly ruleIds: readonly string[];
}

export interface Detected {
  readonly alerts: readonly Alert[];
  /** In the order of arrival, for the correlations. */
  readonly observed: readonly Observed[];
  readonly rejected: readonly Rejected[];
}

/** What was decoded, to alerts. Pure. An event that breaks the matcher is parked, the others go on. */
export function detect(
  decoded: readonly Decoded[],
  matcher: Pick<Matcher, 'match'>,
  context: AlertContext,
  isCorrelated: (ruleId: string) => boolean = () => false,
): Detected {
  const alerts = new Map<string, Alert>();
  const parked: Rejected[] = [];
  const observed: Observed[] = [];
  for (const item of decoded) {
    if (item.kind === 'rejected') {
      parked.push(item);
      continue;
    }
    const { event, delivery, logsource } = item;
    try {
      const matches = matcher.match(event.record, logsource);
      const ruleIds = matches.map(({ rule }) => rule.id).filter(isCorrelated);
      if (ruleIds.length > 0) observed.push({ event, delivery, ruleIds });
      for (const match of matches) {
        // It is only there for correlations.
        if (match.rule.silent) continue;
        const alert = toAlert(match, event, delivery, context);
        // One delivery may hold the same event twice.
        alerts.set(alert.finding_info.uid, alert);
      }
    } catch (error) {
      const reason = `matching failed: ${reasonOf(error)}`;
      parked.push(rejected(`${delivery.from}, event ${event.id}`, reason, event.record));
    }
  }
  return { alerts: [...alerts.values()], observed, rejected: parked };
}
