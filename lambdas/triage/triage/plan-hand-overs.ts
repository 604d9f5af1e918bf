import type { Alert } from '../../../lib/model/alert';
import type { Incident } from '../../../lib/model/incident';
import type { ResponsePlan } from '../../../lib/model/plan';
import { beginHandOvers, type PlannedHandOvers } from '../../shared/hand-over/begin-hand-overs';
import { tellLeft } from '../../shared/hand-over/tell-left';
import type { TriageContext } from './triage-context';
import { planContainments } from './plan-containments';

/** What an alert hands over to containment, beside what its incident has handed over already; and what is told of the rest. */
export function planHandOvers(
  alert: Alert,
  plan: ResponsePlan | undefined,
  incident: Pick<Incident, 'handOvers' | 'acknowledgement' | 'leftTold'>,
  { settings, homeAccount, ownRoles, now }: TriageContext,
): PlannedHandOvers & { readonly told: ReturnType<typeof tellLeft> } {
  const home = { account: homeAccount, ownRoles };
  const wanted = plan ? planContainments(alert, plan, settings.targetKinds, home, settings.stagedRules) : [];
  const about = { what: 'this alert', by: 'triage', now };
  const begun = beginHandOvers(wanted, incident.handOvers, about);
  return { ...begun, told: tellLeft(incident, begun, about) };
}
