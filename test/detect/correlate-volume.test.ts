import { describe, expect, test } from '@jest/globals';
import { DynamoDbCorrelationState } from '../../lambdas/detect/correlation-state/dynamodb';
import { correlate } from '../../lambdas/detect/detector/correlate';
import { decode } from '../../lambdas/detect/detector/decode';
import { detect } from '../../lambdas/detect/detector/detect';
import { Correlator, Matcher } from '../../lib/sigma';
import { correlation, named, programOf } from '../sigma/correlation/documents';
import { FakeTable } from './fake-table';
import { CONTEXT, RECEIVED } from './finding';
import { delivery, HOME } from './records';

/** Half of the most that one delivery of a subscription filter holds. */
const LINES = 5_000;
const context = { now: RECEIVED, homeAccount: HOME };
const program = programOf(
  named('a'),
  correlation('type: event_count\nrules: [a]\ngroup-by: [from]\ntimespan: 10m\ncondition: {gte: 30}'),
);
const lines = (from: (index: number) => string): string[] =>
  Array.from({ length: LINES }, (_, index) => JSON.stringify({ kind: 'a', from: from(index) }));

/** What a delivery costs a table: the calls, and the alerts that came of them. */
async function lookAt(table: FakeTable, texts: readonly string[]) {
  const before = table.calls;
  const correlator = new Correlator(program, new DynamoDbCorrelationState(table.client, 'table'));
  const { observed } = detect(decode(delivery([...texts]), CONTEXT), new Matcher(program), context, (id) =>
    correlator.uses(id),
  );
  expect(observed).toHaveLength(texts.length);
  const alerts = await correlate(observed, correlator, context);
  return { calls: table.calls - before, ids: alerts.map(({ finding_info }) => finding_info.uid) };
}

describe('a delivery of thousands of counted lines', () => {
  test('about one pair of addresses costs some dozen calls, and made again hardly any', async () => {
    const table = new FakeTable();
    const first = await lookAt(
      table,
      lines(() => 'one'),
    );
    const again = await lookAt(
      table,
      lines(() => 'one'),
    );

    expect(first.ids).toHaveLength(1);
    expect(again.ids).toEqual(first.ids);
    expect(first.calls).toBeLessThanOrEqual(60);
    expect(again.calls).toBeLessThanOrEqual(5);
  }, 60_000);

  test('about as many pairs costs little more than two calls for each', async () => {
    const { calls, ids } = await lookAt(
      new FakeTable(),
      lines((index) => `address ${index}`),
    );

    expect(ids).toEqual([]);
    expect(calls).toBeLessThanOrEqual(2.3 * LINES);
  }, 60_000);
});
