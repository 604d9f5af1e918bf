import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isJsonObject, textAt, type Json, type JsonObject } from '../../lib/model/json';

/**
 * A double of CloudTrail's LookupEvents, which the embedded AWS accepts and always answers with nothing: it gives the
 * events that were put in, by one attribute and since a time, newest first, 50 a page.
 */
export class CloudTrailDouble {
  readonly #events: JsonObject[] = [];
  readonly #server: Server;
  #refusal: string | undefined;

  private constructor() {
    this.#server = createServer((incoming, outgoing) => {
      void read(incoming).then((asked) => {
        const { status, body } = this.#answer(asked);
        outgoing.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
      });
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

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #answer(asked: JsonObject): { status: number; body: Json } {
    if (this.#refusal !== undefined) return { status: 400, body: { __type: this.#refusal, message: 'by the test' } };
    const [attribute] = (asked['LookupAttributes'] ?? []) as { AttributeKey: string; AttributeValue: string }[];
    const since = typeof asked['StartTime'] === 'number' ? asked['StartTime'] : 0;
    const start = Number(asked['NextToken'] ?? 0);
    const found = this.#events
      .filter((record) => seconds(record) >= since && has(record, attribute?.AttributeKey, attribute?.AttributeValue))
      .sort((a, b) => seconds(b) - seconds(a));
    const page = found.slice(start, start + 50);
    return {
      status: 200,
      body: {
        Events: page.map((record) => ({
          EventId: textAt(record, 'eventID') ?? '',
          EventName: textAt(record, 'eventName') ?? '',
          EventTime: seconds(record),
          CloudTrailEvent: JSON.stringify(record),
        })),
        ...(found.length > start + 50 && { NextToken: String(start + 50) }),
      },
    };
  }
}

function seconds(record: JsonObject): number {
  return Date.parse(textAt(record, 'eventTime') ?? '') / 1000;
}

/** The attributes that Firebreak asks by; IAM's calls name users and roles as resources. */
function has(record: JsonObject, key = '', value = ''): boolean {
  switch (key) {
    case 'ResourceName':
      return ['userName', 'roleName', 'roleArn'].some((name) => textAt(record, `requestParameters.${name}`) === value);
    case 'Username':
      return requester(record) === value;
    case 'AccessKeyId':
      return textAt(record, 'userIdentity.accessKeyId') === value;
    default:
      throw new Error(`the double of CloudTrail knows no attribute '${key}'`);
  }
}

/** CloudTrail's user name of a session is the name of the session. */
function requester(record: JsonObject): string | undefined {
  if (textAt(record, 'userIdentity.type') !== 'AssumedRole') return textAt(record, 'userIdentity.userName');
  return textAt(record, 'userIdentity.arn')?.split('/').at(-1);
}

async function read(message: IncomingMessage): Promise<JsonObject> {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part as Buffer);
  const parsed = JSON.parse(Buffer.concat(parts).toString('utf8') || '{}') as Json;
  return isJsonObject(parsed) ? parsed : {};
}
