import { readFileSync } from 'node:fs';
import { clientEnvironment, EMBEDDED_ACCOUNT, EMBEDDED_REGION, reachable } from '../../local/embedded-aws';
import { ProxyClient } from '../../local/proxy-client';

/** The embedded AWS of this test run. */
export interface TestAws {
  readonly endpoint: string;
  readonly region: string;
  readonly account: string;
  /** For child processes. */
  readonly env: Readonly<Record<string, string>>;
  /** For AWS SDK clients: `new IAMClient(aws.client)`. */
  readonly client: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  /** Calls, faults and the wait scale. It is shared by all test files: filter by names of your own. */
  readonly proxy: ProxyClient;
  /** Where an API Gateway or function URL can be called from here. */
  reach(url: string): string;
  /** Outputs of the shared deployment: stack → output → value. */
  outputs(): Record<string, Record<string, string>>;
}

export function embeddedAws(): TestAws {
  const endpoint = process.env.FIREBREAK_TEST_ENDPOINT;
  if (endpoint === undefined) {
    throw new Error('FIREBREAK_TEST_ENDPOINT is not set: name the file *.integration.ts and run it with jest');
  }
  return {
    endpoint,
    region: EMBEDDED_REGION,
    account: EMBEDDED_ACCOUNT,
    env: clientEnvironment(endpoint),
    client: { endpoint, region: EMBEDDED_REGION, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } },
    proxy: new ProxyClient(endpoint),
    reach: (url) => reachable(endpoint, url),
    outputs: () =>
      JSON.parse(readFileSync(process.env.FIREBREAK_TEST_OUTPUTS ?? '', 'utf8')) as Record<
        string,
        Record<string, string>
      >,
  };
}

/** Asks again until `look` gives something, or fails with `what`. */
export async function eventually<T>(what: string, look: () => Promise<T | undefined>, withinMs = 15_000): Promise<T> {
  const giveUp = Date.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > giveUp) throw new Error(`${what} did not happen within ${withinMs / 1000} seconds`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
