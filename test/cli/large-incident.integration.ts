import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { IncidentView } from '../../lambdas/triage/query/show-incident';
import { answer } from '../../lambdas/triage/query/handler';
import { queryRequest } from '../../lambdas/triage/query/request';
import type { Table } from '../../lambdas/shared/store/table';
import { embeddedAws } from '../embedded/aws';
import { ownTable } from '../escalate/own-store';
import { putLargeIncident } from '../support/large-incident';
import { pointAwsAt, runCli } from './run-cli';
import { INCIDENT_ID } from './sample';
import { StubAws } from './stub-aws';

/** Enough for several answers: DynamoDB as the embedded AWS has it gives 1 MB at a time. */
const SIZE = { records: 3000, alerts: 60, merged: 2, mergedRecords: 1500, alertBytes: 50_000 };
/** Items of a batch (DynamoDB quotas). */
const BATCH = 25;

describe('an incident that is more than one answer, in a table', () => {
  const items: Record<string, unknown>[] = [];
  const { timeline } = putLargeIncident((item) => {
    items.push(item);
  }, SIZE);
  const answers: number[] = [];
  let table: Table;
  let aws: StubAws;

  beforeAll(async () => {
    table = await ownTable(embeddedAws());
    for (let from = 0; from < items.length; from += BATCH) {
      const some = items.slice(from, from + BATCH).map((Item) => ({ PutRequest: { Item } }));
      await table.client.send(new BatchWriteCommand({ RequestItems: { [table.name]: some } }));
    }
    aws = await StubAws.start();
    pointAwsAt(aws.endpoint);
    aws.outputs = { FirebreakQueryFunction: 'query', FirebreakVaultBucket: 'vault' };
    aws.functions.set('query', async (event) => {
      const said = await answer(table, queryRequest.parse(event));
      answers.push(Buffer.byteLength(JSON.stringify(said)));
      return said;
    });
  }, 120_000);
  afterAll(() => aws.stop());

  test('is read whole, in answers that Lambda gives, and verified', async () => {
    const shown = await runCli(['incident', 'show', INCIDENT_ID, '--json']);
    const verified = await runCli(['incident', 'verify', INCIDENT_ID, '--json']);

    const view = JSON.parse(shown.out) as IncidentView;
    expect(view.timeline).toEqual(timeline);
    expect(view.merged.map((one) => one.timeline.length)).toEqual([SIZE.mergedRecords, SIZE.mergedRecords]);
    expect(view.alerts.length).toBeGreaterThan(20);
    expect(view.alertsLeftOut).toBe(SIZE.alerts - view.alerts.length);
    expect(JSON.parse(verified.out)).toMatchObject({
      intact: true,
      merged: [{ intact: true }, { intact: true }],
    });
    expect(Math.max(...answers)).toBeLessThan(6_000_000);
    expect(answers.length).toBeGreaterThan(2);
  }, 120_000);
});
