import { isMutating } from './mutating';
import { type ApiCall, type CallSource, type Protocol } from './call';
import { resourceOf } from './resource';
import type { Found } from './rest';
import { guardDutyOperation } from './rest-guardduty';
import { lambdaOperation } from './rest-lambda';
import { s3Operation } from './rest-s3';

export interface WebRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** JSON bodies past this are not looked into for names; nothing that carries a name is so big. */
const LOOK_INTO_BYTES = 1024 * 1024;

/** Says which AWS operation a request is. Never throws: what it cannot read it names by method and path. */
export function identify(request: WebRequest): ApiCall {
  const url = new URL(request.url, 'http://proxy');
  const scope = credentialScope(request, url);
  const params = parameters(request, url);
  const service = scope.service ?? serviceByHost(header(request, 'host'));
  const { operation, protocol, path } = operationOf(request, url, service, params);
  const all = { ...path, ...params };
  const invocation = header(request, 'amz-sdk-invocation-id');
  return {
    service,
    operation,
    protocol,
    mutating: isMutating(service, operation, request.method, all, request.headers),
    resource: resourceOf(all),
    source: sourceOf(request, scope.accessKey),
    ...(invocation !== '' && { invocation }),
  };
}

interface Operation {
  readonly operation: string;
  readonly protocol: Protocol;
  /** Names that stand in the path. */
  readonly path?: Readonly<Record<string, string>>;
}

function operationOf(
  request: WebRequest,
  url: URL,
  service: string,
  params: Readonly<Record<string, unknown>>,
): Operation {
  const target = header(request, 'x-amz-target');
  if (target !== '') return { operation: target.slice(target.lastIndexOf('.') + 1), protocol: 'json' };
  const cbor = /^\/service\/[^/]+\/operation\/([^/]+)$/.exec(url.pathname)?.[1];
  if (cbor !== undefined) return { operation: cbor, protocol: 'cbor' };
  // AddPermission has an Action among its own parameters.
  const known = restOperation(service, request.method, url);
  if (known !== undefined) return { ...known, protocol: 'rest-json' };
  if (typeof params.Action === 'string') {
    return { operation: params.Action, protocol: service === 'ec2' ? 'ec2' : 'query' };
  }
  if (service === 's3') return { ...s3Operation(request.method, url, request.headers), protocol: 'rest-xml' };
  return { operation: `${request.method} ${url.pathname.slice(0, 200)}`, protocol: 'rest-json' };
}

function restOperation(service: string, method: string, url: URL): Found | undefined {
  if (service === 'lambda') return lambdaOperation(method, url);
  return service === 'guardduty' ? guardDutyOperation(method, url) : undefined;
}

function credentialScope(request: WebRequest, url: URL): { service?: string; accessKey: string } {
  const signed = /Credential=([^,\s]+)/.exec(header(request, 'authorization'))?.[1];
  const [accessKey = '', , , service] = (signed ?? url.searchParams.get('X-Amz-Credential') ?? '').split('/');
  return { ...(service !== undefined && { service }), accessKey };
}

function serviceByHost(host: string): string {
  if (host.includes('.execute-api.')) return 'execute-api';
  if (host.includes('.lambda-url.')) return 'lambda-url';
  return 'unsigned';
}

function parameters(request: WebRequest, url: URL): Record<string, unknown> {
  const query = Object.fromEntries(url.searchParams);
  const type = header(request, 'content-type');
  if (request.body.length === 0 || request.body.length > LOOK_INTO_BYTES) return query;
  if (type.includes('x-www-form-urlencoded')) {
    return { ...query, ...Object.fromEntries(new URLSearchParams(request.body.toString('utf8'))) };
  }
  if (!type.includes('json')) return query;
  try {
    const parsed: unknown = JSON.parse(request.body.toString('utf8'));
    return typeof parsed === 'object' && parsed !== null ? { ...query, ...parsed } : query;
  } catch {
    return query; // Not JSON after all: the emulator will tell the caller so.
  }
}

function sourceOf(request: WebRequest, accessKey: string): CallSource {
  const agent = header(request, 'user-agent');
  // Put there by local/worker-preload.js.
  const lambda = /exec-env\/AWS_Lambda_nodejs~([^~\s]+)~(\d+)/.exec(agent);
  if (lambda?.[1] !== undefined) return { kind: 'lambda', name: lambda[1], accessKey, pid: Number(lambda[2]) };
  return { kind: 'client', name: agent.split(' ')[0]?.slice(0, 80) ?? '', accessKey };
}

function header(request: WebRequest, name: string): string {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(',') : (value ?? '');
}
