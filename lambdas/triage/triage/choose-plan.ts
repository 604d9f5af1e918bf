import { LEVELS, type Alert } from '../../../lib/model/alert';
import type { ResponsePlan } from '../../../lib/model/plan';

/** The first plan whose conditions all hold; the order of the configuration decides. */
export function choosePlan(alert: Alert, plans: readonly ResponsePlan[]): ResponsePlan | undefined {
  return plans.find((plan) => unmetCondition(alert, plan) === undefined);
}

/** The first condition that keeps a plan from answering, in words; undefined where it answers. */
export function unmetCondition(alert: Alert, { when }: ResponsePlan): string | undefined {
  const { tags, source, entities } = alert.unmapped.firebreak;
  const rule = alert.finding_info.analytic;
  if (when.rules && !when.rules.includes(rule.uid)) return `rule '${rule.uid}' is not one of ${when.rules.join(', ')}`;
  if (when.tags && !when.tags.some((tag) => tags.includes(tag))) return `no tag is one of ${when.tags.join(', ')}`;
  if (when.levelAtLeast && LEVELS.indexOf(alert.severity) < LEVELS.indexOf(when.levelAtLeast)) {
    return `level '${alert.severity}' is below '${when.levelAtLeast}'`;
  }
  if (when.sources && !when.sources.includes(source))
    return `source '${source}' is not one of ${when.sources.join(', ')}`;
  if (when.entityKinds && !entities.some((entity) => when.entityKinds?.includes(entity.kind))) {
    return `no entity is a ${when.entityKinds.join(' or ')}`;
  }
  return undefined;
}
