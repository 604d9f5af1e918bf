import type { Alert } from '../../../lib/model/alert';
import type { HandOver } from '../../../lib/model/incident';
import type { ResponsePlan } from '../../../lib/model/plan';
import { beginHandOvers, type PlannedHandOvers } from '../../shared/hand-over/begin-hand-overs';
import type { TriageContext } from './triage-context';
import { planContainments } from './plan-containments';

/** What an alert hands over to containment, beside what its incident has handed over already. */
export function planHandOvers(
  alert: Alert,
  plan: ResponsePlan | undefined,
  known: Readonly<Record<string, HandOver>>,
  { settings, homeAccount, ownRoles, now }: TriageContext,
): PlannedHandOvers {
  const home = { account: homeAccount, ownRoles };
  const wanted = plan ? planContainments(alert, plan, settings.targetKinds, home, settings.stagedRules) : [];
  return beginHandOvers(wanted, known, { what: 'this alert', by: 'triage', now });
}
