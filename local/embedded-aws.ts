import { startDetached } from './detached';
import { GuardDutyDouble } from './doubles/guardduty';
import { externalAws } from './external-aws';
import { install } from './install';
import { setMiniStackWaitScale, startMiniStack } from './ministack';
import { MOTO_SERVICES, startMoto } from './moto';
import { firebreakHome } from './paths';
import { type ManagedServer } from './processes';
import { RecordingProxy } from './proxy';
import { HOST_PATH, type ProxyControl } from './proxy/control';
import { queueEndpoint } from './queue-endpoint';
import { QUIET_SDK } from './run';
import { killWorker } from './worker-processes';

export const EMBEDDED_REGION = 'us-east-1';
/** MiniStack's own account; calls after AssumeRole act in it whatever one asks for. */
export const EMBEDDED_ACCOUNT = '000000000000';

export interface EmbeddedAwsOptions {
  /** Factor for Wait states and retry intervals. @default - 1, AWS's own pace */
  readonly waitScale?: number;
  /** A process of its own runs it, which outlives this one, until `firebreak local stop`. @default - it ends with this process */
  readonly detached?: boolean;
  /** The proxy's port. @default - a free one */
  readonly port?: number;
  /** How many Lambdas run at once; each is a Node process. @default - 24 */
  readonly lambdaConcurrency?: number;
  /** @default - FIREBREAK_HOME, else `.firebreak` of the project */
  readonly home?: string;
  readonly log?: (message: string) => void;
}

/** A running AWS on this machine. */
export interface EmbeddedAws {
  /** The recording proxy's address: the one that everybody uses. */
  readonly endpoint: string;
  readonly region: string;
  readonly account: string;
  /** For child processes and SDK clients: endpoint, Region and credentials. */
  readonly env: Readonly<Record<string, string>>;
  readonly proxy: ProxyControl;
  /** The processes behind it; empty when they are somebody else's. */
  readonly servers: readonly { readonly name: string; readonly pid: number; readonly port: number }[];
  /** Forgets every resource; `cdk bootstrap` is needed again. */
  reset(): Promise<void>;
  setWaitScale(scale: number): Promise<void>;
  /** Where an API Gateway or function URL, whose host does not resolve here, can be called from this machine. */
  reach(url: string): string;
  stop(): Promise<void>;
}

/** Starts MiniStack and moto behind a recording proxy, or uses what FIREBREAK_AWS_ENDPOINT points at. */
export async function startEmbeddedAws(options: EmbeddedAwsOptions = {}): Promise<EmbeddedAws> {
  const external = process.env.FIREBREAK_AWS_ENDPOINT;
  if (external) return externalAws(external);
  if (options.detached) return startDetached(options);
  return startHere(options);
}

async function startHere(options: EmbeddedAwsOptions): Promise<EmbeddedAws> {
  const home = options.home ?? firebreakHome();
  const { python } = await install({ home, log: options.log });
  const common = { python, home, region: EMBEDDED_REGION, account: EMBEDDED_ACCOUNT };
  const guardDuty = await GuardDutyDouble.start();
  const backends: { ministack?: Promise<ManagedServer>; moto?: Promise<ManagedServer> } = {};
  const backend = async (name: 'ministack' | 'moto'): Promise<ManagedServer> => {
    const server = await backends[name];
    if (server === undefined) throw new Error(`${name} has not been started yet`);
    return server;
  };
  const setWaitScale = async (scale: number): Promise<void> =>
    setMiniStackWaitScale(`http://127.0.0.1:${(await backend('ministack')).port}`, scale);
  const reset = async (): Promise<void> => {
    await post(`http://127.0.0.1:${(await backend('ministack')).port}/_ministack/reset`);
    await post(`http://127.0.0.1:${(await backend('moto')).port}/moto-api/reset`);
    guardDuty.reset();
  };

  // The proxy listens first: its port is the one that MiniStack tells everybody.
  const proxy = await RecordingProxy.start({
    port: options.port ?? 0,
    route: async (service, path) =>
      service === 'guardduty'
        ? guardDuty
        : backend(MOTO_SERVICES.has(service) || path.startsWith('/moto-api/') ? 'moto' : 'ministack'),
    kill: async (pid) => killWorker(pid, (await backend('ministack')).pid),
    setWaitScale,
    reset,
  });
  try {
    backends.moto = startMoto(common);
    backends.ministack = startMiniStack({
      ...common,
      publicPort: proxy.port,
      waitScale: options.waitScale ?? 1,
      lambdaConcurrency: options.lambdaConcurrency ?? 24,
    });
    const servers = await Promise.all([backends.ministack, backends.moto]);
    const endpoint = `http://127.0.0.1:${proxy.port}`;
    options.log?.(`the embedded AWS is at ${endpoint}`);
    return {
      endpoint,
      region: EMBEDDED_REGION,
      account: EMBEDDED_ACCOUNT,
      env: clientEnvironment(endpoint),
      proxy,
      servers: servers.map(({ name, pid, port }) => ({ name, pid, port })),
      reset,
      setWaitScale,
      reach: (url) => reachable(endpoint, url),
      stop: () => stopAll(proxy, guardDuty, Object.values(backends)),
    };
  } catch (error) {
    await stopAll(proxy, guardDuty, Object.values(backends));
    throw error;
  }
}

async function stopAll(
  proxy: RecordingProxy,
  guardDuty: GuardDutyDouble,
  backends: readonly Promise<ManagedServer>[],
): Promise<void> {
  const stopping = backends.map(async (server) => (await server).stop());
  await Promise.allSettled(stopping); // One that never started has nothing to stop.
  await proxy.stop();
  await guardDuty.stop();
}

/** What a child process, such as `cdk`, needs in order to talk to the embedded AWS and to nothing else. */
export function clientEnvironment(endpoint: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ENDPOINT_URL_SQS: queueEndpoint(endpoint),
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: EMBEDDED_REGION,
    AWS_DEFAULT_REGION: EMBEDDED_REGION,
    CDK_DEFAULT_ACCOUNT: EMBEDDED_ACCOUNT,
    CDK_DEFAULT_REGION: EMBEDDED_REGION,
    // Or a client without credentials of its own would ask the instance metadata service and wait.
    AWS_EC2_METADATA_DISABLED: 'true',
    ...QUIET_SDK,
  };
}

/** `https://abc.execute-api.us-east-1.amazonaws.com/x` as a path of the proxy, which passes it on under that host. */
export function reachable(endpoint: string, url: string): string {
  const wanted = new URL(url);
  const id = /^([a-z0-9]+)\.(execute-api|lambda-url)\./.exec(wanted.hostname);
  if (id === null) return url;
  // MiniStack knows an API without Region and suffix, under its own host's name.
  const host = id[2] === 'execute-api' ? `${id[1] ?? ''}.execute-api.localhost` : wanted.hostname;
  return `${endpoint}${HOST_PATH}${host}${wanted.pathname}${wanted.search}`;
}

async function post(url: string): Promise<void> {
  const answer = await fetch(url, { method: 'POST' });
  if (!answer.ok) throw new Error(`POST ${url} was answered ${answer.status}: ${(await answer.text()).slice(0, 300)}`);
}
