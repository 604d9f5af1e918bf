// The facade, then each stage in the order in which an incident passes them.
export * from './incident-response';
export * from './incident-response-props';

export * from './log';
export * from './detect';

export * from './triage/alert-queue';
export * from './triage/approval';
export * from './triage/asset-group';
export * from './triage/containment-mode';
export * from './triage/incident-store';
export * from './triage/level';
export * from './triage/response-plan';
export * from './triage/suppression';
export * from './triage/sweep-mode';

export * from './contain/actor-sweep';
export * from './contain/brake';
export * from './contain/catalogue-runbook';
export * from './contain/containment-auditor';
export * from './contain/containment-runbook';
export * from './contain/containment-stage';
export * from './contain/guard-rails';
export * from './contain/quarantine-policy';
export * from './contain/runbook-host';
export * from './contain/snapshot-copier';
export * from './contain/snapshot-lock';
export * from '../runbooks/close-security-group/runbook';
export * from '../runbooks/contain-administrator/runbook';
export * from '../runbooks/disable-access-key/runbook';
export * from '../runbooks/isolate-instance/runbook';
export * from '../runbooks/lock-bucket/runbook';
export * from '../runbooks/quarantine-function/runbook';
export * from '../runbooks/restore-logging/runbook';
export * from '../runbooks/revoke-role-sessions/runbook';
export * from '../runbooks/unshare-snapshot/runbook';

export * from './escalate/acknowledgement-endpoint';
export * from './escalate/business-hours';
export * from './escalate/escalation';
export * from './escalate/escalation-auditor';
export * from './escalate/escalation-chain';
export * from './escalate/escalation-host';
export * from './escalate/escalation-level';
export * from './escalate/nobody-answers';
export * from './escalate/recipient';
export * from './escalate/rotation';
export * from './escalate/stakeholder';
export * from './escalate/stakeholder-updates';

export * from './report/evidence-vault';
export * from './report/incident-dashboard';
export * from './report/publisher';
export * from './report/report-writer';
export * from './report/vault-area';

export * from './organization/organization-guard';

export * from './cost/cost-estimate';

export * from './firebreak-function';
