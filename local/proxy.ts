import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { JsonObject } from '../lib/model/json';
import { doubled } from './doubles';
import { putTrailEvent } from './doubles/cloudtrail-look-up';
import { listen } from './ports';
import { assumedIn } from './proxy/assumed';
import { type ApiCall, type Assumed, type CallFilter, matches, type RecordedCall } from './proxy/call';
import { CONTROL_PATH, HOST_PATH, type ProxyControl } from './proxy/control';
import { answerControl, type ControlExtras } from './proxy/control-endpoint';
import { COMPLETED_HEADER, emptyList, mayBeEmptyList } from './proxy/empty-list';
import { serviceError } from './proxy/error-codes';
import { type ActiveFault, type Fault, FaultPlan } from './proxy/fault';
import { answerHeaders, closeConnections, forward, type Upstream } from './proxy/forward';
import { identify, type WebRequest } from './proxy/identify';
import { Journal } from './proxy/journal';
import { wireError } from './proxy/wire';

export interface ProxyOptions extends ControlExtras {
  /** Which emulator answers a call; waited for, so that the proxy may listen before they do. */
  readonly route: (service: string, path: string) => Promise<Upstream>;
  /** Ends a Lambda worker, for the kill faults; refuses a process that is not one. */
  readonly kill: (pid: number) => Promise<void>;
  /** 0 takes a free one. */
  readonly port: number;
}

/** Called at the moment of a matching call, in the proxy's own process. */
export type CallHook = (call: ApiCall) => void | Promise<void>;

/** Stands before the emulators: every call passes it, is recorded, and can be made to fail. */
export class RecordingProxy implements ProxyControl {
  private readonly journal = new Journal();
  private readonly plan = new FaultPlan();
  /** Processes that play a Lambda worker without being one of the emulator's. */
  private readonly adopted = new Set<number>();
  private readonly hooks = new Set<{ filter: CallFilter; when: 'before' | 'after'; hook: CallHook }>();

  private constructor(
    private readonly options: ProxyOptions,
    private readonly server: Server,
  ) {}

  static async start(options: ProxyOptions): Promise<RecordingProxy> {
    const server = createServer({ keepAliveTimeout: 75_000, requestTimeout: 0 });
    const proxy = new RecordingProxy(options, server);
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      // A broken call breaks its own connection, as it does on AWS; the proxy goes on.
      proxy.handle(request, response).catch((error: unknown) => proxy.refuse(response, error));
    });
    await listen(server, options.port, 'the recording proxy');
    return proxy;
  }

  get port(): number {
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new Error('the recording proxy has been stopped');
    return address.port;
  }

  calls(filter?: CallFilter): Promise<RecordedCall[]> {
    return Promise.resolve(this.journal.find(filter));
  }

  last(): Promise<number> {
    return Promise.resolve(this.journal.newest);
  }

  clear(): Promise<void> {
    this.journal.clear();
    return Promise.resolve();
  }

  inject(fault: Fault): Promise<string> {
    return Promise.resolve(this.plan.add(fault));
  }

  faults(): Promise<ActiveFault[]> {
    return Promise.resolve(this.plan.list());
  }

  remove(id: string): Promise<void> {
    this.plan.remove(id);
    return Promise.resolve();
  }

  adopt(pid: number): Promise<void> {
    if (!Number.isInteger(pid) || pid <= 1 || pid === process.pid) {
      throw new Error(`only the id of a worker's process can be adopted, got ${pid}`);
    }
    this.adopted.add(pid);
    return Promise.resolve();
  }

  clearFaults(): Promise<void> {
    this.plan.clear();
    return Promise.resolve();
  }

  putTrailEvent(record: JsonObject): Promise<void> {
    putTrailEvent(record);
    return Promise.resolve();
  }

  /** Runs `hook` before or after each matching call, which waits for it. Gives a function that ends this. */
  onCall(filter: CallFilter, when: 'before' | 'after', hook: CallHook): () => void {
    const entry = { filter, when, hook };
    this.hooks.add(entry);
    return () => this.hooks.delete(entry);
  }

  async stop(): Promise<void> {
    closeConnections();
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    const url = request.url ?? '/';
    if (url.startsWith(CONTROL_PATH) && !url.startsWith(HOST_PATH)) {
      return answerControl(request, body, response, this, this.options);
    }
    const web = withHostFromPath({ method: request.method ?? 'GET', url, headers: request.headers, body });
    // The emulators' own addresses (health, reset, custom resources) are not AWS calls.
    if (/^\/(_ministack|_localstack|moto-api|_aws)\//.test(web.url)) {
      return pass(await forward(web, await this.options.route('', web.url)), response);
    }
    await this.call(web, response);
  }

  private async call(web: WebRequest, response: ServerResponse): Promise<void> {
    const call = identify(web);
    const seq = this.journal.nextSeq();
    const began = Date.now();
    const fault = this.plan.strike(call, matches);
    const record = (status: number, forwarded: boolean, assumed?: Assumed): void => {
      const { service, operation, mutating, resource, source, invocation } = call;
      const known = { service, operation, mutating, resource, source, ...(invocation !== undefined && { invocation }) };
      const durationMs = Date.now() - began;
      const struck = fault && { fault: fault.fault };
      const line = { ...known, status, durationMs, forwarded, ...struck, ...(assumed && { assumed }) };
      this.journal.add({ seq, at: new Date(began).toISOString(), ...line });
    };
    await this.runHooks(call, 'before');
    if (fault?.delayMs !== undefined) await new Promise((resolve) => setTimeout(resolve, fault.delayMs));
    if (fault?.fault === 'kill-before') await this.killCaller(call);
    if (fault?.fault === 'timeout-before' || fault?.fault === 'kill-before') {
      record(0, false);
      response.destroy();
      return;
    }
    if (fault !== undefined && !['delay', 'timeout-after', 'kill-after'].includes(fault.fault)) {
      const error = serviceError(call, fault.fault, fault.code);
      const answer = wireError(call.protocol, error, `Injected by the drill: ${fault.fault}`, randomUUID());
      record(answer.status, false);
      response.writeHead(answer.status, { ...answer.headers, 'content-length': answer.body.length });
      response.end(web.method === 'HEAD' ? undefined : answer.body);
      return;
    }
    const upstream = await this.options.route(call.service, web.url);
    const answer = await (doubled(call, web, upstream) ?? forward(web, upstream)).catch((error: unknown) => {
      record(0, false);
      throw error;
    });
    if (fault?.fault === 'timeout-after' || fault?.fault === 'kill-after') {
      await once(answer.resume(), 'end'); // The emulator has answered in full: the effect is there.
      await this.runHooks(call, 'after');
      if (fault.fault === 'kill-after') await this.killCaller(call);
      record(0, true);
      response.destroy();
      return;
    }
    await this.runHooks(call, 'after');
    if (mayBeEmptyList(call)) {
      const body = await bodyOf(answer);
      const list = emptyList(call, answer.statusCode ?? 0, body.toString('utf8'));
      record(list === undefined ? (answer.statusCode ?? 0) : 200, true);
      if (list === undefined) response.writeHead(answer.statusCode ?? 502, answerHeaders(answer)).end(body);
      else response.writeHead(200, { 'content-type': 'text/xml', [COMPLETED_HEADER]: 'empty-list' }).end(list);
      return;
    }
    if (call.service === 'sts' && call.operation === 'AssumeRole') {
      const body = await bodyOf(answer);
      record(answer.statusCode ?? 0, true, assumedIn(web.body, body.toString('utf8')));
      response.writeHead(answer.statusCode ?? 502, answerHeaders(answer)).end(body);
      return;
    }
    // Before the caller hears of it: who waits for a call's answer finds the call in the record.
    record(answer.statusCode ?? 0, true);
    await pass(answer, response);
  }

  private async runHooks(call: ApiCall, when: 'before' | 'after'): Promise<void> {
    for (const entry of this.hooks) if (entry.when === when && matches(call, entry.filter)) await entry.hook(call);
  }

  private async killCaller(call: ApiCall): Promise<void> {
    if (call.source.pid === undefined) {
      throw new Error(`${call.service}:${call.operation} came from ${call.source.name}, not from a Lambda: not killed`);
    }
    if (this.adopted.delete(call.source.pid)) process.kill(call.source.pid, 'SIGKILL');
    else await this.options.kill(call.source.pid);
  }

  private refuse(response: ServerResponse, error: unknown): void {
    if (response.headersSent) return void response.destroy();
    const message = `The recording proxy could not pass this call on: ${error instanceof Error ? error.message : String(error)}`;
    response.writeHead(502, { 'content-type': 'application/json' }).end(JSON.stringify({ message }));
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

/** `/_firebreak/host/abc.execute-api.localhost/ack?x` means `/ack?x` at that host. */
function withHostFromPath(web: WebRequest): WebRequest {
  if (!web.url.startsWith(HOST_PATH)) return web;
  const [, host = '', path = ''] = /^([^/?]+)(.*)$/.exec(web.url.slice(HOST_PATH.length)) ?? [];
  return { ...web, url: path.startsWith('/') ? path : `/${path}`, headers: { ...web.headers, host } };
}

function pass(answer: IncomingMessage, response: ServerResponse): Promise<void> {
  response.writeHead(answer.statusCode ?? 502, answerHeaders(answer));
  return new Promise((resolve) => {
    response.once('close', resolve); // Also when the caller went away in the middle.
    answer.once('error', () => response.destroy());
    answer.pipe(response);
  });
}
