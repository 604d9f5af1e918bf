import { Duration, Stack } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { FirebreakFunction } from '../firebreak-function';
import { firebreakLogs, logsOfMachines } from '../firebreak-logs';
import type { EvidenceVault } from '../report/evidence-vault';
import type { Approval } from '../triage/approval';
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
import { SnapshotCopier } from './snapshot-copier';
import type { SnapshotLock } from './snapshot-lock';

/** Lambda takes 4 KB of environment in all, of which the guard rails may take 2,500 characters. */
const MAX_APPROVAL_CHARACTERS = 800;

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
  /**
   * How people are asked, where a response plan does not say it and where a runbook is over its limit.
   *
   * @default - nobody is asked: what is over a limit is refused
   */
  readonly approval?: Approval;
  /**
   * How snapshots are locked that are taken as evidence.
   *
   * @default - they are not: whoever may delete snapshots can delete them
   */
  readonly snapshotLock?: SnapshotLock;
  /**
   * A key, no alias, to which snapshots are copied that are taken as evidence.
   *
   * @default - they are not copied
   */
  readonly forensicKey?: IKey;
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
    const machineLogs = logsOfMachines(this, 'MachineLogs');
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
        snapshotLock: props.snapshotLock,
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
    const recorders = this.runbooks.map((runbook) => runbook._recorder).filter((recorder) => recorder !== undefined);
    const copier = props.forensicKey && this.copier(props, props.forensicKey, logGroup);
    this.deadLetterQueues = [
      auditor.deadLetterQueue,
      ...recorders.map(({ deadLetterQueue }) => deadLetterQueue),
      ...(copier ? [copier.deadLetterQueue] : []),
    ];
  }

  private copier(
    { store, vault, snapshotLock }: ContainmentStageProps,
    key: IKey,
    logGroup: ILogGroup,
  ): SnapshotCopier {
    return new SnapshotCopier(this, 'SnapshotCopier', {
      ...{ store, key, logGroup },
      retention: vault.retention,
      lock: snapshotLock,
    });
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
        ...approvalEnvironment(props.approval),
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

function approvalEnvironment(approval: Approval | undefined): Record<string, string> {
  const settings = approval?._settings;
  if (!settings) return {};
  const text = JSON.stringify(settings);
  if (text.length <= MAX_APPROVAL_CHARACTERS) return { APPROVAL: text };
  throw new Error(
    `'approval' takes ${text.length} characters, at most ${MAX_APPROVAL_CHARACTERS} fit; name fewer approvers, or several of their principals by one pattern with '*'`,
  );
}

function refuseTwins(runbooks: readonly ContainmentRunbook[]): void {
  const seen = new Set<string>();
  for (const { runbookId } of runbooks) {
    if (seen.has(runbookId))
      throw new Error(`runbook '${runbookId}' is given twice; one is enough for every response plan`);
    seen.add(runbookId);
  }
}
