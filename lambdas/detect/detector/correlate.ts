import type { Alert } from '../../../lib/model/alert';
import { alertId } from '../../../lib/model/ids';
import type { CorrelationMatch, Correlator, ObserveOptions, Subject } from '../../../lib/sigma/correlation/correlator';
import type { Observed } from './detect';
import { neverEnforceReasons } from './never-enforce';
import { toAlert, type AlertContext } from './to-alert';

interface Seen extends Subject {
  readonly observed: Observed;
}

export interface CorrelateOptions extends ObserveOptions {
  /** @default - the alerts are only given back */
  readonly raise?: (alerts: readonly Alert[]) => Promise<void>;
}

/**
 * What the correlations make of the matches. Each alert is given to `raise` as soon as it is found, so that it stands
 * whatever becomes of the rest; those that are found while others are sent go together.
 *
 * @throws IncompleteError where the state throws or time is over: the delivery is then made again, and what was
 *   raised already keeps its id
 */
export async function correlate(
  observed: readonly Observed[],
  correlator: Correlator,
  context: AlertContext,
  { raise = () => Promise.resolve(), ...options }: CorrelateOptions = {},
): Promise<Alert[]> {
  const alerts = new Map<string, Alert>();
  const unsent: Alert[] = [];
  const failures: unknown[] = [];
  let sending: Promise<void> | undefined;
  const sendAll = async (): Promise<void> => {
    while (unsent.length > 0) await raise(unsent.splice(0)).catch((error: unknown) => failures.push(error));
    sending = undefined;
  };
  const events = observed.map((one) => ({ subject: subjectOf(one, context), ruleIds: one.ruleIds }));
  const tell = (match: CorrelationMatch, subject: Subject): void => {
    const alert = correlationAlert(match, (subject as Seen).observed, context);
    // The first event that completed it tells it; a later one of the same time only counts.
    if (alerts.has(alert.finding_info.uid)) return;
    alerts.set(alert.finding_info.uid, alert);
    unsent.push(alert);
    sending ??= sendAll();
  };
  await correlator.observeAll(events, tell, options).catch((error: unknown) => failures.push(error));
  await sending;
  if (failures.length === 1) throw failures[0];
  if (failures.length > 1) throw new AggregateError(failures, failures.map(String).join('; '));
  return [...alerts.values()];
}

function subjectOf(observed: Observed, { homeAccount }: AlertContext): Seen {
  const { event } = observed;
  const distrusted = neverEnforceReasons(event, homeAccount).length > 0;
  return { id: event.id, time: Date.parse(event.time), record: event.record, distrusted, observed };
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
    unmapped: { firebreak: { ...firebreak, neverEnforce, group: match.group } },
  };
}
