import type { Entity, Trust } from '../../../../lib/model/entity';
import type { Event } from '../../../../lib/model/event';
import { textAt } from '../../../../lib/model/json';
import { entity, scopeOf } from './scope';

/** Who made a call: `userIdentity` of a CloudTrail record. */
export function actors(event: Event): Entity[] {
  const { record } = event;
  const get = (path: string): string | undefined => textAt(record, `userIdentity.${path}`);
  const scope = scopeOf(event);
  const trust = identityTrust(event);
  const account = get('accountId');
  const as = (path: string) => ({ role: 'actor', trust, path: `userIdentity.${path}`, account }) as const;
  const found: Entity[] = [];
  const arn = get('arn');
  const issuerArn = get('sessionContext.sessionIssuer.arn');
  switch (get('type') ?? '') {
    case 'IAMUser':
      if (arn !== undefined) found.push(entity(scope, 'user', arn, as('arn')));
      break;
    case 'AssumedRole':
      if (arn !== undefined) found.push(entity(scope, 'role-session', arn, as('arn')));
      if (issuerArn !== undefined) found.push(entity(scope, 'role', issuerArn, as('sessionContext.sessionIssuer.arn')));
      break;
    case 'Role':
      if (arn !== undefined) found.push(entity(scope, 'role', arn, as('arn')));
      break;
    case 'Root':
      if (account !== undefined) {
        found.push(entity(scope, 'root', arn ?? `arn:${scope.partition}:iam::${account}:root`, as('arn')));
      }
      break;
    case 'FederatedUser':
      if (arn !== undefined) found.push(entity(scope, 'federated', arn, as('arn')));
      // GetFederationToken hands out what its user may do: the user is who must be stopped.
      if (issuerArn !== undefined && get('sessionContext.sessionIssuer.type') === 'IAMUser') {
        found.push(entity(scope, 'user', issuerArn, as('sessionContext.sessionIssuer.arn')));
      }
      break;
    case 'SAMLUser':
    case 'WebIdentityUser':
    case 'IdentityCenterUser': {
      const id = get('principalId') ?? get('onBehalfOf.userId');
      if (id !== undefined) found.push(entity(scope, 'federated', id, as('principalId')));
      break;
    }
    case 'AWSAccount':
      if (account !== undefined) found.push(entity(scope, 'account', account, as('accountId')));
      break;
    // `AWSService` has nothing but invokedBy, `Directory` and `Unknown` have nothing at all.
    default:
      break;
  }
  const service = get('invokedBy');
  if (service !== undefined) found.push(entity(scope, 'service', service, as('invokedBy')));
  const key = get('accessKeyId');
  // ASIA keys are sessions and cannot be switched off by themselves; their user or role session is above.
  if (key?.startsWith('AKIA') === true) found.push(entity(scope, 'access-key', key, as('accessKeyId')));
  return found;
}

/** Only these come after the password; anybody may ask for a new one. */
const SIGN_INS = new Set(['ConsoleLogin', 'SwitchRole']);

/**
 * AWS writes `userIdentity` of calls that it authenticated, refused ones included. At sign-in nobody is
 * authenticated yet: the name in a failed login, or in a request for a new password, is what the visitor typed,
 * and whoever types another's name must not get that one contained.
 */
function identityTrust({ record }: Event): Trust {
  if (textAt(record, 'eventSource') !== 'signin.amazonaws.com') return 'attested';
  const name = textAt(record, 'eventName') ?? '';
  const signedIn =
    name === 'GetSigninToken' || (SIGN_INS.has(name) && textAt(record, `responseElements.${name}`) === 'Success');
  return signedIn && !failed(record) ? 'attested' : 'claimed';
}

/** CloudTrail writes an error code, or at least a message, for calls that failed; some exports write null or '' else. */
export function failed(record: Event['record']): boolean {
  return [record.errorCode, record.errorMessage].some((value) => value !== undefined && value !== null && value !== '');
}
