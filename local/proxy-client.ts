import type { JsonObject } from '../lib/model/json';
import { type CallFilter, type RecordedCall } from './proxy/call';
import { CONTROL_PATH, type ProxyControl } from './proxy/control';
import { type ActiveFault, type Fault } from './proxy/fault';

/** Talks to a recording proxy in another process: the one that global setup or `local start` began. */
export class ProxyClient implements ProxyControl {
  constructor(private readonly endpoint: string) {}

  calls(filter: CallFilter = {}): Promise<RecordedCall[]> {
    return this.ask('GET', `calls?filter=${encodeURIComponent(JSON.stringify(filter))}`);
  }

  last(): Promise<number> {
    return this.ask('GET', 'last');
  }

  async clear(): Promise<void> {
    await this.ask('POST', 'clear');
  }

  inject(fault: Fault): Promise<string> {
    return this.ask('POST', 'inject', fault);
  }

  faults(): Promise<ActiveFault[]> {
    return this.ask('GET', 'faults');
  }

  async remove(id: string): Promise<void> {
    await this.ask('POST', 'remove', { id });
  }

  async adopt(pid: number): Promise<void> {
    await this.ask('POST', 'adopt', { pid });
  }

  async clearFaults(): Promise<void> {
    await this.ask('DELETE', 'faults');
  }

  async putTrailEvent(record: JsonObject): Promise<void> {
    await this.ask('POST', 'trail-event', record);
  }

  async setWaitScale(scale: number): Promise<void> {
    await this.ask('POST', 'wait-scale', { scale });
  }

  async reset(): Promise<void> {
    await this.ask('POST', 'reset');
  }

  /** Whether what answers at the endpoint is a recording proxy. */
  async isThere(): Promise<boolean> {
    const answer = await fetch(`${this.endpoint}${CONTROL_PATH}health`).catch(() => undefined);
    if (answer?.ok !== true) return false;
    const said = (await answer.json().catch(() => ({}))) as { firebreak?: string };
    return said.firebreak === 'embedded-aws';
  }

  private async ask<T>(method: string, what: string, body?: unknown): Promise<T> {
    const address = `${this.endpoint}${CONTROL_PATH}${what}`;
    const answer = await fetch(address, { method, ...(body !== undefined && { body: JSON.stringify(body) }) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${address} was answered ${answer.status}: ${text.slice(0, 500)}`);
    return JSON.parse(text) as T;
  }
}
