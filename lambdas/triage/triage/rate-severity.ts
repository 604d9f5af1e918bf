import type { Alert } from '../../../lib/model/alert';
import { weigh } from '../../../lib/model/criticality';
import type { Incident } from '../../../lib/model/incident';
import type { ResponsePlan } from '../../../lib/model/plan';
import { milder, raised, severityOf, urgencyOf, worse, type Severity } from '../../../lib/model/severity';
import type { TriageSettings } from '../../../lib/model/triage-settings';

export interface Rating {
  readonly severity: Severity;
  /** What decided, in words. */
  readonly because: string;
}

/**
 * How bad: SEV1 where it is forced, else what the plan says, else impact x urgency. A rule that is not promoted yet
 * makes nothing worse than SEV3.
 */
export function rateSeverity(
  alert: Alert,
  plan: ResponsePlan | undefined,
  settings: Pick<TriageSettings, 'assets' | 'stagedRules'>,
): Rating {
  const rated = rate(alert, plan, settings);
  if (!settings.stagedRules.includes(alert.finding_info.analytic.uid)) return rated;
  return { severity: milder(rated.severity, 'SEV3'), because: `${rated.because}; its rule is staged` };
}

/**
 * The severity of an incident with one more alert: it never falls. It also rises where one attacker is at work in
 * several accounts, and by a step where a rule goes on finding.
 */
export function rateJoined(
  alert: Alert,
  incident: Incident,
  plan: ResponsePlan | undefined,
  settings: Pick<TriageSettings, 'assets' | 'stagedRules' | 'repeatsThatRaise'>,
): Rating {
  const rated = rateSeverity(alert, plan, settings);
  const account = alert.cloud.account.uid;
  const staged = settings.stagedRules.includes(alert.finding_info.analytic.uid);
  if (!staged && urgencyOf(alert.severity) === 'high' && account !== incident.account) {
    return { severity: 'SEV1', because: `it goes on in a second account, ${account}` };
  }
  if (worse(incident.severity, rated.severity) !== incident.severity) return rated;
  const rule = alert.finding_info.analytic.uid;
  const count = (incident.repeats?.[rule] ?? 0) + 1;
  // Repeating alone makes nothing a SEV1: somebody is awake for a SEV2 already.
  if (count === settings.repeatsThatRaise && !['SEV1', 'SEV2'].includes(incident.severity)) {
    return { severity: raised(incident.severity), because: `rule ${rule} found it ${count} times` };
  }
  return { severity: incident.severity, because: 'it is no worse than what is known' };
}

function rate(alert: Alert, plan: ResponsePlan | undefined, { assets }: Pick<TriageSettings, 'assets'>): Rating {
  const forced = whyWorst(alert);
  if (forced !== undefined) return { severity: 'SEV1', because: forced };
  if (plan?.severity) return { severity: plan.severity, because: `response plan '${plan.name}' says so` };
  const { impact, groups } = weigh(alert, assets);
  const urgency = urgencyOf(alert.severity);
  const assetsSay = groups.length > 0 ? ` (${groups.join(', ')})` : '';
  return { severity: severityOf(impact, urgency), because: `impact ${impact}${assetsSay}, urgency ${urgency}` };
}

/**
 * Root is SEV1 always, since nothing in the account binds it; so is data that has left for certain: a call that
 * succeeded, or a finding (forced cases of the AWS incident response playbooks). Noise is not.
 */
function whyWorst(alert: Alert): string | undefined {
  const { entities, tags } = alert.unmapped.firebreak;
  const urgency = urgencyOf(alert.severity);
  const root = entities.some(({ kind, role, trust }) => kind === 'root' && role === 'actor' && trust !== 'claimed');
  if (root && urgency !== 'low') return 'the root user acted, which nothing in the account binds';
  const lost = entities.some(({ role, trust }) => role === 'target' && (trust === 'confirmed' || trust === 'finding'));
  if (urgency === 'high' && lost && tags.includes('attack.exfiltration')) return 'data has left, for certain';
  return undefined;
}
