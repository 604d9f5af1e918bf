import type { Entity } from '../../../../lib/model/entity';
import type { Event } from '../../../../lib/model/event';
import { textAt, type JsonObject } from '../../../../lib/model/json';
import { compilePath } from '../../../../lib/sigma/paths';
import { functionArn } from './arn';
import { profileRole, sequenceEntities } from './attack-sequence';
import { principal } from './principal';
import { entity, scopeOf } from './scope';

/** What a GuardDuty finding names. */
export function findingEntities(event: Event): Entity[] {
  return [...credentials(event), ...resources(event), ...remoteAddresses(event), ...sequenceEntities(event)];
}

function credentials(event: Event): Entity[] {
  const paths = {
    type: 'resource.accessKeyDetails.userType',
    name: 'resource.accessKeyDetails.userName',
    principalId: 'resource.accessKeyDetails.principalId',
    accessKeyId: 'resource.accessKeyDetails.accessKeyId',
  };
  const get = (path: string): string | undefined => textAt(event.record, path);
  const { type, name, principalId, accessKeyId } = paths;
  const who = { type: get(type), name: get(name), principalId: get(principalId), accessKeyId: get(accessKeyId) };
  return principal(scopeOf(event), who, paths);
}

function resources(event: Event): Entity[] {
  const { record } = event;
  const scope = scopeOf(event);
  const as = (path: string) => ({ role: 'target', trust: 'finding', path }) as const;
  const found: Entity[] = [];
  const instance = textAt(record, 'resource.instanceDetails.instanceId');
  if (instance !== undefined) {
    const arn = `arn:${scope.partition}:ec2:${scope.region}:${scope.account}:instance/${instance}`;
    found.push(entity(scope, 'instance', arn, as('resource.instanceDetails.instanceId')));
  }
  const profilePath = 'resource.instanceDetails.iamInstanceProfile.arn';
  found.push(...profileRole(textAt(record, profilePath), scope, profilePath));
  const many: readonly [string, Entity['kind'], (id: string) => string][] = [
    ['resource.s3BucketDetails.name', 'bucket', (name) => `arn:${scope.partition}:s3:::${name}`],
    ['resource.lambdaDetails.functionArn', 'function', (arn) => functionArn(scope, arn)],
    ['resource.ebsSnapshotDetails.snapshotArn', 'snapshot', (arn) => arn],
  ];
  for (const [path, kind, arn] of many) {
    for (const id of textsAt(record, path)) found.push(entity(scope, kind, arn(id), as(path)));
  }
  return found;
}

const ACTIONS = ['networkConnectionAction', 'awsApiCallAction', 'kubernetesApiCallAction', 'rdsLoginAttemptAction'];
const ADDRESS_PATHS = [
  ...ACTIONS.map((action) => `service.action.${action}.remoteIpDetails.ipAddressV4`),
  'service.action.portProbeAction.portProbeDetails.remoteIpDetails.ipAddressV4',
];

function remoteAddresses(event: Event): Entity[] {
  const scope = scopeOf(event);
  return ADDRESS_PATHS.flatMap((path) =>
    textsAt(event.record, path).map((id) => entity(scope, 'address', id, { role: 'actor', trust: 'finding', path })),
  );
}

function textsAt(record: JsonObject, path: string): string[] {
  return compilePath(path)(record).filter((value) => typeof value === 'string' && value !== '') as string[];
}
