import { randomBytes } from 'node:crypto';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Incident } from '../../lib/model/incident';
import { newIncidentId } from '../../lib/model/ids';
import { createIncident } from '../../lambdas/shared/store/incidents';
import { makeTable, type Table } from '../../lambdas/shared/store/table';
import type { TestAws } from '../embedded/aws';
import { sampleIncident } from './sample-page';

/** A table of this test's own; pages and tokens need none of its indexes. */
export async function ownTable(aws: TestAws): Promise<Table> {
  const client = new DynamoDBClient(aws.client);
  const TableName = `escalate-${randomBytes(4).toString('hex')}`;
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
      ],
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    }),
  );
  return makeTable(client, TableName);
}

/** Opens an incident of its own. */
export async function openIncident(table: Table, change: Partial<Incident> = {}): Promise<Incident> {
  const id = newIncidentId(new Date());
  const opened = { stage: 'triage', kind: 'incident-opened', text: 'opened', by: 'triage' } as const;
  return createIncident(table, { ...sampleIncident(change), id }, [opened], [], new Date());
}

/** The table as a run sees it that dies at the first write that `dies` names. */
export function dyingTable(table: Table, dies: (command: string, input: unknown) => boolean): Table {
  const client = new Proxy(table.client, {
    get(target, property, receiver) {
      if (property !== 'send') return Reflect.get(target, property, receiver) as unknown;
      return (command: Parameters<typeof target.send>[0]) => {
        const { name } = command.constructor;
        if (dies(name, command.input)) return Promise.reject(new Error(`the run died before ${name}`));
        return target.send(command);
      };
    },
  });
  return { ...table, client };
}
