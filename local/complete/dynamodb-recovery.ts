import { DescribeContinuousBackupsCommand, UpdateContinuousBackupsCommand } from '@aws-sdk/client-dynamodb';
import { type AwsApi } from '../api';
import { type DeployedResource } from '../stack';
import { type Completion, only, tryOut } from './completion';

const TABLE = 'AWS::DynamoDB::Table';

async function isOn(api: AwsApi, table: DeployedResource): Promise<boolean> {
  const { ContinuousBackupsDescription: backups } = await api.tables.send(
    new DescribeContinuousBackupsCommand({ TableName: table.physicalId }),
  );
  return backups?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus === 'ENABLED';
}

export const dynamodbRecovery: Completion = {
  name: 'dynamodb-recovery',
  why: "CloudFormation drops a table's PointInTimeRecoverySpecification",

  needed: (api) =>
    tryOut(
      api,
      {
        Table: {
          Type: TABLE,
          Properties: {
            AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
            KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
            BillingMode: 'PAY_PER_REQUEST',
            PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
          },
        },
      },
      async (stack) => !(await isOn(api, only(stack, TABLE))),
    ),

  async complete(stack, api) {
    const done: string[] = [];
    for (const table of stack.ofType(TABLE)) {
      const wanted = table.properties.PointInTimeRecoverySpecification as
        { PointInTimeRecoveryEnabled?: boolean } | undefined;
      if (wanted?.PointInTimeRecoveryEnabled !== true || (await isOn(api, table))) continue;
      await api.tables.send(
        new UpdateContinuousBackupsCommand({
          TableName: table.physicalId,
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        }),
      );
      done.push(`${table.logicalId}: point-in-time recovery`);
    }
    return done;
  },
};
