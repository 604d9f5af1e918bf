import type { IManagedPolicy } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { EvidenceVault } from '../report/evidence-vault';
import type { IncidentStore } from '../triage/incident-store';
import type { Brake } from './brake';
import type { GuardRails } from './guard-rails';
import type { SnapshotLock } from './snapshot-lock';

/** What a runbook needs of the stack that it is bound to. */
export interface RunbookHost {
  /** Where incidents, containments and undo records are. */
  readonly store: IncidentStore;
  readonly vault: EvidenceVault;
  readonly brake: Brake;
  readonly guardRails: GuardRails;
  /** Asks the guard rails. */
  readonly guardRailsFunction: IFunction;
  /** Writes down how an execution ended, and escalates. */
  readonly concludeFunction: IFunction;
  /** Denies everything to whom it is attached. */
  readonly quarantinePolicy: IManagedPolicy;
  /**
   * How snapshots are locked that are taken as evidence.
   *
   * @default - they are not
   */
  readonly snapshotLock?: SnapshotLock;
  /** Where all machines log: one group, because CloudWatch Logs lets few into one Region's policy for deliveries. */
  readonly machineLogs: ILogGroup;
  /** The most that a run may ever do: the permissions boundary of its role. */
  readonly runBoundary: IManagedPolicy;
}
