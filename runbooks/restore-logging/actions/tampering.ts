import type { Event } from '@aws-sdk/client-cloudtrail';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ActionContext } from '../../../lambdas/contain/runbook-host/action';
import { lookUpTrail, PAUSE_MS } from '../../../lambdas/contain/shared/look-up-trail';

/** The event history of CloudTrail needs no trail: it shows who stopped them. */
const TAMPERING = [
  'StopLogging',
  'DeleteTrail',
  'UpdateTrail',
  'PutEventSelectors',
  'StopConfigurationRecorder',
  'DeleteConfigurationRecorder',
  'DeleteDeliveryChannel',
  'DeleteDetector',
  'UpdateDetector',
  'CreateFilter',
  'UpdateFilter',
  'CreateIPSet',
  'DeletePublishingDestination',
];
const RECENT_MS = 24 * 60 * 60 * 1000;

/** The newest 50 events of each name in the day before the containment, oldest first. */
export async function readTampering(context: ActionContext): Promise<Event[]> {
  const since = new Date(new Date(context.startedAt).getTime() - RECENT_MS);
  const found: Event[] = [];
  for (const [index, AttributeValue] of TAMPERING.entries()) {
    if (index > 0) await sleep(PAUSE_MS);
    const { events } = await lookUpTrail(context, { AttributeKey: 'EventName', AttributeValue }, { since, pages: 1 });
    found.push(...events);
  }
  return found.sort((a, b) => (a.EventTime?.getTime() ?? 0) - (b.EventTime?.getTime() ?? 0));
}
