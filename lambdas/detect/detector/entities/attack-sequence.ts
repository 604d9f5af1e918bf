import { isIP } from 'node:net';
import type { Entity } from '../../../../lib/model/entity';
import type { Event } from '../../../../lib/model/event';
import { at, isJsonObject, textAt, type JsonObject } from '../../../../lib/model/json';
import { parseArn } from './arn';
import { distinct } from './distinct';
import { principal } from './principal';
import { entity, scopeOf, type Scope } from './scope';

const SEQUENCE = 'service.detection.sequence';
/** Of each list; GuardDuty names up to 400 of everything, and no list may push the others out of an alert. */
const MAX_ACTORS = 20;
const MAX_RESOURCES = 20;
const MAX_ADDRESSES = 10;

/**
 * What an attack sequence names. Its `resource` says nothing but that it is one: who acted, on what and from where
 * stands in lists of its own (GuardDuty API reference, Sequence).
 */
export function sequenceEntities(event: Event): Entity[] {
  const scope = scopeOf(event);
  const list = (name: string): JsonObject[] => {
    const found = at(event.record, `${SEQUENCE}.${name}`);
    return Array.isArray(found) ? found.filter(isJsonObject) : [];
  };
  const resources = list('resources').flatMap((one) => resource(one, scopeOfResource(one, scope)));
  const isActor = ({ role }: Entity): boolean => role === 'actor';
  return [
    ...distinct([...list('actors').flatMap((one) => actor(one, scope)), ...resources.filter(isActor)]).slice(
      0,
      MAX_ACTORS,
    ),
    ...distinct(resources.filter((one) => !isActor(one))).slice(0, MAX_RESOURCES),
    ...distinct(list('endpoints').flatMap((one) => address(one, scope))).slice(0, MAX_ADDRESSES),
  ];
}

function actor(one: JsonObject, scope: Scope): Entity[] {
  const account = textAt(one, 'user.account.uid') ?? scope.account;
  const issuer = textAt(one, 'session.issuer');
  const uid = textAt(one, 'user.uid');
  const name = textAt(one, 'user.name');
  const session = uid?.split(':')[1];
  return principal(
    { ...scope, account },
    {
      type: textAt(one, 'user.type'),
      name,
      principalId: uid,
      // Whoever assumes a role chooses the session's name, which may be that of another role.
      isNameChosen: session === undefined || session === name,
      ...(parseArn(issuer ?? '')?.resource.startsWith('role/') && { roleArn: issuer }),
      accessKeyId: textAt(one, 'user.credentialUid'),
    },
    {
      type: `${SEQUENCE}.actors.user.type`,
      name: `${SEQUENCE}.actors.user.name`,
      principalId: `${SEQUENCE}.actors.user.uid`,
      roleArn: `${SEQUENCE}.actors.session.issuer`,
      accessKeyId: `${SEQUENCE}.actors.user.credentialUid`,
    },
  );
}

function resource(one: JsonObject, scope: Scope): Entity[] {
  const uid = textAt(one, 'uid') ?? '';
  const name = textAt(one, 'name') ?? '';
  const path = `${SEQUENCE}.resources.uid`;
  const target = { role: 'target', trust: 'finding', path } as const;
  const ec2 = (kind: string, id: string): string =>
    `arn:${scope.partition}:ec2:${scope.region}:${scope.account}:${kind}/${id}`;
  switch (textAt(one, 'resourceType') ?? '') {
    case 'ACCESS_KEY': {
      const data = `${SEQUENCE}.resources.data.accessKey`;
      const about = {
        type: textAt(one, 'data.accessKey.userType'),
        name: textAt(one, 'data.accessKey.userName'),
        principalId: textAt(one, 'data.accessKey.principalId'),
        accessKeyId: [uid, name].map(lastPart).find((id) => id.startsWith('AKIA')),
      };
      const paths = { type: `${data}.userType`, name: `${data}.userName`, principalId: `${data}.principalId` };
      return principal(scope, about, { ...paths, accessKeyId: path });
    }
    case 'EC2_INSTANCE': {
      const id = [uid, name].map(lastPart).find((part) => /^i-[0-9a-f]+$/.test(part));
      const profile =
        textAt(one, 'data.ec2Instance.iamInstanceProfile.arn') ??
        textAt(one, 'data.ec2Instance.IamInstanceProfile.arn');
      return [
        ...(id === undefined ? [] : [entity(scope, 'instance', ec2('instance', id), target)]),
        ...profileRole(profile, scope, `${SEQUENCE}.resources.data.ec2Instance.iamInstanceProfile.arn`),
      ];
    }
    case 'EC2_NETWORK_INTERFACE': {
      const id = [uid, name].map(lastPart).find((part) => /^eni-[0-9a-f]+$/.test(part));
      return id === undefined ? [] : [entity(scope, 'network-interface', ec2('network-interface', id), target)];
    }
    case 'S3_BUCKET': {
      const bucket = parseArn(uid)?.resource ?? (name || uid);
      return bucket === '' ? [] : [entity(scope, 'bucket', `arn:${scope.partition}:s3:::${bucket}`, target)];
    }
    case 'IAM_INSTANCE_PROFILE':
      return profileRole(uid, scope, path);
    // Clusters, tasks, containers and workloads: no runbook contains one, and no entity is of their kind.
    default:
      return [];
  }
}

/** A profile mostly bears the name of its role, but need not: nothing is contained on a guess. */
export function profileRole(profile: string | undefined, scope: Scope, path: string): Entity[] {
  const name = profile?.split('/').at(-1);
  if (name === undefined || name === '') return [];
  const arn = `arn:${scope.partition}:iam::${scope.account}:role/${name}`;
  return [entity(scope, 'role', arn, { role: 'actor', trust: 'claimed', path })];
}

function address(one: JsonObject, scope: Scope): Entity[] {
  const id = textAt(one, 'ip') ?? '';
  const path = `${SEQUENCE}.endpoints.ip`;
  return isIP(id) === 0 ? [] : [entity(scope, 'address', id, { role: 'actor', trust: 'finding', path })];
}

function scopeOfResource(one: JsonObject, { partition, account, region }: Scope): Scope {
  return {
    partition: textAt(one, 'cloudPartition') ?? partition,
    account: textAt(one, 'accountId') ?? account,
    region: textAt(one, 'region') ?? region,
  };
}

/** A uid may be an ARN or the bare id. */
function lastPart(uid: string): string {
  return uid.split(/[/:]/).at(-1) ?? '';
}
