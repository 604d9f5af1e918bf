import type { ContainmentRunbook } from './contain/containment-runbook';
import { Level } from './triage/level';
import { AlertSource, Contains, ResponsePlan } from './triage/response-plan';

/**
 * What answers where nobody said otherwise: findings on an instance are for the runbook that contains instances, and
 * a user who acts as an attacker would is for the one that contains users. Both in the mode of the `IncidentResponse`.
 */
export function defaultResponsePlans(runbooks: readonly ContainmentRunbook[]): ResponsePlan[] {
  const forTarget = (kind: string) => runbooks.filter(({ targetKind }) => targetKind === kind);
  const plans = [
    {
      name: 'compromised-instance',
      sources: [AlertSource.GUARDDUTY],
      entityKinds: ['instance'],
      runbooks: forTarget('instance').map((runbook) => ({ runbook, contains: Contains.TARGET })),
    },
    {
      name: 'compromised-user',
      entityKinds: ['user'],
      runbooks: forTarget('user').map((runbook) => ({ runbook, contains: Contains.ACTOR })),
    },
  ];
  return plans
    .filter((plan) => plan.runbooks.length > 0)
    .map((plan) => new ResponsePlan({ ...plan, levelAtLeast: Level.HIGH }));
}
