import { DescribeTimeToLiveCommand, UpdateTimeToLiveCommand } from '@aws-sdk/client-dynamodb';
import { type AwsApi } from '../api';
import { type DeployedResource } from '../stack';
import { type Completion, only, tryOut } from './completion';

const TABLE = 'AWS::DynamoDB::Table';

interface Ttl {
  readonly AttributeName?: string;
  readonly Enabled?: boolean;
}

async function isOn(api: AwsApi, table: DeployedResource): Promise<boolean> {
  const { TimeToLiveDescription } = await api.tables.send(
    new DescribeTimeToLiveCommand({ TableName: table.physicalId }),
  );
  return TimeToLiveDescription?.TimeToLiveStatus === 'ENABLED';
}

export const dynamodbTtl: Completion = {
  name: 'dynamodb-ttl',
  why: "CloudFormation drops a table's TimeToLiveSpecification",

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
            TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
          },
        },
      },
      async (stack) => !(await isOn(api, only(stack, TABLE))),
    ),

  async complete(stack, api) {
    const done: string[] = [];
    for (const table of stack.ofType(TABLE)) {
      const ttl = table.properties.TimeToLiveSpecification as Ttl | undefined;
      if (ttl?.AttributeName === undefined || ttl.Enabled !== true || (await isOn(api, table))) continue;
      const TimeToLiveSpecification = { AttributeName: ttl.AttributeName, Enabled: true };
      await api.tables.send(new UpdateTimeToLiveCommand({ TableName: table.physicalId, TimeToLiveSpecification }));
      done.push(`${table.logicalId}: items expire by '${ttl.AttributeName}'`);
    }
    return done;
  },
};
