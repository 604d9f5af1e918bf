import type { Alert } from '../../../lib/model/alert';
import type { ResponsePlan } from '../../../lib/model/plan';
import { severityOf, urgencyOf, type Impact, type Severity } from '../../../lib/model/severity';

/** How bad: what the plan says, else impact x urgency. Root is SEV1 always: nothing in the account binds it. */
export function rateSeverity(alert: Alert, plan: ResponsePlan | undefined): Severity {
  const { entities } = alert.unmapped.firebreak;
  const root = entities.some(({ kind, role, trust }) => kind === 'root' && role === 'actor' && trust !== 'claimed');
  if (root && urgencyOf(alert.severity) !== 'low') return 'SEV1';
  return plan?.severity ?? severityOf(impactOf(alert), urgencyOf(alert.severity));
}

/** What an attacker alone says has little weight; the rest is of middle impact until configuration knows better. */
function impactOf(alert: Alert): Impact {
  const { entities } = alert.unmapped.firebreak;
  const trusted = entities.some(({ trust }) => trust !== 'claimed');
  return trusted ? 'medium' : 'low';
}
