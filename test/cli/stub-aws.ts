import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A few calls of AWS, answered by a table: what the command line says is tested without an emulator. */
export class StubAws {
  /** Outputs of stack `Firebreak`. */
  public outputs: Record<string, string> = {};
  /** Answers of Lambdas, by function name; promises too. */
  public readonly functions = new Map<string, (request: Record<string, unknown>) => unknown>();
  /** Who calls, as STS says; refused where undefined. */
  public caller?: string;
  /** SSM parameters. */
  public readonly parameters = new Map<string, string>();
  /** Objects of the bucket `vault`, by key. */
  public readonly objects = new Map<string, string>();
  /** What a parameter reads, whatever was written. */
  public readsInstead?: string;
  /** Calls, as `service operation`. */
  public readonly calls: string[] = [];

  private constructor(private readonly server: Server) {}

  public static async start(): Promise<StubAws> {
    const server = createServer();
    const stub = new StubAws(server);
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      void bodyOf(request).then((body) => stub.answer(request, body, response));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return stub;
  }

  public get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  public async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private answer(request: IncomingMessage, body: string, response: ServerResponse): void {
    const target = String(request.headers['x-amz-target'] ?? '');
    const invoked = /functions\/([^/]+)\/invocations/.exec(request.url ?? '')?.[1];
    if (invoked !== undefined) void this.invoke(decodeURIComponent(invoked), body, response);
    else if (request.url?.startsWith('/vault') === true) this.object(new URL(request.url, this.endpoint), response);
    else if (target.startsWith('AmazonSSM.')) this.parameter(target.slice(10), body, response);
    else if (body.includes('Action=DescribeStacks')) this.describeStacks(body, response);
    else if (body.includes('Action=GetCallerIdentity') && this.caller !== undefined)
      response.setHeader('content-type', 'text/xml').end(identity(this.caller));
    else response.writeHead(400, { 'content-type': 'text/xml' }).end(queryError('InvalidAction', 'not in this stub'));
  }

  private async invoke(name: string, body: string, response: ServerResponse): Promise<void> {
    this.calls.push(`lambda ${name}`);
    const handler = this.functions.get(name);
    if (!handler) {
      response
        .writeHead(404, { 'x-amzn-errortype': 'ResourceNotFoundException' })
        .end('{"Message":"no such function"}');
      return;
    }
    const answer = await handler(JSON.parse(body) as Record<string, unknown>);
    if (answer instanceof Error) {
      response.setHeader('x-amz-function-error', 'Unhandled');
      response.end(JSON.stringify({ errorMessage: answer.message, errorType: 'Error' }));
    } else response.end(JSON.stringify(answer));
  }

  private object({ pathname, searchParams }: URL, response: ServerResponse): void {
    if (!searchParams.has('versions')) {
      response.end(this.objects.get(pathname.slice('/vault/'.length)));
      return;
    }
    const keys = [...this.objects.keys()].filter((key) => key.startsWith(searchParams.get('prefix') ?? ''));
    const versions = keys.map((key) => `<Version><Key>${key}</Key><VersionId>1</VersionId></Version>`);
    response.setHeader('content-type', 'application/xml');
    response.end(`<ListVersionsResult>${versions.join('')}</ListVersionsResult>`);
  }

  private parameter(operation: string, body: string, response: ServerResponse): void {
    this.calls.push(`ssm ${operation}`);
    const { Name, Value } = JSON.parse(body) as { Name: string; Value?: string };
    if (operation === 'PutParameter') this.parameters.set(Name, Value ?? '');
    const read = this.readsInstead ?? this.parameters.get(Name);
    response.setHeader('content-type', 'application/x-amz-json-1.1');
    if (read === undefined) response.writeHead(400).end(JSON.stringify({ __type: 'ParameterNotFound', message: Name }));
    else response.end(JSON.stringify({ Version: 1, Parameter: { Name, Value: read } }));
  }

  private describeStacks(body: string, response: ServerResponse): void {
    this.calls.push('cloudformation DescribeStacks');
    const name = new URLSearchParams(body).get('StackName') ?? '';
    response.setHeader('content-type', 'text/xml');
    if (name !== 'Firebreak') {
      response.writeHead(400).end(queryError('ValidationError', `Stack with id ${name} does not exist`));
      return;
    }
    const outputs = Object.entries(this.outputs).map(
      ([key, value]) => `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`,
    );
    response.end(
      `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks><member>` +
        `<StackName>Firebreak</StackName><StackId>arn:aws:cloudformation:eu-central-1:111122223333:stack/Firebreak/1</StackId><StackStatus>CREATE_COMPLETE</StackStatus><CreationTime>2026-01-01T00:00:00Z</CreationTime>` +
        `<Outputs>${outputs.join('')}</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`,
    );
  }
}

function identity(arn: string): string {
  return (
    '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>' +
    `<Arn>${arn}</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>`
  );
}

function queryError(code: string, message: string): string {
  return `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}
