import { CloudTrailClient, LookupEventsCommand, type Event } from '@aws-sdk/client-cloudtrail';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ActionContext } from '../../../lambdas/contain/runbook-host/action';

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
/** Two look-ups a second is what CloudTrail gives all who ask in an account. */
const PAUSE_MS = 500;
const RECENT_MS = 24 * 60 * 60 * 1000;

/** The newest 50 events of each name in the day before the containment, oldest first. */
export async function readTampering(context: ActionContext): Promise<Event[]> {
  const StartTime = new Date(new Date(context.startedAt).getTime() - RECENT_MS);
  const found: Event[] = [];
  for (const [index, AttributeValue] of TAMPERING.entries()) {
    if (index > 0) await sleep(PAUSE_MS);
    const { Events } = await context.aws.of(CloudTrailClient).send(
      new LookupEventsCommand({
        LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue }],
        StartTime,
        MaxResults: 50,
      }),
    );
    found.push(...(Events ?? []));
  }
  return found.sort((a, b) => (a.EventTime?.getTime() ?? 0) - (b.EventTime?.getTime() ?? 0));
}
