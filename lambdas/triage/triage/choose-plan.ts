import { LEVELS, type Alert } from '../../../lib/model/alert';
import { arnOf, weigh, type AssetGroup } from '../../../lib/model/criticality';
import { matchesArn } from '../../../lib/model/guard-rails';
import type { ResponsePlan } from '../../../lib/model/plan';
import { IMPACTS } from '../../../lib/model/severity';

/** The first plan whose conditions all hold; the order of the configuration decides. */
export function choosePlan(
  alert: Alert,
  plans: readonly ResponsePlan[],
  assets: readonly AssetGroup[] = [],
): ResponsePlan | undefined {
  return plans.find((plan) => unmetCondition(alert, plan, assets) === undefined);
}

/** The first condition that keeps a plan from answering, in words; undefined where it answers. */
export function unmetCondition(
  alert: Alert,
  { when }: ResponsePlan,
  assets: readonly AssetGroup[] = [],
): string | undefined {
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
  const account = alert.cloud.account.uid;
  if (when.accounts && !when.accounts.includes(account)) {
    return `account ${account} is not one of ${when.accounts.join(', ')}`;
  }
  return unmetByWeight(alert, when, assets);
}

function unmetByWeight(alert: Alert, when: ResponsePlan['when'], assets: readonly AssetGroup[]): string | undefined {
  const patterns = when.entities;
  // A name that the caller wrote freely would choose the plan, too.
  const named = alert.unmapped.firebreak.entities.filter(({ trust }) => trust !== 'claimed').map(arnOf);
  if (patterns && !named.some((arn) => patterns.some((pattern) => matchesArn(pattern, arn)))) {
    return `no entity is one of ${patterns.join(', ')}`;
  }
  if (!when.criticalityAtLeast) return undefined;
  const { impact } = weigh(alert, assets);
  return IMPACTS.indexOf(impact) > IMPACTS.indexOf(when.criticalityAtLeast)
    ? `what is at stake is '${impact}', below '${when.criticalityAtLeast}'`
    : undefined;
  return undefined;
}
