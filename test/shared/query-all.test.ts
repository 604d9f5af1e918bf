import { describe, expect, test } from '@jest/globals';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { queryAll } from '../../lambdas/shared/store/query-all';
import { FakeTable } from '../detect/fake-table';

/** Seven records, of which a page holds three. */
async function sevenInPages() {
  const fake = new FakeTable(undefined, 3);
  const table = { name: 'incidents', client: fake.client };
  for (let sk = 1; sk <= 7; sk++) {
    await table.client.send(new PutCommand({ TableName: table.name, Item: { pk: 'one', sk: String(sk) } }));
  }
  fake.calls = 0;
  const query = (most?: number, ScanIndexForward = true) =>
    queryAll(
      table,
      {
        KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
        ExpressionAttributeValues: { ':pk': 'one', ':from': '0', ':to': '9' },
        ScanIndexForward,
      },
      most,
    );
  const found = async (...ask: Parameters<typeof query>) => (await query(...ask)).map(({ sk }) => sk).join('');
  return { fake, found };
}

describe('a query of the store', () => {
  test('GIVEN more than a page THEN all of it is found, in order', async () => {
    const { fake, found } = await sevenInPages();
    expect(await found()).toBe('1234567');
    expect(fake.calls).toBe(3);
    expect(await found(undefined, false)).toBe('7654321');
  });

  test.each([
    [1, '1', 1],
    [3, '123', 1],
    [5, '12345', 2],
    [7, '1234567', 3],
    [100, '1234567', 3],
  ])('GIVEN that %i are wanted THEN no more are found, or asked for', async (most, expected, calls) => {
    const { fake, found } = await sevenInPages();
    expect(await found(most)).toBe(expected);
    expect(fake.calls).toBe(calls);
  });
});
