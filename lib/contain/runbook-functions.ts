import { Duration, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { FirebreakFunction } from '../firebreak-function';
import type { Permission, RunbookFacts } from '../model/runbook-facts';
import { VaultArea } from '../report/vault-area';
import { TIMEOUTS } from './machines/timeouts';
import type { RunbookHost } from './runbook-host';
import { explainWildcards, grantPermissions } from './runbook-permissions';

/** The three functions of a runbook, each with a role that may do what its facts say. */
export class RunbookFunctions {
  public readonly evidence: FirebreakFunction;
  public readonly contain: FirebreakFunction;
  public readonly release: FirebreakFunction;

  constructor(scope: Construct, facts: RunbookFacts, host: RunbookHost) {
    const parameters = { quarantinePolicyArn: host.quarantinePolicy.managedPolicyArn };
    const make = (id: string, role: 'evidence' | 'contain' | 'release', what: string) => {
      const fn = new FirebreakFunction(scope, id, {
        bundle: `runbooks/${facts.id}/${role}`,
        description: `${facts.title}: ${what}`,
        timeout: Duration.seconds(TIMEOUTS[role]),
        environment: environment(scope, host, parameters),
      });
      host.store.grantAppend(fn);
      give(fn, facts.permissions[role], parameters, what);
      for (const denial of host.guardRails._denials(Stack.of(scope))) fn.addToRolePolicy(denial);
      return fn;
    };
    this.evidence = make('Evidence', 'evidence', 'plans and collects evidence');
    this.contain = make('Contain', 'contain', 'makes and reads back the changes');
    this.release = make('Release', 'release', 'gives back what was before');

    host.vault.grantWriteLocked(this.evidence, VaultArea.EVIDENCE);
    host.vault.grantReadArea(this.evidence, VaultArea.EVIDENCE);
    host.vault.grantWriteDrafts(this.evidence);
    host.vault.grantWriteLocked(this.contain, VaultArea.UNDO);
    host.brake.grantRead(this.contain);
    host.brake.grantRead(this.release);
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
    GUARD_RAILS: host.guardRails._settings(stack),
    RUNBOOK_PARAMETERS: stack.toJsonString(parameters),
  };
}

function give(
  fn: FirebreakFunction,
  permissions: readonly Permission[],
  parameters: Readonly<Record<string, string>>,
  what: string,
): void {
  grantPermissions(fn, permissions, parameters);
  explainWildcards(fn, permissions, `Which target this is for is known only when it happens; this role ${what}`);
}
