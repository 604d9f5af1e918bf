import type { ContainmentRunbook } from './contain/containment-runbook';
import { Level } from './triage/level';
import { AlertSource, Contains, ResponsePlan } from './triage/response-plan';

/**
 * What answers where nobody said otherwise: findings on an instance are for `isolate-instance`, and a user who acts as an
 * attacker would is for `disable-access-key`. Both in the mode of the `IncidentResponse`.
 */
export function defaultResponsePlans(runbooks: readonly ContainmentRunbook[]): ResponsePlan[] {
  // By id: another runbook for users or instances answers only where a plan of yours names it.
  const named = (id: string) => runbooks.filter(({ runbookId }) => runbookId === id);
  const plans = [
    {
      name: 'compromised-instance',
      sources: [AlertSource.GUARDDUTY],
      entityKinds: ['instance'],
      runbooks: named('isolate-instance').map((runbook) => ({ runbook, contains: Contains.TARGET })),
    },
    {
      name: 'compromised-user',
      entityKinds: ['user'],
      runbooks: named('disable-access-key').map((runbook) => ({ runbook, contains: Contains.ACTOR })),
    },
  ];
  return plans
    .filter((plan) => plan.runbooks.length > 0)
    .map((plan) => new ResponsePlan({ ...plan, levelAtLeast: Level.HIGH }));
}
