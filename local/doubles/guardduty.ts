import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { listen } from '../ports';

type Fields = Record<string, unknown>;

interface Detector {
  readonly token: unknown;
  fields: Fields;
  /** Filters, IP sets and publishing destinations, each by its name or id. */
  readonly parts: Readonly<Record<Part, Map<string, Fields>>>;
}

type Part = 'filter' | 'ipset' | 'publishingDestination';

interface Answer {
  readonly status: number;
  readonly body: Fields;
}

const id = () => randomBytes(16).toString('hex');
const now = () => new Date().toISOString();
const ok = (body: Fields = {}): Answer => ({ status: 200, body });
const bad = (message: string): Answer => ({ status: 400, body: { message, __type: 'InvalidInputException' } });
const PATH =
  /^\/detector(?:\/(?<detector>[^/]+)(?:\/(?<part>filter|ipset|publishingDestination)(?:\/(?<name>[^/]+))?)?)?$/;

/**
 * GuardDuty, as much of it as restoring logging needs: MiniStack has none, and moto neither lists filters nor knows
 * trusted lists and publishing destinations. Stateful; one detector, as AWS has one a Region.
 */
export class GuardDutyDouble {
  readonly #detectors = new Map<string, Detector>();

  private constructor(private readonly server: Server) {}

  static async start(): Promise<GuardDutyDouble> {
    const server = createServer();
    const double = new GuardDutyDouble(server);
    server.on('request', (request, response) => {
      void double.#answer(request).then(({ status, body }) => {
        const type = typeof body['__type'] === 'string' ? { 'x-amzn-errortype': body['__type'] } : {};
        response.writeHead(status, { 'content-type': 'application/json', ...type }).end(JSON.stringify(body));
      });
    });
    await listen(server, 0, 'the double of GuardDuty');
    return double;
  }

  get port(): number {
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new Error('the double of GuardDuty has been stopped');
    return address.port;
  }

  reset(): void {
    this.#detectors.clear();
  }

  stop(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  async #answer(request: IncomingMessage): Promise<Answer> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = (chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString('utf8') || '{}') : {}) as Fields;
    const path = decodeURIComponent((request.url ?? '').split('?')[0] ?? '');
    const { detector: detectorId, part, name } = PATH.exec(path)?.groups ?? {};
    const method = request.method ?? 'GET';
    if (!PATH.test(path)) return bad(`the double of GuardDuty knows no ${method} ${path}`);
    if (detectorId === undefined)
      return method === 'POST' ? this.#create(body) : ok({ detectorIds: [...this.#detectors.keys()] });
    const detector = this.#detectors.get(detectorId);
    if (!detector)
      return bad('The request is rejected because the input detectorId is not owned by the current account.');
    if (part === undefined) return this.#detector(method, detectorId, detector, body);
    return partOf(method, part as Part, detector.parts[part as Part], name, body);
  }

  #create(body: Fields): Answer {
    const [known] = this.#detectors;
    if (known && known[1].token === body['clientToken']) return ok({ detectorId: known[0] });
    if (known) return bad('The request is rejected because a detector already exists for the current account.');
    const parts = { filter: new Map(), ipset: new Map(), publishingDestination: new Map() } as Detector['parts'];
    const detector: Detector = { token: body['clientToken'], fields: { features: [], createdAt: now() }, parts };
    const detectorId = id();
    this.#detectors.set(detectorId, detector);
    update(detector, { enable: true, findingPublishingFrequency: 'SIX_HOURS', ...body });
    return ok({ detectorId });
  }

  #detector(method: string, detectorId: string, detector: Detector, body: Fields): Answer {
    if (method === 'GET') return ok(detector.fields);
    if (method === 'DELETE') this.#detectors.delete(detectorId);
    else update(detector, body);
    return ok();
  }
}

function update(detector: Detector, { enable, features, findingPublishingFrequency }: Fields): void {
  const changed = new Map((features as Fields[] | undefined)?.map((feature) => [feature['name'], feature]));
  const kept = (detector.fields['features'] as Fields[]).filter((feature) => !changed.has(feature['name']));
  detector.fields = {
    ...detector.fields,
    updatedAt: now(),
    serviceRole:
      'arn:aws:iam::000000000000:role/aws-service-role/guardduty.amazonaws.com/AWSServiceRoleForAmazonGuardDuty',
    features: [...kept, ...changed.values()],
    ...(enable !== undefined && { status: enable === true ? 'ENABLED' : 'DISABLED' }),
    ...(findingPublishingFrequency !== undefined && { findingPublishingFrequency }),
  };
}

/** How each kind is listed, and what the answer to its making names. */
function list(part: Part, all: ReadonlyMap<string, Fields>): Fields {
  if (part === 'filter') return { filterNames: [...all.keys()] };
  if (part === 'ipset') return { ipSetIds: [...all.keys()] };
  return {
    destinations: [...all].map(([destinationId, { destinationType, status }]) => ({
      destinationId,
      destinationType,
      status,
    })),
  };
}

function partOf(method: string, part: Part, all: Map<string, Fields>, name: string | undefined, body: Fields): Answer {
  if (name === undefined && method === 'GET') return ok(list(part, all));
  if (name === undefined) {
    const key = part === 'filter' ? String(body['name']) : id();
    if (all.has(key)) return bad('The request is rejected because the given name is already in use.');
    const status = part === 'publishingDestination' ? { status: 'PUBLISHING' } : {};
    all.set(key, { action: 'NOOP', rank: 1, ...body, ...statusOf(body), ...status });
    return ok({ filter: { name: key }, ipset: { ipSetId: key }, publishingDestination: { destinationId: key } }[part]);
  }
  const known = all.get(name);
  if (!known) return bad(`The request is rejected because ${name} does not exist.`);
  if (method === 'DELETE') all.delete(name);
  if (method === 'POST') all.set(name, { ...known, ...body, ...statusOf(body) });
  if (method !== 'GET') return ok(part === 'filter' ? { name } : {});
  return ok(
    part === 'publishingDestination' ? { destinationId: name, publishingFailureStartTimestamp: 0, ...known } : known,
  );
}

function statusOf({ activate }: Fields): Fields {
  return activate === undefined ? {} : { status: activate === true ? 'ACTIVE' : 'INACTIVE' };
}
