import { shippedFile } from './paths';
import { type ManagedServer, startServer } from './processes';
import { queueEndpoint } from './queue-endpoint';
import { QUIET_SDK } from './run';

export interface MiniStackOptions {
  readonly python: string;
  readonly home: string;
  readonly region: string;
  readonly account: string;
  /** The proxy's port: MiniStack tells it to everybody as its own, so that every call passes the proxy. */
  readonly publicPort: number;
  /** Factor for Wait states and retry intervals; 0.01 makes a minute 0.6 seconds. */
  readonly waitScale: number;
  readonly lambdaConcurrency: number;
}

/** Starts MiniStack, which is everything but EC2, Auto Scaling and load balancing. */
export function startMiniStack(options: MiniStackOptions): Promise<ManagedServer> {
  const endpoint = `http://127.0.0.1:${options.publicPort}`;
  return startServer({
    name: 'MiniStack',
    python: options.python,
    home: options.home,
    readyPath: '/_ministack/health',
    // Not `-m ministack`: that one would listen on the very port it tells others, and we need the two apart.
    args: (port) => [shippedFile('ministack_server.py'), String(port)],
    env: () => ({
      GATEWAY_PORT: String(options.publicPort),
      AWS_ENDPOINT_URL: endpoint, // Inherited by every Lambda worker.
      AWS_ENDPOINT_URL_SQS: queueEndpoint(endpoint),
      MINISTACK_REGION: options.region,
      MINISTACK_ACCOUNT_ID: options.account,
      AWS_SECRET_ACCESS_KEY: 'test',
      SFN_WAIT_SCALE: String(options.waitScale),
      // A burst of calls must not start a Node process each: 100 of them once took 4.4 GB.
      LAMBDA_ACCOUNT_CONCURRENCY: String(options.lambdaConcurrency),
      LAMBDA_ASYNC_RETRY_BASE_SECONDS: '0.2',
      LAMBDA_ASYNC_RETRY_MAX_SECONDS: '1',
      NODE_OPTIONS: `--require ${JSON.stringify(shippedFile('worker-preload.js'))}`,
      ...QUIET_SDK,
      IOT_MTLS_ENABLED: '0',
      BIND_HOST: '127.0.0.1',
      LOG_LEVEL: 'WARNING',
    }),
  });
}

/** Changes the factor of Wait states while MiniStack runs. Executions that already wait are not hastened. */
export async function setMiniStackWaitScale(base: string, scale: number): Promise<void> {
  if (!(scale >= 0)) throw new Error(`The wait scale must be 0 or more, got ${scale}; 1 is AWS's own pace`);
  const answer = await fetch(`${base}/_ministack/config`, {
    method: 'POST',
    body: JSON.stringify({ 'stepfunctions._SFN_WAIT_SCALE': scale }),
  });
  if (!answer.ok) throw new Error(`MiniStack refused the wait scale ${scale}: ${answer.status} ${await answer.text()}`);
}
