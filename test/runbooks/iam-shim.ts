import { createServer, request, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { IamCredentials } from './iam-credentials';

/** Stands before the embedded IAM and can refuse operations by error code, as quotas and outages do. */
export class IamShim {
  readonly #credentials = new IamCredentials();
  readonly #refusals = new Map<string, { code: string; left: number }>();
  readonly #server: Server;

  private constructor(private readonly upstream: string) {
    this.#server = createServer((incoming, outgoing) => {
      this.#answer(incoming).then(
        ({ status, body }) => outgoing.writeHead(status, { 'content-type': 'text/xml' }).end(body),
        (error: unknown) => outgoing.writeHead(502).end(String(error)),
      );
    });
  }

  static async start(upstream: string): Promise<IamShim> {
    const shim = new IamShim(upstream);
    await new Promise<void>((resolve) => shim.#server.listen(0, '127.0.0.1', resolve));
    return shim;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The next `times` calls of the operation are refused. */
  refuse(operation: string, code: string, times = Infinity): void {
    this.#refusals.set(operation, { code, left: times });
  }

  allowAll(): void {
    this.#refusals.clear();
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #answer(incoming: IncomingMessage): Promise<{ status: number; body: string }> {
    const body = await text(incoming);
    const parameters = new URLSearchParams(body);
    const operation = parameters.get('Action') ?? '';
    const refusal = this.#refusals.get(operation);
    if (refusal && refusal.left-- > 0) {
      return {
        status: 409,
        body: `<ErrorResponse><Error><Type>Sender</Type><Code>${refusal.code}</Code><Message>refused by the test</Message></Error></ErrorResponse>`,
      };
    }
    return this.#credentials.answer(operation, parameters) ?? this.#forward(incoming, body);
  }

  #forward(incoming: IncomingMessage, body: string): Promise<{ status: number; body: string }> {
    return new Promise((resolve, reject) => {
      const outgoing = request(
        new URL(incoming.url ?? '/', this.upstream),
        { method: incoming.method, headers: incoming.headers },
        (answer) => {
          text(answer).then((received) => resolve({ status: answer.statusCode ?? 502, body: received }), reject);
        },
      );
      outgoing.once('error', reject);
      outgoing.end(body);
    });
  }
}

async function text(message: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}
