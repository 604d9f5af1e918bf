import { Aws, Duration } from 'aws-cdk-lib';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { DeadLetterQueue } from '../dead-letter-queue';
import { FirebreakFunction } from '../firebreak-function';
import type { Permission } from '../model/runbook-facts';
import type { IncidentStore } from '../triage/incident-store';
import { checkForensicKey } from './forensic-key';
import { grantPermissions } from './runbook-permissions';
import type { SnapshotLock } from './snapshot-lock';

const EVERY = Duration.minutes(15);
const TIMEOUT = Duration.minutes(3);
const SNAPSHOTS = 'arn:{partition}:ec2:{region}::snapshot/*';

/** Which snapshots are copied, and to what. */
export interface SnapshotCopierProps {
  readonly store: IncidentStore;
  /** Encrypts the copies; no alias. Best a key of another account, that nobody in this one can use otherwise. */
  readonly key: IKey;
  /** How long copies are kept, where the lock does not say it. */
  readonly retention: Duration;
  /**
   * How the copies are locked.
   *
   * @default - they are not
   */
  readonly lock?: SnapshotLock;
  /**
   * Where it logs.
   *
   * @default - a log group of its own
   */
  readonly logGroup?: ILogGroup;
}

/**
 * Copies the snapshots that were taken as evidence to a forensic key. By the clock, because EBS copies only what is complete,
 * which takes minutes or hours; what could not be copied ends in the dead-letter queue, and so somebody is told.
 */
export class SnapshotCopier extends Construct {
  public readonly handler: FirebreakFunction;
  public readonly deadLetterQueue: Queue;

  constructor(scope: Construct, id: string, props: SnapshotCopierProps) {
    super(scope, id);
    checkForensicKey(props.key);
    this.deadLetterQueue = new DeadLetterQueue(this, 'DeadLetterQueue');
    const lock = props.lock?._parameter(props.retention);
    this.handler = new FirebreakFunction(this, 'Function', {
      bundle: 'contain/copy-snapshots',
      description: 'Copies snapshots that are evidence to the forensic key',
      timeout: TIMEOUT,
      environment: {
        INCIDENT_TABLE: props.store.table.tableName,
        FORENSIC_KEY_ARN: props.key.keyArn,
        ...(lock !== undefined && { SNAPSHOT_LOCK: lock }),
      },
      deadLetterQueue: this.deadLetterQueue,
      logGroup: props.logGroup,
    });
    props.store.grantAppend(this.handler);
    grantPermissions(
      this.handler,
      permissions(props.key.keyArn),
      { partition: Aws.PARTITION, ...(lock !== undefined && { snapshotLock: lock }) },
      'Which snapshots there will be is known only when they are taken',
    );
    new Rule(this, 'Every', {
      description: 'Firebreak: looks for snapshots to be copied',
      schedule: Schedule.rate(EVERY),
      targets: [
        new LambdaFunction(this.handler, {
          deadLetterQueue: this.deadLetterQueue,
          event: RuleTargetInput.fromObject({ source: 'firebreak.schedule' }),
        }),
      ],
    });
  }
}

function permissions(forensicKey: string): Permission[] {
  const viaEc2 = { StringLike: { 'kms:ViaService': 'ec2.*.amazonaws.com*' } };
  const forEbs = { ...viaEc2, Bool: { 'kms:GrantIsForAWSResource': 'true' } };
  const ownKeys = 'arn:{partition}:kms:{region}:{account}:key/*';
  return [
    { actions: ['ec2:DescribeSnapshots'], resources: ['*'], why: 'DescribeSnapshots knows no resource' },
    {
      // Asked about for what is copied, and for the copy.
      actions: ['ec2:CopySnapshot'],
      resources: [SNAPSHOTS],
      conditions: { StringLike: { 'aws:ResourceTag/firebreak:containment': 'con-*' } },
    },
    {
      actions: ['ec2:CopySnapshot'],
      resources: [SNAPSHOTS],
      conditions: { StringLike: { 'aws:RequestTag/firebreak:copy-of': 'snap-*' } },
    },
    {
      actions: ['ec2:CreateTags'],
      resources: [SNAPSHOTS],
      conditions: { StringEquals: { 'ec2:CreateAction': 'CopySnapshot' } },
    },
    {
      actions: ['ec2:LockSnapshot'],
      resources: [SNAPSHOTS],
      conditions: { StringLike: { 'aws:ResourceTag/firebreak:copy-of': 'snap-*' } },
      given: 'snapshotLock',
    },
    {
      actions: ['ec2:DescribeLockedSnapshots'],
      resources: ['*'],
      why: 'DescribeLockedSnapshots knows no resource',
      given: 'snapshotLock',
    },
    {
      actions: [
        'kms:Decrypt',
        'kms:DescribeKey',
        'kms:GenerateDataKeyWithoutPlaintext',
        'kms:ReEncryptFrom',
        'kms:ReEncryptTo',
      ],
      resources: [forensicKey],
      conditions: viaEc2,
    },
    { actions: ['kms:CreateGrant'], resources: [forensicKey], conditions: forEbs },
    // The key of the volume that the snapshot is of.
    { actions: ['kms:Decrypt', 'kms:DescribeKey', 'kms:ReEncryptFrom'], resources: [ownKeys], conditions: viaEc2 },
    { actions: ['kms:CreateGrant'], resources: [ownKeys], conditions: forEbs },
  ];
}
