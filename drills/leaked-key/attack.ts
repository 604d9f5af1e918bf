import { CreateAccessKeyCommand } from '@aws-sdk/client-iam';
import { randomBytes } from 'node:crypto';
import type { JsonObject } from '../../lib/model/json';
import type { DrillApi } from '../clients';
import type { Person } from '../company/people';
import { putIntoTrail, putOnBus } from '../feeder';
import { type Call, type Caller, cloudTrailRecord, responseDate, userIdentity } from '../records';
import type { AttackTrace, DrillWorld } from '../scenario';

export interface Roles {
  /** Whose key leaked. */
  readonly leaked: Person;
  /** On whom the attacker leaves a key. */
  readonly backDoor: Person;
  /** For whom he is refused one. */
  readonly refused: Person;
}

/** From an address of TEST-NET-3, which nobody has. */
const ADDRESS = '203.0.113.66';

/** What the attacker does. The key is really made; CloudTrail's records are written in its stead. */
export async function attack(world: DrillWorld, roles: Roles): Promise<AttackTrace> {
  const { api, company, tell } = world;
  const caller: Caller = {
    identity: userIdentity(roles.leaked, api),
    address: ADDRESS,
    userAgent: 'aws-cli/2.22.0 md/awscrt#0.22.0 ua/2.0 os/linux#6.1.0 md/arch#x86_64 lang/python#3.12.6',
  };
  const record = (call: Call): JsonObject => cloudTrailRecord(caller, call, api, new Date());

  tell(`looks around with the key of ${roles.leaked.name}: GetCallerIdentity, ListUsers`);
  await putIntoTrail(api, company.trail, lookAround().map(record));
  tell(`CreateAccessKey for ${roles.refused.name}: refused`);
  await putIntoTrail(api, company.trail, [record(refusedKey(roles.leaked, roles.refused))]);

  const key = await makeKey(api, roles.backDoor);
  const made = record(madeKey(roles.backDoor, key));
  tell(`CreateAccessKey for ${roles.backDoor.name}: ${key}`);
  const putAt = await putIntoTrail(api, company.trail, [made]);
  // The same event by the other way, a little later: it must not count twice.
  await putOnBus(api, made);
  return { entities: [roles.leaked.arn], putAt, containments: 2 };
}

/** The records that the attack writes, in order; for the test of their shapes. */
export function exampleCalls(roles: Roles): Call[] {
  const key = `AKIA${randomBytes(8).toString('hex').toUpperCase()}`;
  return [...lookAround(), refusedKey(roles.leaked, roles.refused), madeKey(roles.backDoor, key)];
}

async function makeKey({ iam }: DrillApi, person: Person): Promise<string> {
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: person.name }));
  return AccessKey?.AccessKeyId ?? '';
}

function lookAround(): Call[] {
  return [
    { eventVersion: '1.08', service: 'sts', name: 'GetCallerIdentity', readOnly: true, request: null, response: null },
    { eventVersion: '1.09', service: 'iam', name: 'ListUsers', readOnly: true, request: null, response: null },
  ];
}

function refusedKey(leaked: Person, target: Person): Call {
  return {
    eventVersion: '1.09',
    service: 'iam',
    name: 'CreateAccessKey',
    readOnly: false,
    // CloudTrail keeps no parameters of a call that was denied; the message alone names the user.
    request: null,
    response: null,
    error: {
      code: 'AccessDenied',
      message: `User: ${leaked.arn} is not authorized to perform: iam:CreateAccessKey on resource: user ${target.name} with an explicit deny in an identity-based policy`,
    },
  };
}

function madeKey(target: Person, accessKeyId: string): Call {
  return {
    eventVersion: '1.09',
    service: 'iam',
    name: 'CreateAccessKey',
    readOnly: false,
    request: { userName: target.name },
    response: {
      accessKey: { accessKeyId, status: 'Active', userName: target.name, createDate: responseDate(new Date()) },
    },
  };
}
