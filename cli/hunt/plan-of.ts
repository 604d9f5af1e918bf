import { choosePlan } from '../../lambdas/triage/triage/choose-plan';
import { planContainments } from '../../lambdas/triage/triage/plan-containments';
import type { Alert } from '../../lib/model/alert';
import { targetText } from '../../lib/model/plan';
import type { FoundPlan } from './found';
import type { PlanSettings } from './job';

/** What triage would have decided about an alert, by its own functions. */
export function planOf(
  alert: Alert,
  { plans, targetKinds, assets, stagedRules, homeAccount }: PlanSettings,
): FoundPlan {
  const plan = choosePlan(alert, plans, assets);
  if (plan === undefined) return { name: null, containments: [] };
  // Without an account in the configuration, each event is taken for one of the home account.
  const home = homeAccount ?? alert.cloud.account.uid;
  return {
    name: plan.name,
    containments: planContainments(alert, plan, targetKinds, home, stagedRules).map(
      ({ planned, target, observeBecause }) => ({
        runbook: planned.runbook,
        mode: observeBecause === undefined ? planned.mode : 'observe',
        target: targetText(target),
        ...(observeBecause !== undefined && { because: observeBecause }),
      }),
    ),
  };
}
