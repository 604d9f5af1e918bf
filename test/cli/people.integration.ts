import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { StatsAnswer } from '../../lambdas/triage/query/stats';
import type { Report } from '../../lambdas/report/writer/report';
import { changeIncident, createIncident, getIncident } from '../../lambdas/shared/store/incidents';
import { readTimeline } from '../../lambdas/shared/store/timelines';
import { mergeIncidents } from '../../lambdas/triage/triage/merge-incidents';
import { newIncidentId } from '../../lib/model/ids';
import type { Incident } from '../../lib/model/incident';
import { eventually } from '../embedded/aws';
import { TEST_STACK } from '../embedded/deploy-firebreak';
import { deployedFirebreak } from '../embedded/firebreak';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { runCli } from './run-cli';

jest.setTimeout(60_000);

describe('people and the deployed stack, by the command line', () => {
  const firebreak = deployedFirebreak();
  const { aws, table } = firebreak;
  const s3 = new S3Client({ ...aws.client, forcePathStyle: true });
  beforeAll(() => void Object.assign(process.env, aws.env));

  /** A command, and what it said as JSON. */
  async function ask<T>(...line: string[]): Promise<T> {
    const { code, out, err } = await runCli([...line, '--stack', TEST_STACK, '--json'], { env: process.env });
    if (code !== 0) throw new Error(`${line.join(' ')}: ${err}${out}`);
    return JSON.parse(out) as T;
  }

  /** An incident of a rule of its own, two seconds after its first event, that no stage touches. */
  async function open(rule: string, more: Partial<Incident> = {}): Promise<Incident> {
    const now = new Date();
    const at = now.toISOString();
    const firstEventAt = new Date(now.getTime() - 2000).toISOString();
    return createIncident(
      table,
      {
        schemaVersion: 1,
        id: newIncidentId(now),
        status: 'open',
        title: 'Commands of people under test',
        severity: 'SEV3',
        account: '000000000000',
        region: aws.region,
        openedAt: at,
        firstEventAt,
        lastAlertAt: at,
        alertCount: 1,
        rules: [rule],
        repeats: { [rule]: 3 },
        entities: [],
        chain: 'none',
        handOvers: {},
        ...more,
      },
      [
        { stage: 'triage', kind: 'incident-opened', text: 'SEV3: x', by: 'triage', details: { severity: 'SEV3' } },
        {
          stage: 'detect',
          kind: 'alert-raised',
          text: `an alert of ${rule}`,
          by: rule,
          details: { title: 'x', eventAt: firstEventAt, receivedAt: at, raisedAt: at, level: 'medium' },
        },
      ],
      [],
      now,
    );
  }

  const statsOf = async (rule: string) => {
    const stats = await ask<StatsAnswer>('incident', 'stats', '--days', '1');
    return { stats, row: stats.rules.find((one) => one.rule === rule) };
  };

  test('a moment is on the timeline, moves the clocks, and the last word counts; recovery ends the time to recover', async () => {
    const { id, openedAt } = await open(`rule-${randomUUID()}`, { severity: 'SEV1', data: ['personal'] });
    const aware = new Date(Date.parse(openedAt) + 1).toISOString();
    const moment = (which: string, at: string) =>
      ask('incident', 'moment', id, which, '--at', at, '--by', 'Ada', '--reason', 'she said so');
    await moment('awareness', openedAt);
    await moment('awareness', aware);
    await moment('materiality', aware);
    await moment('recovery', aware);

    const report = await ask<Report>('incident', 'report', id);
    const gdpr = report.clocks.find((clock) => clock.id === 'gdpr');
    expect(gdpr?.steps[0]?.dueAt).toBe(new Date(Date.parse(aware) + 72 * 3_600_000).toISOString());
    expect(report.clocks.find((clock) => clock.id === 'sec')?.steps[0]?.dueAt).toBeDefined();
    expect(report.moments.map(({ moment: which, at }) => [which, at])).toEqual([
      ['awareness', aware],
      ['classification', undefined],
      ['materiality', aware],
      ['recovery', aware],
    ]);
    expect(report.timings.recover_ms).toBe(1);
    const recorded = (await readTimeline(table, id)).filter(({ kind }) => kind === 'moment-recorded');
    expect(recorded.map(({ by }) => by)).toEqual(['Ada', 'Ada', 'Ada', 'Ada']);

    for (const wrong of ['2020-01-01T00:00:00Z', '2099-01-01T00:00:00Z']) {
      await expect(moment('recovery', wrong)).rejects.toThrow(/lies (before the first event|in the future)/);
    }
    expect(await readTimeline(table, id)).toHaveLength(6);
  });

  test('stats counts alerts by rule, false positives, times and what was left out', async () => {
    const rule = `rule-${randomUUID()}`;
    const before = (await statsOf(rule)).stats;
    const [wrong, right] = [await open(rule), await open(rule)];
    await ask('incident', 'ack', right.id, '--by', 'Ada');
    await ask('incident', 'close', wrong.id, '--by', 'Ada', '--reason', 'a test', '--false-positive');
    await ask('incident', 'close', right.id, '--by', 'Ada', '--reason', 'done');

    const { stats, row } = await statsOf(rule);
    expect(row).toEqual({ rule, alerts: 6, incidents: 2, falsePositives: 1 });
    expect(stats.incidents - before.incidents).toBeGreaterThanOrEqual(2);
    expect(stats.falsePositives - before.falsePositives).toBe(1);
    expect(stats.times.acknowledge_ms.count - before.times.acknowledge_ms.count).toBeGreaterThanOrEqual(1);
    expect(stats.times.contain_ms.missing - before.times.contain_ms.missing).toBeGreaterThanOrEqual(2);
    expect((await getIncident(table, wrong.id))?.falsePositive).toBe(true);
    const { out } = await runCli(['incident', 'stats', '--stack', TEST_STACK], { env: process.env });
    expect(out).toMatch(/false positives/);
    expect(out).toContain(rule);
  });

  test('the draft of two merged incidents tells both timelines, each verified by itself, and stats counts one', async () => {
    const rule = `rule-${randomUUID()}`;
    const older = await open(rule);
    const younger = await open(rule, { severity: 'SEV2' });
    await mergeIncidents(table, [older, younger], new Date());
    // What still comes for the one that was merged is told in the report of the one that goes on.
    await changeIncident(table, younger.id, () => ({
      entries: [{ stage: 'contain', kind: 'note', text: 'late news', by: 'Test' }],
    }));

    const draft = await eventually('a draft with both', async () => {
      const { Body } = await s3
        .send(new GetObjectCommand({ Bucket: firebreak.output('VaultBucket'), Key: `drafts/${older.id}/report.json` }))
        .catch(() => ({ Body: undefined }));
      const report = Body && (JSON.parse(await Body.transformToString()) as Report);
      return report?.timeline.some(({ text }) => text === 'late news') ? report : undefined;
    });
    expect(draft.severity).toBe('SEV2');
    expect(draft.merged).toMatchObject([{ incidentId: younger.id, intact: true }]);
    expect(draft.chain.intact).toBe(true);
    expect(draft.timeline.filter(({ kind }) => kind === 'alert-raised')).toHaveLength(2);
    expect(draft.timeline.filter(({ incidentId }) => incidentId === younger.id).length).toBeGreaterThanOrEqual(4);
    expect(draft.records).toBe(draft.timeline.length);

    const { row } = await statsOf(rule);
    expect(row).toMatchObject({ incidents: 1, alerts: 6 });
    const verified = await ask<{ intact: boolean; merged: { incidentId: string; intact: boolean }[] }>(
      'incident',
      'verify',
      older.id,
    );
    expect(verified).toMatchObject({ intact: true, merged: [{ incidentId: younger.id, intact: true }] });
  });
});
