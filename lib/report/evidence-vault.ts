import { Duration, RemovalPolicy, Token } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, Grant, PolicyStatement, ServicePrincipal, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Key, type IKey } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type CfnBucket,
  type IBucket,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { explainWildcard } from '../explain-wildcard';
import { VaultArea } from './vault-area';

/** Days; S3 takes no less. */
const MIN_RETENTION_DAYS = 1;
/** Days; S3 takes no more than 100 years. */
const MAX_RETENTION_DAYS = 36_500;
const DEFAULT_RETENTION = Duration.days(30);
const KEEP_DRAFTS = Duration.days(90);
const KEEP_ACCESS_LOGS = Duration.days(365);
const LOCKED_AREAS = [VaultArea.EVIDENCE, VaultArea.UNDO, VaultArea.ANCHORS, VaultArea.REPORTS];

/** How evidence is kept. */
export interface EvidenceVaultProps {
  /**
   * How long each locked object cannot be changed or removed, from its writing on: whole days, 1 to 36,500. It is
   * a GOVERNANCE lock: who has `s3:BypassGovernanceRetention` can end it early. Nothing of Firebreak has.
   *
   * @default - 30 days
   */
  readonly retention?: Duration;
  /**
   * Encrypts what lies in the vault. Without the key the evidence is unreadable, so it must stay when the stack goes.
   *
   * @default - a new key with yearly rotation, retained when the stack goes
   */
  readonly encryptionKey?: IKey;
  /**
   * Where S3 writes who read and wrote the vault.
   *
   * @default - a new bucket, kept when the stack goes; logs are removed after 365 days
   */
  readonly accessLogsBucket?: IBucket;
}

/**
 * Where evidence, undo copies, anchors and final reports lie, unchangeable.
 *
 * Each object is locked by its writer, not by the bucket, because live drafts must stay changeable; a bucket policy
 * refuses to take anything into a locked area without a lock. Bucket, key and access logs stay when the stack goes.
 */
export class EvidenceVault extends Construct {
  public readonly bucket: Bucket;
  public readonly encryptionKey: IKey;
  /** How long a locked object stays as it is. */
  public readonly retention: Duration;
  /** What `lambdas/shared/vault` reads: goes into the environment of each function that writes or reads the vault. */
  public readonly environment: { [name: string]: string };
  /**
   * Where S3 writes who read and wrote the vault.
   *
   * @internal
   */
  public readonly _accessLogs: IBucket;

  constructor(scope: Construct, id: string, props: EvidenceVaultProps = {}) {
    super(scope, id);
    this.retention = validRetention(props.retention ?? DEFAULT_RETENTION);
    this.encryptionKey =
      props.encryptionKey ??
      new Key(this, 'Key', {
        description: 'Firebreak: encrypts the evidence vault',
        enableKeyRotation: true,
        removalPolicy: RemovalPolicy.RETAIN,
      });
    this.bucket = new Bucket(this, 'Bucket', {
      objectLockEnabled: true,
      versioned: true,
      encryption: BucketEncryption.KMS,
      encryptionKey: this.encryptionKey,
      bucketKeyEnabled: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: [
        {
          id: 'forget-drafts',
          prefix: `${VaultArea.DRAFTS}/`,
          expiration: KEEP_DRAFTS,
          // Every event of an incident overwrites its draft; yesterday's are of no use.
          noncurrentVersionExpiration: Duration.days(1),
        },
        { id: 'forget-broken-uploads', abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ],
    });
    this.refuseUnlocked();
    this._accessLogs = props.accessLogsBucket ?? this.newAccessLogsBucket();
    this.logAccess(this._accessLogs);
    // Deleting the stack must not open the bucket that it leaves behind.
    this.bucket.policy?.applyRemovalPolicy(RemovalPolicy.RETAIN);
    this.environment = {
      VAULT_BUCKET: this.bucket.bucketName,
      VAULT_RETENTION_DAYS: String(this.retention.toDays()),
    };
  }

  /** Lets a stage write locked objects into one area, and nothing else: it can neither read nor remove them. */
  public grantWriteLocked(grantee: IGrantable, area: VaultArea): Grant {
    if (!LOCKED_AREAS.includes(area)) {
      throw new Error(`area '${area}' of the evidence vault is not locked; use grantWriteDrafts() for it`);
    }
    this.encryptionKey.grant(grantee, 'kms:GenerateDataKey');
    return this.grant(grantee, ['s3:PutObject', 's3:PutObjectRetention'], area);
  }

  /** Lets a stage overwrite live drafts. */
  public grantWriteDrafts(grantee: IGrantable): Grant {
    this.encryptionKey.grant(grantee, 'kms:GenerateDataKey');
    return this.grant(grantee, ['s3:PutObject'], VaultArea.DRAFTS);
  }

  /** Lets somebody list and read one area, in all its versions. */
  public grantReadArea(grantee: IGrantable, area: VaultArea): Grant {
    this.encryptionKey.grant(grantee, 'kms:Decrypt');
    Grant.addToPrincipal({
      grantee,
      actions: ['s3:ListBucket', 's3:ListBucketVersions'],
      resourceArns: [this.bucket.bucketArn],
      conditions: { StringLike: { 's3:prefix': `${area}/*` } },
    });
    return this.grant(grantee, ['s3:GetObject', 's3:GetObjectVersion'], area);
  }

  private grant(grantee: IGrantable, actions: string[], area: VaultArea): Grant {
    const objects = this.bucket.arnForObjects(`${area}/*`);
    explainWildcard(grantee, objects, `All of the vault's area '${area}', and nothing else in it`);
    return Grant.addToPrincipal({ grantee, actions, resourceArns: [objects] });
  }

  /** What lies in a locked area without a lock could be changed by whoever can write there. */
  private refuseUnlocked(): void {
    this.bucket.addToResourcePolicy(
      new PolicyStatement({
        sid: 'RefuseUnlocked',
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: ['s3:PutObject'],
        resources: LOCKED_AREAS.map((area) => this.bucket.arnForObjects(`${area}/*`)),
        conditions: { Null: { 's3:object-lock-mode': 'true' } },
      }),
    );
  }

  private newAccessLogsBucket(): Bucket {
    const logs = new Bucket(this, 'AccessLogs', {
      // S3 cannot deliver access logs into a bucket that is encrypted with a customer key.
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: [{ id: 'forget-access-logs', expiration: KEEP_ACCESS_LOGS }],
    });
    // Who reads the vault after the stack is gone is written down, too.
    logs.policy?.applyRemovalPolicy(RemovalPolicy.RETAIN);
    return logs;
  }

  /**
   * Set by hand: the construct's own way uses an ACL or a bucket policy depending on a feature flag of the app, and
   * a library cannot know it.
   */
  private logAccess(logs: IBucket): void {
    const prefix = 'evidence-vault/';
    (this.bucket.node.defaultChild as CfnBucket).loggingConfiguration = {
      destinationBucketName: logs.bucketName,
      logFilePrefix: prefix,
    };
    logs.addToResourcePolicy(
      new PolicyStatement({
        sid: 'TakeAccessLogs',
        principals: [new ServicePrincipal('logging.s3.amazonaws.com')],
        actions: ['s3:PutObject'],
        resources: [logs.arnForObjects(`${prefix}*`)],
        conditions: {
          ArnLike: { 'aws:SourceArn': this.bucket.bucketArn },
          StringEquals: { 'aws:SourceAccount': this.bucket.env.account },
        },
      }),
    );
  }
}

function validRetention(retention: Duration): Duration {
  if (Token.isUnresolved(retention) || retention.isUnresolved()) return retention;
  const days = retention.toDays({ integral: false });
  if (!Number.isInteger(days) || days < MIN_RETENTION_DAYS || days > MAX_RETENTION_DAYS) {
    throw new Error(
      `'retention' of the evidence vault must be whole days from ${MIN_RETENTION_DAYS} to ${MAX_RETENTION_DAYS}, got ${retention.toString()} (${days} days)`,
    );
  }
  return retention;
}
