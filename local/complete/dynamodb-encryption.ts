import { DescribeTableCommand, UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { type AwsApi } from '../api';
import { type DeployedResource } from '../stack';
import { type Completion, only, tryOut } from './completion';

const TABLE = 'AWS::DynamoDB::Table';

interface Encryption {
  readonly SSEEnabled?: boolean;
  readonly SSEType?: 'KMS';
  readonly KMSMasterKeyId?: string;
}

async function isOn(api: AwsApi, table: DeployedResource): Promise<boolean> {
  const { Table } = await api.tables.send(new DescribeTableCommand({ TableName: table.physicalId }));
  return Table?.SSEDescription?.Status === 'ENABLED';
}

export const dynamodbEncryption: Completion = {
  name: 'dynamodb-encryption',
  why: "CloudFormation drops a table's SSESpecification",

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
            SSESpecification: { SSEEnabled: true },
          },
        },
      },
      async (stack) => !(await isOn(api, only(stack, TABLE))),
    ),

  async complete(stack, api) {
    const done: string[] = [];
    for (const table of stack.ofType(TABLE)) {
      const wanted = table.properties.SSESpecification as Encryption | undefined;
      if (wanted?.SSEEnabled !== true || (await isOn(api, table))) continue;
      const { SSEType, KMSMasterKeyId } = wanted;
      const SSESpecification = { Enabled: true, SSEType, KMSMasterKeyId };
      await api.tables.send(new UpdateTableCommand({ TableName: table.physicalId, SSESpecification }));
      done.push(`${table.logicalId}: encryption`);
    }
    return done;
  },
};
