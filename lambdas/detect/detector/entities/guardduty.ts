import type { Entity } from '../../../../lib/model/entity';
import type { Event } from '../../../../lib/model/event';
import { textAt, type JsonObject } from '../../../../lib/model/json';
import { compilePath } from '../../../../lib/sigma/paths';
import { functionArn } from './arn';
import { entity, scopeOf } from './scope';

/** What a GuardDuty finding names. */
export function findingEntities(event: Event): Entity[] {
  return [...credentials(event), ...resources(event), ...remoteAddresses(event)];
}

function credentials(event: Event): Entity[] {
  const { record } = event;
  const scope = scopeOf(event);
  const at = 'resource.accessKeyDetails';
  const get = (field: string): string | undefined => textAt(record, `${at}.${field}`);
  const as = (field: string) => ({ role: 'actor', trust: 'finding', path: `${at}.${field}` }) as const;
  const iam = (resource: string): string => `arn:${scope.partition}:iam::${scope.account}:${resource}`;
  const found: Entity[] = [];
  const name = get('userName');
  switch (get('userType') ?? '') {
    case 'IAMUser':
      if (name !== undefined) found.push(entity(scope, 'user', iam(`user/${name}`), as('userName')));
      break;
    case 'Role':
    case 'AssumedRole': {
      const session = get('principalId')?.split(':')[1];
      if (name !== undefined && session !== undefined && session !== '') {
        const arn = `arn:${scope.partition}:sts::${scope.account}:assumed-role/${name}/${session}`;
        found.push(entity(scope, 'role-session', arn, as('principalId')));
      }
      if (name !== undefined) found.push(entity(scope, 'role', iam(`role/${name}`), as('userName')));
      break;
    }
    case 'Root':
      found.push(entity(scope, 'root', iam('root'), as('userType')));
      break;
    case 'FederatedUser':
      if (name !== undefined) {
        const arn = `arn:${scope.partition}:sts::${scope.account}:federated-user/${name}`;
        found.push(entity(scope, 'federated', arn, as('userName')));
      }
      break;
    default:
      break;
  }
  const key = get('accessKeyId');
  if (key?.startsWith('AKIA') === true) found.push(entity(scope, 'access-key', key, as('accessKeyId')));
  return found;
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
  const profile = textAt(record, profilePath)?.split('/').at(-1);
  if (profile !== undefined) {
    // A profile mostly bears the name of its role, but need not: nothing is contained on a guess.
    const arn = `arn:${scope.partition}:iam::${scope.account}:role/${profile}`;
    found.push(entity(scope, 'role', arn, { role: 'actor', trust: 'claimed', path: profilePath }));
  }
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
