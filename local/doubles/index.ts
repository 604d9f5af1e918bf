import { Readable } from 'node:stream';
import type { IncomingMessage } from 'node:http';
import type { ApiCall } from '../proxy/call';
import { forward, type Upstream } from '../proxy/forward';
import type { WebRequest } from '../proxy/identify';
import { lookUpEvents } from './cloudtrail-look-up';
import { blockPublicAccess } from './ec2-block-public-access';
import { consoleScreenshot } from './ec2-console-screenshot';
import { snapshotLocks } from './ec2-snapshot-locks';
import { policyStatus } from './s3-policy-status';
import { provisionedConcurrencyList } from './lambda-provisioned-concurrency';

export interface Made {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** Asks the emulator something else than the caller did: another path and query, by GET. */
export type Ask = (url: string) => Promise<{ readonly status: number; readonly body: string }>;

export type Double = (request: WebRequest, ask: Ask) => Promise<Made>;

/** Calls that no emulator has, answered here, where it can be from what the emulator does know. By service and operation. */
const DOUBLES: Readonly<Record<string, Double>> = {
  'cloudtrail:LookupEvents': lookUpEvents,
  'ec2:DescribeLockedSnapshots': snapshotLocks,
  'ec2:GetConsoleScreenshot': consoleScreenshot,
  'ec2:GetImageBlockPublicAccessState': blockPublicAccess,
  'ec2:GetSnapshotBlockPublicAccessState': blockPublicAccess,
  'ec2:LockSnapshot': snapshotLocks,
  's3:GetBucketPolicyStatus': policyStatus,
  'lambda:ListProvisionedConcurrencyConfigs': provisionedConcurrencyList,
};

/** The answer of a double, or undefined where the emulator has the call itself. */
export function doubled(call: ApiCall, request: WebRequest, upstream: Upstream): Promise<IncomingMessage> | undefined {
  const double = DOUBLES[`${call.service}:${call.operation}`];
  if (!double) return undefined;
  const ask: Ask = async (url) => {
    const answer = await forward({ ...request, method: 'GET', url, body: Buffer.alloc(0) }, upstream);
    const parts: Buffer[] = [];
    for await (const part of answer) parts.push(part as Buffer);
    return { status: answer.statusCode ?? 502, body: Buffer.concat(parts).toString('utf8') };
  };
  return double(request, ask).then(({ status, contentType, body }) => {
    const headers = { 'content-type': contentType, 'x-firebreak-double': 'true' };
    // As much of a message as the proxy passes on.
    return Object.assign(Readable.from([Buffer.from(body)]), {
      statusCode: status,
      headers,
    }) as unknown as IncomingMessage;
  });
}
