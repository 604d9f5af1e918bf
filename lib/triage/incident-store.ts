import { RemovalPolicy } from 'aws-cdk-lib';
import {
  AttributeType,
  BillingMode,
  ProjectionType,
  StreamViewType,
  Table,
  TableEncryption,
} from 'aws-cdk-lib/aws-dynamodb';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

/** Lists that the store keeps, by the name of their index. */
export enum StoreList {
  /** Incidents by status. */
  STATUS = 'status',
  /** Incidents with a hand-over that is not finished. */
  PENDING = 'pending',
  /** Containments whose execution should be running. */
  WORK = 'work',
}

/** How much of the store somebody may touch. */
export interface StoreAccess {
  /**
   * Patterns of partition keys, e.g. `INCIDENT#*`. IAM compares the key of each item, in transactions too.
   *
   * @default - every item
   */
  readonly partitions?: string[];
}

/**
 * The incident store: incidents, timelines, containments with their undo records, locks and tokens.
 *
 * One on-demand table; kept when the stack goes, because undo records are what releases a containment.
 */
export class IncidentStore extends Construct {
  /** The table; its stream carries new images. */
  public readonly table: Table;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.table = new Table(this, 'Table', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.DEFAULT,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
      stream: StreamViewType.NEW_IMAGE,
      timeToLiveAttribute: 'expiresAt',
    });
    for (const [indexName, partition, sort] of [
      [StoreList.STATUS, 'status', 'openedAt'],
      [StoreList.PENDING, 'pending', 'pendingSince'],
      [StoreList.WORK, 'work', 'startedAt'],
    ] as const) {
      this.table.addGlobalSecondaryIndex({
        indexName,
        partitionKey: { name: partition, type: AttributeType.STRING },
        sortKey: { name: sort, type: AttributeType.STRING },
        projectionType: ProjectionType.ALL,
      });
    }
  }

  /** Lets a stage read incidents and everything about them. */
  public grantRead(grantee: IGrantable, access: StoreAccess = {}): void {
    this.grant(grantee, ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'], access);
  }

  /** Lets a stage append to timelines and change what it is in charge of; nobody may delete. */
  public grantAppend(grantee: IGrantable, access: StoreAccess = {}): void {
    this.grantRead(grantee, access);
    this.grant(grantee, ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:ConditionCheckItem'], access);
  }

  /** Lets a stage read one of the lists. */
  public grantList(grantee: IGrantable, list: StoreList): void {
    Grant.addToPrincipal({
      grantee,
      actions: ['dynamodb:Query'],
      resourceArns: [`${this.table.tableArn}/index/${list}`],
    });
  }

  private grant(grantee: IGrantable, actions: string[], { partitions }: StoreAccess): void {
    Grant.addToPrincipal({
      grantee,
      actions,
      // The table alone: the CDK's own grants name every index, too.
      resourceArns: [this.table.tableArn],
      conditions: partitions && { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': partitions } },
    });
  }
}
