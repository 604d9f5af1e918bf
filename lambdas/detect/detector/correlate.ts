import type { Alert } from '../../../lib/model/alert';
import { alertId } from '../../../lib/model/ids';
import type { CorrelationMatch, Correlator } from '../../../lib/sigma/correlation/correlator';
import type { Observed } from './detect';
import { neverEnforceReasons } from './never-enforce';
import { toAlert, type AlertContext } from './to-alert';

/** What the correlations make of the matches. Throws what the state throws: the delivery is then made again. */
export async function correlate(
  observed: readonly Observed[],
  correlator: Correlator,
  context: AlertContext,
): Promise<Alert[]> {
  const alerts = new Map<string, Alert>();
  for (const one of observed) {
    const { event, ruleIds } = one;
    const distrusted = neverEnforceReasons(event, context.homeAccount).length > 0;
    const subject = { id: event.id, time: Date.parse(event.time), record: event.record, distrusted };
    for (const match of await correlator.observe(subject, ruleIds)) {
      const alert = correlationAlert(match, one, context);
      // The first event that completed it tells it; a later one of the same time only counts.
      if (!alerts.has(alert.finding_info.uid)) alerts.set(alert.finding_info.uid, alert);
    }
  }
  return [...alerts.values()];
}

/** The alert of the event that completed a correlation, under the id of the correlation, its group and its time. */
function correlationAlert(match: CorrelationMatch, { event, delivery }: Observed, context: AlertContext): Alert {
  const alert = toAlert(match, event, delivery, context);
  const { firebreak } = alert.unmapped;
  const neverEnforce =
    match.distrusted && firebreak.neverEnforce.length === 0
      ? ['among the events that were counted is one on whose word nothing may be contained']
      : firebreak.neverEnforce;
  return {
    ...alert,
    finding_info: {
      ...alert.finding_info,
      uid: alertId(match.rule.id, match.alertKey),
      related_events: match.events.map((uid) => ({ uid })),
    },
    unmapped: { firebreak: { ...firebreak, neverEnforce } },
  };
}
