import { setTimeout as sleep } from 'node:timers/promises';

const TIMEOUT_MS = 10_000;
const PAUSES_MS = [500, 1500];

/** A webhook that did not take a page. Says the host only: the path may be a secret. */
export class WebhookError extends Error {
  public override readonly name = 'WebhookError';
  constructor(
    public readonly host: string,
    why: string,
    options?: { readonly cause: unknown },
  ) {
    super(`${host} ${why}`, options);
  }
}

/**
 * Posts JSON and takes only 2xx for success. A redirect is a failure: a page goes where it was configured to go. Tries
 * again after 0.5 and 1.5 s where the receiver is busy (429, 5xx) or does not connect; never after a time-out of 10 s,
 * when it may have been received.
 *
 * @throws WebhookError
 */
export async function postJson(
  url: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
  pausesMs: readonly number[] = PAUSES_MS,
): Promise<void> {
  for (let tries = 0; ; tries++) {
    const failure = await tryOnce(url, body, headers);
    if (!failure) return;
    const pause = pausesMs[tries];
    if (!failure.again || pause === undefined) throw failure.error;
    await sleep(pause);
  }
}

interface Failure {
  readonly error: WebhookError;
  readonly again: boolean;
}

async function tryOnce(
  url: string,
  body: string,
  headers: Readonly<Record<string, string>>,
): Promise<Failure | undefined> {
  const { host } = new URL(url);
  let response: Response;
  try {
    response = await fetch(url, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', 'user-agent': 'firebreak', ...headers },
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (error) {
    const { name, cause } = error as { readonly name?: string; readonly cause?: { readonly code?: string } };
    if (name === 'TimeoutError') {
      const why = `did not answer within ${TIMEOUT_MS / 1000} s`;
      return { error: new WebhookError(host, why, { cause: error }), again: false };
    }
    const why = `could not be reached: ${cause?.code ?? 'no connection'}`;
    return { error: new WebhookError(host, why, { cause: error }), again: true };
  }
  await response.body?.cancel();
  if (response.ok) return undefined;
  const again = response.status === 429 || response.status >= 500;
  return { error: new WebhookError(host, `answered ${response.status}`), again };
}
