import type { Entity } from '../../../../lib/model/entity';
import { entity, type Scope } from './scope';

/** What GuardDuty says of who acted. */
export interface Principal {
  readonly type: string | undefined;
  /** Of the user, or of the role. */
  readonly name: string | undefined;
  /** Of a session, `id:name of the session`. */
  readonly principalId: string | undefined;
  readonly accessKeyId: string | undefined;
  /** The role's, where it is said outright. */
  readonly roleArn?: string | undefined;
  /** The name may be that of the session, which its caller chose. @default false */
  readonly isNameChosen?: boolean;
}

/** The fields that say it. */
export type PrincipalPaths = Readonly<
  Record<'type' | 'name' | 'principalId' | 'accessKeyId', string> & Partial<Record<'roleArn', string>>
>;

/** Who acted, as entities with the spelling that calls give them. */
export function principal(scope: Scope, who: Principal, paths: PrincipalPaths): Entity[] {
  const as = (path: string) => ({ role: 'actor', trust: 'finding', path }) as const;
  const iam = (resource: string): string => `arn:${scope.partition}:iam::${scope.account}:${resource}`;
  const sts = (resource: string): string => `arn:${scope.partition}:sts::${scope.account}:${resource}`;
  const found: Entity[] = [];
  const { name } = who;
  switch (who.type ?? '') {
    case 'IAMUser':
      if (name !== undefined) found.push(entity(scope, 'user', iam(`user/${name}`), as(paths.name)));
      break;
    case 'Role':
    case 'AssumedRole':
      found.push(...roles(scope, who, paths));
      break;
    case 'Root':
      found.push(entity(scope, 'root', iam('root'), as(paths.type)));
      break;
    case 'FederatedUser':
      if (name !== undefined) found.push(entity(scope, 'federated', sts(`federated-user/${name}`), as(paths.name)));
      break;
    default:
      break;
  }
  const key = who.accessKeyId;
  if (key?.startsWith('AKIA') === true) found.push(entity(scope, 'access-key', key, as(paths.accessKeyId)));
  return found;
}

function roles(scope: Scope, who: Principal, paths: PrincipalPaths): Entity[] {
  const isCertain = who.roleArn !== undefined || who.isNameChosen !== true;
  const name = who.roleArn?.split('/').at(-1) ?? who.name;
  if (name === undefined) return [];
  const session = who.principalId?.split(':')[1];
  const role = who.roleArn ?? `arn:${scope.partition}:iam::${scope.account}:role/${name}`;
  const rolePath = who.roleArn === undefined ? paths.name : (paths.roleArn ?? paths.name);
  const account = who.roleArn?.split(':')[4] ?? scope.account;
  const sessionArn = `arn:${scope.partition}:sts::${account}:assumed-role/${name}/${session ?? ''}`;
  const trust = isCertain ? 'finding' : 'claimed';
  return [
    ...(session !== undefined && session !== '' && isCertain
      ? [entity(scope, 'role-session', sessionArn, { role: 'actor', trust, path: paths.principalId })]
      : []),
    entity(scope, 'role', role, { role: 'actor', trust, path: rolePath }),
  ];
}
