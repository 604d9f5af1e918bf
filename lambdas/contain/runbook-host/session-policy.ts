import { canonicalJson } from '../../../lib/model/canonical-json';
import { fillPermission } from '../../../lib/model/fill-permission';
import { whyProtected, type GuardRailSettings } from '../../../lib/model/guard-rails';
import { sha256 } from '../../../lib/model/ids';
import type { Json } from '../../../lib/model/json';
import type { Permission } from '../../../lib/model/runbook-facts';
import { batches } from './session-batches';

/** STS takes this much plain text, without blanks. */
export const MAX_SESSION_POLICY_CHARACTERS = 2_048;

/** More sessions than that no target needs, and each is tried in turn. */
const MAX_SESSIONS = 8;

/** What one run of one action may do. */
export interface SessionPolicy {
  /** One for each session; one, unless the target is a big one. */
  readonly documents: readonly string[];
  /** Of all documents, a line each. */
  readonly sha256: string;
  /** One line a statement, for people. */
  readonly allowed: readonly string[];
}

/** What a session policy is made for. */
export interface PolicyScope {
  /** The action's id, for messages. */
  readonly action: string;
  /** What `{name}` in a permission stands for. */
  readonly values: Readonly<Record<string, string>>;
  readonly settings: GuardRailSettings;
}

const ACTION = /^[a-z0-9-]+:[A-Za-z0-9]+$/;
const ARN = /^arn:aws[a-z-]*:[a-z0-9-]+:(?<region>[a-z0-9-]*):(?<account>\d{12})?:\S+$/;

/**
 * Makes the policy that narrows a run's credentials to what the action named; undefined where it named nothing.
 *
 * @throws Error where something is named that a guard rail protects, that lies in another account or Region, or that is
 * wider than it has to be; and where the policy is too long for STS. Nothing may be changed then.
 */
export function sessionPolicy(permissions: readonly Permission[], scope: PolicyScope): SessionPolicy | undefined {
  const filled = permissions.map((permission) => fillPermission(permission, scope.values));
  const problems = [...new Set(filled.flatMap((permission) => problemsOf(permission, scope.settings)))];
  if (problems.length > 0) {
    throw new Error(`action '${scope.action}' asks for what it may not have: ${problems.join('; ')}`);
  }
  const statements = compact(filled);
  if (statements.length === 0) return undefined;
  const sessions = batches(statements, (some) => documentOf(some).length <= MAX_SESSION_POLICY_CHARACTERS);
  if (sessions === undefined || sessions.length > MAX_SESSIONS) {
    throw new Error(
      `action '${scope.action}' needs a session policy of ${documentOf(statements).length} characters, and STS takes ${MAX_SESSION_POLICY_CHARACTERS}: do this by hand, as the runbook's page says`,
    );
  }
  const documents = sessions.map(documentOf);
  return { documents, sha256: sha256(documents.join('\n')), allowed: statements.map(lineOf) };
}

function documentOf(statements: readonly Permission[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements.map(statementOf) });
}

function problemsOf({ actions, resources, conditions, why }: Permission, settings: GuardRailSettings): string[] {
  const wide = conditions !== undefined || why !== undefined;
  return [
    ...actions.filter((name) => !ACTION.test(name)).map((name) => `'${name}' is not one call`),
    ...resources.flatMap((resource) => {
      if (/[*?]/.test(resource)) return wide ? [] : [`'${resource}' has a wildcard, and neither condition nor reason`];
      const place = ARN.exec(resource)?.groups;
      if (!place) return [`'${resource}' is not an ARN`];
      const because =
        elsewhere(resource, place['account'], settings.account) ??
        elsewhere(resource, place['region'], settings.region) ??
        whyProtected(resource, settings);
      return because === undefined ? [] : [because];
    }),
  ];
}

function elsewhere(resource: string, found: string | undefined, home: string): string | undefined {
  // Global services have no Region in their ARNs, and buckets, snapshots and images no account.
  return found === undefined || found === '' || found === home
    ? undefined
    : `'${resource}' is in ${found}; only what is in ${home} is changed`;
}

/** Says the same in fewer words: first the resources of the same calls are joined, then the calls on the same resources. */
function compact(permissions: readonly Permission[]): Permission[] {
  const byCalls = join(permissions, ({ actions }) => actions);
  return join(byCalls, ({ resources }) => resources).filter(
    ({ actions, resources }) => actions.length > 0 && resources.length > 0,
  );
}

function join(permissions: readonly Permission[], same: (permission: Permission) => readonly string[]): Permission[] {
  const joined = new Map<string, Permission>();
  for (const permission of permissions) {
    const { conditions = {} } = permission;
    const key = canonicalJson([[...same(permission)].sort(), conditions as unknown as Json]);
    const known = joined.get(key);
    joined.set(key, {
      actions: [...new Set([...(known?.actions ?? []), ...permission.actions])],
      resources: [...new Set([...(known?.resources ?? []), ...permission.resources])],
      ...(permission.conditions && { conditions: permission.conditions }),
    });
  }
  return [...joined.values()];
}

function statementOf({ actions, resources, conditions }: Permission): Json {
  return {
    Effect: 'Allow',
    Action: oneOrMore(actions),
    Resource: oneOrMore(resources),
    ...(conditions && { Condition: conditions as unknown as Json }),
  };
}

function oneOrMore(texts: readonly string[]): Json {
  const [first] = texts;
  return texts.length === 1 && first !== undefined ? first : [...texts];
}

function lineOf({ actions, resources, conditions }: Permission): string {
  const where = conditions === undefined ? '' : ` where ${JSON.stringify(conditions)}`;
  return `${actions.join(', ')} on ${resources.join(', ')}${where}`;
}
