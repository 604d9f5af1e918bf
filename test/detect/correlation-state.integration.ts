import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { CreateTableCommand, DeleteTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { DynamoDbCorrelationState } from '../../lambdas/detect/correlation-state/dynamodb';
import { embeddedAws } from '../embedded/aws';
import { oracle } from '../sigma/correlation/oracle';
import { keysOf, run, runTogether } from '../sigma/correlation/run';
import { aProgram, aStream } from '../sigma/correlation/streams';

const aws = embeddedAws();
const client = new DynamoDBClient(aws.client);
const documents = DynamoDBDocumentClient.from(client);
const TableName = 'correlation-state-test';

beforeAll(async () => {
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
});
afterAll(() => client.send(new DeleteTableCommand({ TableName })));

test('several detectors on one table raise what looking at everything at once would', async () => {
  let round = 0;
  await fc.assert(
    fc.asyncProperty(aProgram, aStream, fc.boolean(), async (program, stream, isTogether) => {
      round++;
      // Ids of its own keep the rounds apart in one table.
      const prefixed = {
        ...program,
        correlations: (program.correlations ?? []).map((one) => ({
          ...one,
          id: `${one.id}-${round}`,
          rules: one.rules.map((rule) =>
            (program.correlations ?? []).some(({ id }) => id === rule) ? `${rule}-${round}` : rule,
          ),
        })),
      };
      const found = await Promise.all(
        [0, 1].map((number) => {
          const state = new DynamoDbCorrelationState(documents, TableName);
          const own = stream.filter((_, index) => index % 2 === number);
          return isTogether ? runTogether(prefixed, state, own, 10) : run(prefixed, state, own);
        }),
      );
      expect(keysOf(found.flat())).toEqual(oracle(prefixed, stream));
    }),
    { numRuns: 40 },
  );
}, 120_000);

test.each([['one'], ['several']])('numbers that somebody logged are kept, whatever they are: %s', async (how) => {
  const state = new DynamoDbCorrelationState(documents, TableName);
  const where = { correlation: 'sum', group: `numbers-${how}`, timespan: 60_000 };
  const values = [1732200000123456789, 1e300, -0.1];
  const entry = (id: string) => ({ id, time: 1_000, rule: 0, event: id, values });

  await state.add(where, how === 'one' ? [entry('a')] : [entry('a'), entry('b')]);
  const { entries } = await state.add(where, [entry('c')]);

  expect(entries.map(({ values: kept }) => kept)).toEqual(entries.map(() => values));
  expect(entries).toHaveLength(how === 'one' ? 2 : 3);
});
