import { Annotations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { EscalationChain } from './escalate/escalation-chain';
import type { Stakeholder } from './escalate/stakeholder';
import type { IncidentResponseProps } from './incident-response-props';
import { ContainmentMode } from './triage/containment-mode';
import type { ResponsePlan } from './triage/response-plan';
import type { Suppression } from './triage/suppression';

/**
 * Looks whether what response plans name is there, and warns of what does nothing.
 *
 * @throws Error where nothing could be detected, or a plan names what is not among the others.
 */
export function checkIncidentResponse(scope: Construct, props: IncidentResponseProps): void {
  if (props.sources.length === 0) {
    throw new Error("'sources' of IncidentResponse is empty: nothing would be detected; add LogSource or EventSource");
  }
  const runbooks = new Set((props.runbooks ?? []).map(({ runbookId }) => runbookId));
  const chains = [props.escalationChain, ...(props.otherEscalationChains ?? [])];
  for (const plan of props.responsePlans ?? []) {
    checkChain(plan, chains);
    checkStakeholders(plan, props.stakeholders ?? []);
    checkRunbooks(plan, runbooks);
  }
  warnOfOver(scope, props.suppressions ?? []);
  if (props.mode !== undefined && props.mode !== ContainmentMode.OBSERVE && runbooks.size === 0) {
    Annotations.of(scope).addWarningV2(
      'firebreak:nothing-to-enforce',
      `mode is '${props.mode}', but there are no 'runbooks': nothing can be contained`,
    );
  }
}

function checkChain({ props: { name, escalationChain } }: ResponsePlan, known: readonly EscalationChain[]): void {
  if (!escalationChain || known.includes(escalationChain)) return;
  throw new Error(
    `response plan '${name}' names escalation chain '${escalationChain.chainName}', which is not among 'otherEscalationChains'; add it there`,
  );
}

function checkStakeholders({ props: { name, stakeholders = [] } }: ResponsePlan, known: readonly Stakeholder[]): void {
  for (const [index, stakeholder] of stakeholders.entries()) {
    const { name: who } = stakeholder.props;
    if (!known.includes(stakeholder)) {
      throw new Error(
        `response plan '${name}' names stakeholder '${who}', who is not among 'stakeholders'; add them there`,
      );
    }
    if (stakeholders.indexOf(stakeholder) !== index) {
      throw new Error(`response plan '${name}' names stakeholder '${who}' twice; take one out`);
    }
  }
}

function checkRunbooks({ props: { name, runbooks = [] } }: ResponsePlan, known: ReadonlySet<string>): void {
  for (const { runbook } of runbooks) {
    if (known.has(runbook.runbookId)) continue;
    throw new Error(
      `response plan '${name}' names runbook '${runbook.runbookId}', which is not among 'runbooks'; add it there`,
    );
  }
}

function warnOfOver(scope: Construct, suppressions: readonly Suppression[]): void {
  for (const { props: over } of suppressions.filter(({ isOver }) => isOver)) {
    Annotations.of(scope).addWarningV2(
      `firebreak:suppression-over-${over.name}`,
      `suppression '${over.name}' of ${over.owner} ended ${over.until.toISOString()} and keeps nothing quiet; take it out, or give it a new end`,
    );
  }
}
