import { CANARY_DETAIL_TYPE, EVENT_SOURCE, publicationOf } from '../../../lib/report/published-event';
import type { Incident } from '../../../lib/model/incident';
import { textAt } from '../../../lib/model/json';
import type { TimelineRecord } from '../../../lib/model/timeline';
import { neutralText } from '../../shared/neutral-text';

/** An event as EventBridge takes it. */
export interface BusEvent {
  readonly Source: string;
  readonly DetailType: string;
  readonly Time: Date;
  readonly Detail: string;
}

/** Ids and one sentence: far below EventBridge's 256 KB, whatever a record holds. */
const TEXT_LENGTH = 1000;

/**
 * The event of a timeline record, or undefined where nobody else needs to know. `detail.id` is the same however
 * often the event comes: receivers deduplicate by it.
 *
 * @param exercise what the deployment says that it rehearses.
 */
export function makeEvent(
  record: TimelineRecord,
  incident: Incident | undefined,
  exercise?: string,
): BusEvent | undefined {
  const { event } = publicationOf(record.kind);
  if (!event) return undefined;
  return {
    Source: EVENT_SOURCE,
    DetailType: event,
    Time: new Date(record.at),
    Detail: JSON.stringify({
      schemaVersion: 1,
      exercise,
      id: `${record.incidentId}#${record.sequence}`,
      incidentId: record.incidentId,
      sequence: record.sequence,
      kind: record.kind,
      stage: record.stage,
      at: record.at,
      by: neutralText(record.by, 200),
      text: neutralText(record.text, TEXT_LENGTH),
      title: incident && neutralText(incident.title, 200),
      severity: incident?.severity,
      account: incident?.account,
      region: incident?.region,
      containmentId: textAt(record.details, 'containmentId'),
      alertId: textAt(record.details, 'alert'),
    }),
  };
}

/** Tells the canary that one of its own came to the end of the chain. */
export function canaryEvent(canary: string): BusEvent {
  return {
    Source: EVENT_SOURCE,
    DetailType: CANARY_DETAIL_TYPE,
    Time: new Date(),
    Detail: JSON.stringify({ schemaVersion: 1, canary }),
  };
}
