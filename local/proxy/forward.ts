import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { type WebRequest } from './identify';

/** They belong to one connection, not to the message (RFC 9110, 7.6.1); `expect` was answered by us already. */
const PER_CONNECTION = new Set(['connection', 'keep-alive', 'transfer-encoding', 'expect', 'proxy-connection']);

// Idle connections are dropped well before the emulators (75 s) would drop them in the middle of a new request.
const agent = new Agent({ keepAlive: true, timeout: 0, maxSockets: 256 });

export interface Upstream {
  readonly port: number;
  /** Overrides the caller's Host. */
  readonly host?: string;
}

/** Sends a request on and gives the answer as a stream. */
export function forward(request: WebRequest, upstream: Upstream): Promise<IncomingMessage> {
  const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => !PER_CONNECTION.has(name)));
  if (upstream.host !== undefined) headers.host = upstream.host;
  if (request.body.length > 0 || 'content-length' in headers) headers['content-length'] = String(request.body.length);
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      { host: '127.0.0.1', port: upstream.port, method: request.method, path: request.url, headers, agent },
      resolve,
    );
    outgoing.once('error', reject);
    outgoing.end(request.body);
  });
}

/** The answer's headers, for passing on. */
export function answerHeaders(answer: IncomingMessage): Record<string, string | string[] | undefined> {
  return Object.fromEntries(Object.entries(answer.headers).filter(([name]) => !PER_CONNECTION.has(name)));
}

/** Closes the connections that are kept open to the emulators. */
export function closeConnections(): void {
  agent.destroy();
}
