import { clientEnvironment, EMBEDDED_ACCOUNT, EMBEDDED_REGION, type EmbeddedAws, reachable } from './embedded-aws';
import { type ProxyControl } from './proxy/control';
import { ProxyClient } from './proxy-client';

/** An emulator that somebody else runs. Nothing is started and nothing is stopped. */
export async function externalAws(endpoint: string): Promise<EmbeddedAws> {
  const base = endpoint.replace(/\/$/, '');
  await mustAnswer(base);
  const client = new ProxyClient(base);
  const hasProxy = await client.isThere();
  return {
    endpoint: base,
    region: EMBEDDED_REGION,
    account: EMBEDDED_ACCOUNT,
    env: clientEnvironment(base),
    proxy: hasProxy ? client : withoutProxy(base),
    servers: [],
    reset: () => (hasProxy ? client.reset() : refuse(base, 'reset')),
    setWaitScale: (scale) => (hasProxy ? client.setWaitScale(scale) : refuse(base, 'setWaitScale')),
    reach: (url) => (hasProxy ? reachable(base, url) : url),
    stop: () => Promise.resolve(),
  };
}

async function mustAnswer(endpoint: string): Promise<void> {
  try {
    await fetch(endpoint, { signal: AbortSignal.timeout(5_000) });
  } catch (error) {
    throw new Error(
      `FIREBREAK_AWS_ENDPOINT is ${endpoint}, but nothing answers there; ` +
        'start that emulator, correct the address, or unset the variable to use the embedded AWS',
      { cause: error },
    );
  }
}

const refuse = (endpoint: string, what: string): Promise<never> =>
  Promise.reject(
    new Error(
      `${what} needs Firebreak's recording proxy, and FIREBREAK_AWS_ENDPOINT (${endpoint}) has none; ` +
        'unset it, or point it at what `firebreak local start` prints',
    ),
  );

function withoutProxy(endpoint: string): ProxyControl {
  return {
    calls: () => refuse(endpoint, 'proxy.calls'),
    last: () => refuse(endpoint, 'proxy.last'),
    clear: () => refuse(endpoint, 'proxy.clear'),
    inject: () => refuse(endpoint, 'proxy.inject'),
    faults: () => refuse(endpoint, 'proxy.faults'),
    remove: () => refuse(endpoint, 'proxy.remove'),
    adopt: () => refuse(endpoint, 'proxy.adopt'),
    clearFaults: () => refuse(endpoint, 'proxy.clearFaults'),
    putTrailEvent: () => refuse(endpoint, 'proxy.putTrailEvent'),
  };
}
