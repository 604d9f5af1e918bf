import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { CorrelationType, Program } from '../sigma/compiled-rules';

/** A table keeps hashed values and counts them; an average of what it did not keep would be wrong without saying so. */
const REFUSED: readonly CorrelationType[] = ['value_avg', 'value_percentile'];

/**
 * Where a detector keeps the events that correlations count, until their time is over.
 *
 * On demand, and gone with the stack: what it holds is younger than the longest timespan and a day, and the alerts
 * made of it are elsewhere.
 *
 * @internal
 */
export class CorrelationTable extends Construct {
  public readonly table: Table;

  /** @throws Error for correlations that only `firebreak hunt` can do */
  constructor(scope: Construct, id: string, program: Program) {
    super(scope, id);
    const refused = (program.correlations ?? []).filter(({ type }) => REFUSED.includes(type));
    if (refused.length > 0) {
      const named = refused.map(({ title, id: rule, type }) => `  '${title}' (${rule}): ${type}`);
      throw new Error(
        `${REFUSED.join(' and ')} correlations do not run in a deployed detector: past its bound a group is no longer ` +
          'kept, and an average or percentile of a part says nothing. Run them with `firebreak hunt`, or write them ' +
          `as value_sum or event_count:\n${named.join('\n')}`,
      );
    }
    this.table = new Table(this, 'Table', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.DEFAULT,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      timeToLiveAttribute: 'expiresAt',
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }

  /** Lets the detector keep and read entries. */
  public grantUse(grantee: IGrantable): void {
    this.table.grant(
      grantee,
      'dynamodb:PutItem',
      'dynamodb:BatchWriteItem',
      'dynamodb:UpdateItem',
      'dynamodb:Query',
      // Only its own entry, where a group has reached its bound.
      'dynamodb:DeleteItem',
    );
  }
}
