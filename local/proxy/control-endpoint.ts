import { type IncomingMessage, type ServerResponse } from 'node:http';
import type { JsonObject } from '../../lib/model/json';
import { type CallFilter } from './call';
import { CONTROL_PATH, type ProxyControl } from './control';
import { type Fault } from './fault';

/** What else can be asked of the embedded AWS over its own address. */
export interface ControlExtras {
  readonly setWaitScale: (scale: number) => Promise<void>;
  readonly reset: () => Promise<void>;
}

/** `GET calls`, `GET last`, `POST clear`, `GET|POST|DELETE faults`, `POST remove`, `POST adopt`, `POST trail-event`, `POST wait-scale`, `POST reset`, `GET health`. */
export async function answerControl(
  request: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
  control: ProxyControl,
  extras: ControlExtras,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://proxy');
  const what = `${request.method ?? ''} ${url.pathname.slice(CONTROL_PATH.length)}`;
  const routes: Record<string, () => Promise<unknown>> = {
    'GET health': () => Promise.resolve({ firebreak: 'embedded-aws', pid: process.pid }),
    'GET calls': () => control.calls(JSON.parse(url.searchParams.get('filter') ?? '{}') as CallFilter),
    'GET last': () => control.last(),
    'POST clear': () => control.clear(),
    'GET faults': () => control.faults(),
    'POST faults': () => control.inject(parse(body) as Fault),
    'POST inject': () => control.inject(parse(body) as Fault),
    'POST remove': () => control.remove((parse(body) as { id: string }).id),
    'POST adopt': () => control.adopt((parse(body) as { pid: number }).pid),
    'POST trail-event': () => control.putTrailEvent(parse(body) as JsonObject),
    'DELETE faults': () => control.clearFaults(),
    'POST wait-scale': () => extras.setWaitScale((parse(body) as { scale: number }).scale),
    'POST reset': () => extras.reset(),
  };
  const route = routes[what];
  try {
    if (route !== undefined) reply(response, 200, (await route()) ?? null);
    else reply(response, 404, { error: `unknown: ${what}; known: ${Object.keys(routes).join(', ')}` });
  } catch (error) {
    reply(response, 400, { error: error instanceof Error ? error.message : String(error) });
  }
}

function parse(body: Buffer): unknown {
  return JSON.parse(body.toString('utf8'));
}

function reply(response: ServerResponse, status: number, document: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(document));
}
