import { Aws, Duration, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { FirebreakFunction } from '../firebreak-function';
import { firebreakLogs } from '../firebreak-logs';
import type { Permission, RunbookFacts } from '../model/runbook-facts';
import { VaultArea } from '../report/vault-area';
import { TIMEOUTS } from './machines/timeouts';
import type { RunbookHost } from './runbook-host';
import { RunRole } from './run-role';
import { grantPermissions } from './runbook-permissions';

/**
 * The three functions of a runbook. By themselves they only read, and write what they find into store and vault; what
 * contain and release change, they change with credentials of one run.
 */
export class RunbookFunctions {
  public readonly evidence: FirebreakFunction;
  public readonly contain: FirebreakFunction;
  public readonly release: FirebreakFunction;

  constructor(scope: Construct, facts: RunbookFacts, host: RunbookHost) {
    const stack = Stack.of(scope);
    const parameters = {
      partition: Aws.PARTITION,
      quarantinePolicyArn: host.quarantinePolicy.managedPolicyArn,
      ...(host.snapshotLock && { snapshotLock: host.snapshotLock._parameter(host.vault.retention) }),
    };
    const logs = firebreakLogs(scope, 'Logs');
    const { read, evidence } = facts.permissions;
    const make = (id: string, role: 'evidence' | 'contain' | 'release', what: string, may: readonly Permission[]) => {
      const fn = new FirebreakFunction(scope, id, {
        bundle: `runbooks/${facts.id}/actions`,
        handler: role,
        description: `${facts.title}: ${what}`,
        timeout: Duration.seconds(TIMEOUTS[role]),
        environment: environment(scope, host, parameters),
        logGroup: logs,
      });
      host.store.grantAppend(fn);
      grantPermissions(
        fn,
        may,
        parameters,
        `Which target this is for is known only when it happens; this role ${what}`,
      );
      return fn;
    };
    this.evidence = make('Evidence', 'evidence', 'plans and collects evidence', [...read, ...evidence]);
    this.contain = make('Contain', 'contain', 'makes and reads back the changes', read);
    this.release = make('Release', 'release', 'gives back what was before', read);
    // Snapshots are made with it: what is protected is not even copied.
    for (const denial of host.guardRails._denials(stack)) this.evidence.addToRolePolicy(denial);

    host.vault.grantWriteLocked(this.evidence, VaultArea.EVIDENCE);
    host.vault.grantReadArea(this.evidence, VaultArea.EVIDENCE);
    host.vault.grantWriteDrafts(this.evidence);
    host.vault.grantWriteLocked(this.contain, VaultArea.UNDO);
    if (facts.recording) {
      for (const fn of [this.evidence, this.contain, this.release]) host.vault.grantReadArea(fn, VaultArea.BASELINES);
    }
    host.brake.grantRead(this.contain);
    host.brake.grantRead(this.release);
    for (const step of ['contain', 'release'] as const) {
      new RunRole(scope, step === 'contain' ? 'ContainRun' : 'ReleaseRun', {
        facts,
        step,
        parameters,
        assumedBy: this[step],
        guardRails: host.guardRails,
        boundary: host.runBoundary,
      });
    }
  }
}

function environment(
  scope: Construct,
  host: RunbookHost,
  parameters: Readonly<Record<string, string>>,
): Record<string, string> {
  const stack = Stack.of(scope);
  return {
    INCIDENT_TABLE: host.store.table.tableName,
    ...host.vault.environment,
    BRAKE_PARAMETER: host.brake.parameterName,
    GUARD_RAILS: host.guardRails._settings(stack, host.vault),
    RUNBOOK_PARAMETERS: stack.toJsonString(parameters),
  };
}
