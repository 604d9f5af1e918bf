import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { anchorKey, anchorOf } from '../../lib/model/timeline-anchor';
import { answer, handler } from '../../lambdas/triage/query/handler';
import { queryRequest } from '../../lambdas/triage/query/request';
import type { IncidentView } from '../../lambdas/triage/query/show-incident';
import { MemoryTable } from '../support/memory-table';
import { LARGE, putLargeIncident } from '../support/large-incident';
import { pointAwsAt, runCli } from './run-cli';
import { INCIDENT_ID } from './sample';
import { StubAws } from './stub-aws';

/** What a Lambda may answer with (Lambda quotas), and how Lambda refuses more. */
const MOST = 6_291_556;
const REFUSAL = `Response payload size exceeded maximum allowed payload size (${MOST} bytes).`;

const table = new MemoryTable();
const { timeline } = putLargeIncident((item) => {
  table.put(item);
});
let aws: StubAws;
/** What each answer of the function weighed. */
let answers: number[];

beforeAll(async () => {
  aws = await StubAws.start();
  pointAwsAt(aws.endpoint);
});
afterAll(() => aws.stop());
beforeEach(() => {
  aws.outputs = { FirebreakQueryFunction: 'query', FirebreakVaultBucket: 'vault' };
  aws.objects.clear();
  for (const record of timeline.filter(({ sequence }) => sequence % 500 === 0)) {
    aws.objects.set(anchorKey(INCIDENT_ID, record.sequence), JSON.stringify(anchorOf(record)));
  }
  answers = [];
  table.heaviest = 0;
  aws.functions.set('query', async (event) => {
    const request = queryRequest.safeParse(event);
    if (!request.success) return handler(event);
    const said = request.data.op === 'suppressed' ? { ok: true, value: [] } : await answer(table, request.data);
    const bytes = Buffer.byteLength(JSON.stringify(said));
    answers.push(bytes);
    return bytes > MOST ? new Error(REFUSAL) : said;
  });
});

describe(`an incident of ${LARGE.records} records, ${LARGE.alerts} alerts of 50 KB and ${LARGE.merged} others that were merged into it`, () => {
  test('is shown whole, in answers that Lambda gives, and says which alerts it leaves out', async () => {
    const { code, out, err } = await runCli(['incident', 'show', INCIDENT_ID, '--json']);

    expect({ code, err }).toEqual({ code: 0, err: '' });
    const view = JSON.parse(out) as IncidentView & { next?: string };
    expect(view.timeline).toEqual(timeline);
    expect(view.merged.map((one) => one.timeline.length)).toEqual(
      view.merged.map((one) => one.incident.timelineLength),
    );
    expect(view.merged).toHaveLength(LARGE.merged);
    expect(view.next).toBeUndefined();
    expect(Buffer.byteLength(JSON.stringify(view.alerts))).toBeLessThan(1_600_000);
    expect(view.alerts.length + (view.alertsLeftOut ?? 0)).toBe(LARGE.alerts);
    expect(answers.length).toBeGreaterThan(2);
    expect(Math.max(...answers)).toBeLessThan(6_000_000);
    // Of the 100 MB of alerts nothing is read but what is shown.
    expect(table.heaviest).toBeLessThan(1_100_000);
  }, 60_000);

  test('says so to people, too', async () => {
    const { code, out } = await runCli(['incident', 'show', INCIDENT_ID]);

    expect(code).toBe(0);
    expect(out).toMatch(
      /--json has \d\d of 2000 in full, the first of each rule and the newest; the incident store has/,
    );
  }, 60_000);

  test('is verified whole', async () => {
    const { code, out, err } = await runCli(['incident', 'verify', INCIDENT_ID, '--json']);

    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(JSON.parse(out)).toMatchObject({ intact: true, records: LARGE.records, anchors: LARGE.records / 500 });
  }, 60_000);

  test('is not intact where one record in the middle of a page is another', async () => {
    const [key, item] = [...table.items].find(([, { sk }]) => sk === 'TL#00002345') ?? [];
    expect(key).toBeDefined();
    if (key === undefined || !item) return;
    table.items.set(key, { ...item, text: item.text.replace('"sequence":2345', '"sequence":4999') });
    try {
      const { code, out } = await runCli(['incident', 'verify', INCIDENT_ID, '--json']);

      expect(code).toBe(1);
      expect(JSON.parse(out)).toMatchObject({ intact: false, problem: 'record 2345 is missing; found 4999' });
    } finally {
      table.items.set(key, item);
    }
  }, 60_000);

  test.each(['--markdown', '--html', '--json'])(
    'has a report as %s',
    async (form) => {
      const { code, out, err } = await runCli(['incident', 'report', INCIDENT_ID, form]);

      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(out).toContain(INCIDENT_ID);
    },
    60_000,
  );
});

describe('command line and stack of different versions', () => {
  test('an older command line is told that it sees no part of it for the whole', async () => {
    const said = await answer(table, { op: 'show', incidentId: INCIDENT_ID });

    expect(said).toEqual({
      ok: false,
      problem: `incident '${INCIDENT_ID}' is too large for one answer: a newer command line reads it in pages; its draft report lies in the vault, drafts/${INCIDENT_ID}/report.md`,
    });
  }, 60_000);

  test('an older stack is asked as it understands it, and where Lambda refuses, the draft is named', async () => {
    const asked: unknown[] = [];
    aws.functions.set('query', (event) => {
      asked.push(event);
      return event['from'] === undefined
        ? new Error(REFUSAL)
        : { ok: false, problem: 'this request is not understood: Unrecognized key: "from"' };
    });

    const { code, err } = await runCli(['incident', 'show', INCIDENT_ID]);

    expect(code).toBe(1);
    expect(asked).toEqual([
      { op: 'show', incidentId: INCIDENT_ID, from: 'start' },
      { op: 'show', incidentId: INCIDENT_ID },
    ]);
    expect(err).toContain(REFUSAL);
    expect(err).toContain(`aws s3 cp s3://vault/drafts/${INCIDENT_ID}/report.md -`);
  });
});
