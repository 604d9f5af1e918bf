import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { textAt, type JsonObject } from '../../lib/model/json';

/**
 * A double of CloudTrail's LookupEvents, which the embedded AWS accepts and always answers with nothing: it gives the
 * events that were put in, by one attribute or all, and since a time, newest first, 50 a page. Every other call of
 * CloudTrail goes on to the embedded AWS.
 */
export class CloudTrailDouble {
  readonly #events: JsonObject[] = [];
  readonly #server: Server;
  #refusal: string | undefined;

  private constructor() {
    this.#server = createServer((incoming, outgoing) => {
      void read(incoming)
        .then(async (body) => {
          const { status, text } = isLookUp(incoming) ? this.#answer(body) : await passOn(incoming, body);
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

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #answer(request: string): Answer {
    if (this.#refusal !== undefined) return refused(this.#refusal, 'by the test');
    const asked = JSON.parse(request) as JsonObject;
    const [attribute] = (asked['LookupAttributes'] ?? []) as { AttributeKey: string; AttributeValue: string }[];
    const since = typeof asked['StartTime'] === 'number' ? asked['StartTime'] : 0;
    const start = Number(asked['NextToken'] ?? 0);
    const { AttributeKey: key, AttributeValue: value } = attribute ?? {};
    if (key !== undefined && !KNOWN.includes(key)) {
      return refused('InvalidLookupAttributesException', `the double of CloudTrail knows no attribute '${key}'`);
    }
    const found = this.#events
      .filter((record) => seconds(record) >= since && (key === undefined || has(record, key, value)))
      .sort((a, b) => seconds(b) - seconds(a));
    const page = found.slice(start, start + 50);
    const Events = page.map((record) => ({
      EventId: textAt(record, 'eventID') ?? '',
      EventName: textAt(record, 'eventName') ?? '',
      EventTime: seconds(record),
      CloudTrailEvent: JSON.stringify(record),
    }));
    const more = found.length > start + 50 && { NextToken: String(start + 50) };
    return { status: 200, text: JSON.stringify({ Events, ...more }) };
  }
}

function seconds(record: JsonObject): number {
  return Date.parse(textAt(record, 'eventTime') ?? '') / 1000;
}

let ofProcess: Promise<CloudTrailDouble> | undefined;

/**
 * One double for all shapes of a process. Clients keep the endpoint that they were made with: whoever runs several
 * runbooks in one process asks for it before the first.
 */
export async function cloudTrailOfProcess(): Promise<CloudTrailDouble> {
  ofProcess ??= CloudTrailDouble.start();
  const double = await ofProcess;
  process.env['AWS_ENDPOINT_URL_CLOUDTRAIL'] = double.endpoint;
  return double;
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

function refused(code: string, message: string): Answer {
  return { status: 400, text: JSON.stringify({ __type: code, message }) };
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

/** The attributes that Firebreak asks by. */
const KNOWN = ['AccessKeyId', 'EventName', 'EventSource', 'ResourceName', 'Username'];

/** IAM's calls name users and roles as resources. */
function has(record: JsonObject, key: string, value = ''): boolean {
  switch (key) {
    case 'ResourceName':
      return ['userName', 'roleName', 'roleArn'].some((name) => textAt(record, `requestParameters.${name}`) === value);
    case 'Username':
      return requester(record) === value;
    case 'AccessKeyId':
      return textAt(record, 'userIdentity.accessKeyId') === value;
    case 'EventName':
      return textAt(record, 'eventName') === value;
    case 'EventSource':
      return textAt(record, 'eventSource') === value;
    default:
      return false;
  }
}

/** CloudTrail's user name of a session is the name of the session. */
function requester(record: JsonObject): string | undefined {
  if (textAt(record, 'userIdentity.type') !== 'AssumedRole') return textAt(record, 'userIdentity.userName');
  return textAt(record, 'userIdentity.arn')?.split('/').at(-1);
}

async function read(message: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8') || '{}';
}
