import { randomBytes, randomUUID } from 'node:crypto';
import type { JsonObject } from '../lib/model/json';
import type { Person } from './company/people';

/** Who calls, and from where. */
export interface Caller {
  readonly identity: JsonObject;
  readonly address: string;
  readonly userAgent: string;
}

/** One call of the attacker, as CloudTrail tells of it. */
export interface Call {
  /** Of CloudTrail's record format, which each service has its own. */
  readonly eventVersion: '1.08' | '1.09' | '1.10';
  /** Without `.amazonaws.com`. */
  readonly service: string;
  readonly name: string;
  readonly readOnly: boolean;
  readonly request: JsonObject | null;
  readonly response: JsonObject | null;
  readonly error?: { readonly code: string; readonly message: string };
}

export interface Place {
  readonly account: string;
  readonly region: string;
}

/** A CloudTrail record of a call; shapes are held against the corpus by a test. */
export function cloudTrailRecord(caller: Caller, call: Call, place: Place, now: Date): JsonObject {
  const host = call.service === 'iam' ? 'iam.amazonaws.com' : `${call.service}.${place.region}.amazonaws.com`;
  return {
    eventVersion: call.eventVersion,
    userIdentity: caller.identity,
    // CloudTrail knows seconds only.
    eventTime: `${now.toISOString().slice(0, 19)}Z`,
    eventSource: `${call.service}.amazonaws.com`,
    eventName: call.name,
    // IAM has no Regions: its calls are told in us-east-1.
    awsRegion: call.service === 'iam' ? 'us-east-1' : place.region,
    sourceIPAddress: caller.address,
    userAgent: caller.userAgent,
    ...(call.error && { errorCode: call.error.code, errorMessage: call.error.message }),
    requestParameters: call.request,
    responseElements: call.response,
    requestID: randomUUID(),
    eventID: randomUUID(),
    readOnly: call.readOnly,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: place.account,
    eventCategory: 'Management',
    tlsDetails: { tlsVersion: 'TLSv1.3', cipherSuite: 'TLS_AES_128_GCM_SHA256', clientProvidedHostHeader: host },
  };
}

/** An IAM user who calls by an access key. */
export function userIdentity(person: Person, { account }: Place): JsonObject {
  return {
    type: 'IAMUser',
    principalId: person.userId,
    arn: person.arn,
    accountId: account,
    accessKeyId: person.key,
    userName: person.name,
  };
}

/** An instance's role, by the credentials that the metadata service hands out. */
export function instanceIdentity(
  role: { readonly name: string; readonly id: string },
  instanceId: string,
  { account }: Place,
  since: Date,
): JsonObject {
  return {
    type: 'AssumedRole',
    principalId: `${role.id}:${instanceId}`,
    arn: `arn:aws:sts::${account}:assumed-role/${role.name}/${instanceId}`,
    accountId: account,
    accessKeyId: `ASIA${randomBytes(8).toString('hex').toUpperCase()}`,
    sessionContext: {
      sessionIssuer: {
        type: 'Role',
        principalId: role.id,
        arn: `arn:aws:iam::${account}:role/${role.name}`,
        accountId: account,
        userName: role.name,
      },
      webIdFederationData: {},
      attributes: { creationDate: `${since.toISOString().slice(0, 19)}Z`, mfaAuthenticated: 'false' },
      ec2RoleDelivery: '2.0',
    },
  };
}

/** As CloudTrail writes a date into `responseElements`: `Nov 21, 2026 1:33:28 PM`. */
export function responseDate(date: Date): string {
  const [month, day, year] = new Intl.DateTimeFormat('en-US', { dateStyle: 'medium', timeZone: 'UTC' })
    .format(date)
    .split(/[ ,]+/);
  const clock = date.toLocaleTimeString('en-US', { timeZone: 'UTC' }).replace(/\s/u, ' ');
  return `${month ?? ''} ${day ?? ''}, ${year ?? ''} ${clock}`;
}
