import type { ReceivedPage } from './company/phones';
import type { DrillWorld } from './scenario';

/** Who answers in a drill. */
export const RESPONDER = 'Robin (second level)';

/**
 * Follows the link of a page as a person does: opens it, and sends the form with a name.
 *
 * @throws Error where the endpoint answers otherwise than it should.
 */
export async function acknowledgeByLink({ aws }: DrillWorld, { page }: ReceivedPage): Promise<void> {
  const url = aws.reach(page.acknowledge.url);
  const shown = await fetch(url);
  const html = await shown.text();
  if (shown.status !== 200 || !html.includes('name="name"')) {
    throw new Error(`the page's link answered ${shown.status} without the form: ${html.slice(0, 200)}`);
  }
  const sent = await fetch(url, { method: 'POST', body: new URLSearchParams({ name: RESPONDER }) });
  if (sent.status !== 200)
    throw new Error(`the form was answered ${sent.status}: ${(await sent.text()).slice(0, 200)}`);
}
