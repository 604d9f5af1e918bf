import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JsonObject } from '../../lib/model/json';
import { answerLookUp, refusedLookUp } from '../../local/doubles/cloudtrail-look-up';
import { ProxyClient } from '../../local/proxy-client';

/**
 * CloudTrail with events of one test alone, and refusals. LookupEvents is answered as the embedded AWS does it; every other
 * call of CloudTrail goes on to there.
 */
export class CloudTrailDouble {
  readonly #events: JsonObject[] = [];
  readonly #server: Server;
  #refusal: string | undefined;
  #meanwhile: (() => Promise<void>) | undefined;

  private constructor() {
    this.#server = createServer((incoming, outgoing) => {
      void read(incoming)
        .then(async (body) => {
          const { status, text } = isLookUp(incoming) ? await this.#answer(body) : await passOn(incoming, body);
          outgoing.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(text);
        })
        // A fault of the proxy that gave no answer gives none here.
        .catch(() => outgoing.destroy());
    });
  }

  static async start(): Promise<CloudTrailDouble> {
    const made = new CloudTrailDouble();
    await new Promise<void>((resolve) => made.#server.listen(0, '127.0.0.1', resolve));
    // Whoever forgets to stop it is not kept waiting.
    made.#server.unref();
    return made;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** CloudTrail knows this record from now on. */
  put(record: JsonObject): void {
    this.#events.push(record);
  }

  /** Every look-up is refused with this error; undefined answers again. */
  refuse(code: string | undefined): void {
    this.#refusal = code;
  }

  /** Something happens once, while the next look-up waits for its answer. */
  meanwhile(something: () => Promise<void>): void {
    this.#meanwhile = something;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #answer(request: string): Promise<Answer> {
    const something = this.#meanwhile;
    this.#meanwhile = undefined;
    await something?.();
    return this.#refusal === undefined
      ? answerLookUp(this.#events, request)
      : refusedLookUp(this.#refusal, 'by the test');
  }
}

/** Puts a record into the CloudTrail of the embedded AWS at this endpoint. */
export async function putInTrail(endpoint: string, record: JsonObject): Promise<void> {
  await new ProxyClient(endpoint).putTrailEvent(record);
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

function isLookUp({ headers }: IncomingMessage): boolean {
  return String(headers['x-amz-target']).endsWith('.LookupEvents');
}

async function passOn({ url = '/', method, headers }: IncomingMessage, body: string): Promise<Answer> {
  const kept = Object.entries(headers).filter(([name]) => !/^(?:host|connection|content-length)$/.test(name));
  const answer = await fetch(`${process.env['AWS_ENDPOINT_URL'] ?? ''}${url}`, {
    method,
    headers: Object.fromEntries(kept) as Record<string, string>,
    body,
  });
  return { status: answer.status, text: await answer.text() };
}

async function read(message: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8') || '{}';
}
