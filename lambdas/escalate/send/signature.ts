import { createHmac } from 'node:crypto';

/**
 * How a receiver knows that a page is ours and fresh: `firebreak-signature: v1=<hex>` is HMAC-SHA256 with the shared
 * secret over `v1:<firebreak-timestamp>:<body>`. Refuse timestamps (seconds since the epoch) older than 5 minutes, and
 * page ids that were seen before.
 */
export function signatureHeaders(secret: string, body: string, now: Date): Record<string, string> {
  const timestamp = String(Math.floor(now.getTime() / 1000));
  const signature = createHmac('sha256', secret).update(`v1:${timestamp}:${body}`).digest('hex');
  return { 'firebreak-timestamp': timestamp, 'firebreak-signature': `v1=${signature}` };
}
