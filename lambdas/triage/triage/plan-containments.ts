import type { Alert } from '../../../lib/model/alert';
import type { Entity, EntityKind } from '../../../lib/model/entity';
import { actorAmong } from '../../../lib/model/is-actor';
import type { PlannedContainment } from '../../../lib/model/incident';
import type { PlannedRunbook, ResponsePlan } from '../../../lib/model/plan';

/** Where Firebreak contains, and as whom it acts itself. */
export interface Home {
  readonly account: string;
  /** ARN patterns of Firebreak's own roles. */
  readonly ownRoles?: readonly string[] | undefined;
}

/** Which targets the plan's runbooks are for, and why some of them may only be observed. */
export function planContainments(
  alert: Alert,
  plan: ResponsePlan,
  targetKinds: Readonly<Record<string, EntityKind>>,
  home: Home,
  stagedRules: readonly string[] = [],
): PlannedContainment[] {
  const staged = stagedBecause(alert, plan, stagedRules);
  return plan.runbooks.flatMap((planned) =>
    targetsOf(alert, planned, targetKinds[planned.runbook]).map((entity) => {
      const because = observeBecause(alert, entity, home) ?? staged;
      return {
        plan: plan.name,
        planned,
        eventAt: new Date(alert.time).toISOString(),
        target: { kind: entity.kind, id: entity.id, account: entity.account, region: entity.region },
        ...(because !== undefined && { observeBecause: because }),
        ...(plan.sweep !== undefined && { sweep: plan.sweep }),
      };
    }),
  );
}

/** What is new only shows what it would have done, until somebody promotes it. */
function stagedBecause(alert: Alert, plan: ResponsePlan, stagedRules: readonly string[]): string | undefined {
  if (plan.staged === true) return `response plan '${plan.name}' is staged; promote it when what it plans is right`;
  const { uid } = alert.finding_info.analytic;
  return stagedRules.includes(uid) ? `rule ${uid} is staged; promote it when what it finds is right` : undefined;
}

function targetsOf(alert: Alert, planned: PlannedRunbook, kind: EntityKind | undefined): readonly Entity[] {
  const found = alert.unmapped.firebreak.entities.filter(
    // Names that the caller could write freely are not even planned for: each would cost calls and room.
    (entity) => entity.kind === kind && entity.role === planned.contains && entity.trust !== 'claimed',
  );
  // The same thing named twice is one target; the word that is trusted more counts.
  const best = new Map<string, Entity>();
  for (const entity of found) {
    const other = best.get(entity.id);
    if (!other || other.trust === 'confirmed') best.set(entity.id, entity);
  }
  return [...best.values()];
}

/** Nobody is contained on the word of what an attacker can write: the first reason, or undefined. */
function observeBecause(alert: Alert, entity: Entity, { account, ownRoles = [] }: Home): string | undefined {
  const [reason] = alert.unmapped.firebreak.neverEnforce;
  if (reason !== undefined) return reason;
  // A release gives back what an attacker may want to have: to contain that again would never end.
  const responder = actorAmong(alert.unmapped.firebreak.entities, ownRoles);
  if (responder !== undefined) return `Firebreak itself did it, as ${responder}`;
  if (entity.account !== account) {
    return `it belongs to account ${entity.account}, and Firebreak contains in ${account} only`;
  }
  switch (entity.trust) {
    case 'claimed':
      return `only '${entity.path}' names it, which the caller could write freely`;
    case 'confirmed':
      return entity.role === 'actor' ? `'${entity.path}' does not prove who acted` : undefined;
    case 'attested':
    case 'finding':
      return undefined;
  }
}
