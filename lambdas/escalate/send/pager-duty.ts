import type { ChannelTarget } from '../../../lib/model/recipient';
import type { PagerDutyEvent } from '../page/pager-duty';
import { postJson } from './post';
import { forgetSecret, readSecret } from './secrets';

/** @throws WebhookError where the pager did not take it. */
export async function sendPagerDuty(
  pager: Extract<ChannelTarget, { kind: 'pager-duty' }>,
  event: PagerDutyEvent,
): Promise<void> {
  const routing_key = await readSecret(pager.routingKeySecretArn);
  try {
    await postJson(pager.endpoint, JSON.stringify({ routing_key, ...event }));
  } catch (error) {
    forgetSecret(pager.routingKeySecretArn);
    throw error;
  }
}
