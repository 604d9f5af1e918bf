/** How an AWS API speaks; decides what an error must look like on the wire. */
export type Protocol = 'json' | 'query' | 'ec2' | 'rest-xml' | 'rest-json' | 'cbor';

/** What the proxy understood of one request. */
export interface ApiCall {
  /** As in the credential scope: `iam`, `ec2`, `states`, `monitoring` …; `execute-api` or `lambda-url` for web calls. */
  readonly service: string;
  /** For example `UpdateAccessKey`; for an unknown REST API its method and path. */
  readonly operation: string;
  readonly protocol: Protocol;
  readonly mutating: boolean;
  /** Names and ids out of the parameters, capped: `{ UserName: 'mallory', AccessKeyId: 'AKIA…' }`. */
  readonly resource: Readonly<Record<string, string>>;
  readonly source: CallSource;
  /** The SDK's own number of the call, the same each time that it tries again; missing where another client calls. */
  readonly invocation?: string;
}

export interface CallSource {
  readonly kind: 'lambda' | 'client';
  /** The Lambda's function name, or the client's first word about itself. */
  readonly name: string;
  readonly accessKey: string;
  /** Of the Lambda's worker. */
  readonly pid?: number;
}

/** A session that somebody took: which role, narrowed to what. Its calls carry the access key as their source's. */
export interface Assumed {
  readonly accessKey: string;
  readonly roleArn: string;
  readonly sessionName: string;
  readonly sourceIdentity?: string;
  /** The session policy, if there was one. */
  readonly policy?: string;
}

/** One line of the proxy's record. */
export interface RecordedCall extends Omit<ApiCall, 'protocol'> {
  readonly seq: number;
  /** ISO 8601, when the request had arrived. */
  readonly at: string;
  /** HTTP status that the caller got; 0 when it got none. */
  readonly status: number;
  readonly durationMs: number;
  /** Whether the emulator saw it. */
  readonly forwarded: boolean;
  /** The injected fault that struck, if any. */
  readonly fault?: string;
  /** Of an AssumeRole that was answered. */
  readonly assumed?: Assumed;
}

/** Which calls are meant; everything given must hold. Names are compared exactly. */
export interface CallFilter {
  readonly service?: string;
  readonly operation?: string;
  readonly mutating?: boolean;
  /** Part of the function's name, or of the client's. */
  readonly source?: string;
  /** Part of any of the resource's names and ids. */
  readonly resource?: string;
  /** Only calls after this number. */
  readonly after?: number;
}

export function matches(call: Omit<ApiCall, 'protocol'> & { readonly seq?: number }, filter: CallFilter): boolean {
  return (
    (filter.service === undefined || call.service === filter.service) &&
    (filter.operation === undefined || call.operation === filter.operation) &&
    (filter.mutating === undefined || call.mutating === filter.mutating) &&
    (filter.source === undefined || call.source.name.includes(filter.source)) &&
    (filter.after === undefined || (call.seq ?? Infinity) > filter.after) &&
    (filter.resource === undefined || Object.values(call.resource).some((name) => name.includes(filter.resource ?? '')))
  );
}
