import { Duration, Stack } from 'aws-cdk-lib';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { FirebreakFunction } from '../firebreak-function';
import { firebreakLogs } from '../firebreak-logs';
import type { EvidenceVault } from '../report/evidence-vault';
import type { IncidentStore } from '../triage/incident-store';
import { ContainmentAuditor } from './containment-auditor';
import { Brake } from './brake';
import type { ContainmentRunbook } from './containment-runbook';
import { GuardRails } from './guard-rails';
import { TIMEOUTS } from './machines/timeouts';
import { ownResources } from './own-resources';
import { QuarantinePolicy } from './quarantine-policy';
import { RunBoundary } from './run-boundary';
import { grantPermissions } from './runbook-permissions';

/** What the contain stage needs of the others. */
export interface ContainmentStageProps {
  readonly store: IncidentStore;
  readonly vault: EvidenceVault;
  readonly runbooks: ContainmentRunbook[];
  /**
   * What may never be contained, and how much at once.
   *
   * @default - nothing beyond what is always protected; 5 targets a runbook and hour
   */
  readonly guardRails?: GuardRails;
}

/**
 * The contain stage: brake, guard rails, the runbooks, and an auditor that notices an execution that ended without
 * saying so.
 */
export class ContainmentStage extends Construct {
  public readonly brake: Brake;
  public readonly guardRails: GuardRails;
  public readonly runbooks: ContainmentRunbook[];
  public readonly quarantinePolicy: QuarantinePolicy;
  /**
   * Functions that page people anew. Each needs `ESCALATION_MACHINES` in its environment, and the right to start
   * and look up executions of the chains.
   */
  public readonly escalatingFunctions: FirebreakFunction[];
  /** Where events about ended executions wait that could not be dealt with. */
  public readonly deadLetterQueues: Queue[];

  constructor(scope: Construct, id: string, props: ContainmentStageProps) {
    super(scope, id);
    this.runbooks = [...props.runbooks];
    refuseTwins(this.runbooks);
    this.brake = new Brake(this, 'Brake');
    this.guardRails = props.guardRails ?? new GuardRails();
    this.quarantinePolicy = new QuarantinePolicy(this, 'Quarantine');

    const runBoundary = new RunBoundary(this, 'RunBoundary', {
      runbooks: this.runbooks.map((runbook) => runbook._facts()),
      own: ownResources(Stack.of(this), { store: props.store, vault: props.vault, brake: this.brake }),
    });
    const logGroup = firebreakLogs(this, 'Logs');
    const machineLogs = firebreakLogs(this, 'MachineLogs');
    const guardRails = this.guardRailsFunction(props, logGroup);
    const conclude = new FirebreakFunction(this, 'Conclude', {
      bundle: 'contain/conclude',
      description: 'Writes down how a containment ended, and escalates where it failed',
      timeout: Duration.seconds(TIMEOUTS.conclude),
      logGroup,
      environment: { INCIDENT_TABLE: props.store.table.tableName },
    });
    props.store.grantAppend(conclude);

    for (const runbook of this.runbooks) {
      runbook.bind({
        store: props.store,
        vault: props.vault,
        brake: this.brake,
        guardRails: this.guardRails,
        guardRailsFunction: guardRails,
        concludeFunction: conclude,
        quarantinePolicy: this.quarantinePolicy.policy,
        machineLogs,
        runBoundary: runBoundary.policy,
      });
    }
    const auditor = new ContainmentAuditor(this, 'Auditor', {
      store: props.store,
      runbooks: this.runbooks,
      logGroup,
    });
    this.escalatingFunctions = [guardRails, conclude, auditor.handler];
    this.deadLetterQueues = [auditor.deadLetterQueue];
  }

  private guardRailsFunction(props: ContainmentStageProps, logGroup: ILogGroup): FirebreakFunction {
    const fn = new FirebreakFunction(this, 'GuardRails', {
      bundle: 'contain/guard-rails',
      description: 'Says whether something may be contained',
      timeout: Duration.seconds(TIMEOUTS.guardRails),
      logGroup,
      environment: {
        INCIDENT_TABLE: props.store.table.tableName,
        BRAKE_PARAMETER: this.brake.parameterName,
        GUARD_RAILS: this.guardRails._settings(Stack.of(this), props.vault),
      },
    });
    props.store.grantAppend(fn);
    this.brake.grantRead(fn);
    // What a target would take with it: for an instance its networks and its role.
    const lookUps = this.runbooks.flatMap((runbook) => runbook._facts().permissions.guardRails);
    grantPermissions(fn, lookUps, {}, 'Which target is asked about is known only when it happens; this only reads');
    return fn;
  }
}

function refuseTwins(runbooks: readonly ContainmentRunbook[]): void {
  const seen = new Set<string>();
  for (const { runbookId } of runbooks) {
    if (seen.has(runbookId))
      throw new Error(`runbook '${runbookId}' is given twice; one is enough for every response plan`);
    seen.add(runbookId);
  }
}
