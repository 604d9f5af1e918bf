import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Incident } from '../../lib/model/incident';
import { didAnswer } from '../../lambdas/escalate/answer/did-answer';
import { finish } from '../../lambdas/escalate/finish/finish';
import { type AnswerRequest, type FinishRequest, parseState } from '../../lambdas/escalate/requests';
import { readTimeline } from '../../lambdas/shared/store/timelines';
import type { Table } from '../../lambdas/shared/store/table';
import { embeddedAws } from '../embedded/aws';
import { openIncident, ownTable } from './own-store';

let table: Table;
beforeAll(async () => {
  table = await ownTable(embeddedAws());
});

const state = (incident: Incident) => ({
  schemaVersion: 1 as const,
  incidentId: incident.id,
  attempt: 1,
  cycle: 1,
  round: 1,
  chain: 'OnCall',
});
const answering = (incident: Incident, change: Partial<AnswerRequest> = {}): AnswerRequest => ({
  ...state(incident),
  level: 'First',
  repeats: 1,
  ...change,
});
const finishing = (incident: Incident, change: Partial<FinishRequest> = {}): FinishRequest => ({
  ...state(incident),
  why: 'exhausted',
  startAgain: 1,
  pagers: [],
  ...change,
});
const kinds = async (incident: Incident) => (await readTimeline(table, incident.id)).map(({ kind }) => kind).slice(1);

const AT = '2026-11-21T03:13:00.000Z';
const OVER: readonly (readonly [string, Partial<Incident>, RegExp])[] = [
  ['acknowledged', { acknowledgement: { by: 'Alice', at: AT, how: 'link' } }, /^Paging ended: Alice acknowledged$/],
  ['closed', { status: 'closed', closedAt: AT }, /^Paging ended: the incident was closed$/],
  [
    'paged by a later attempt',
    { handOvers: { escalation: { kind: 'escalation', state: 'pending', since: AT, attempt: 2 } } },
    /^Paging ended: attempt 2 of the escalation took over$/,
  ],
];

describe('did a level answer?', () => {
  test('no: it is paged again, as often as it says, and then the next one', async () => {
    const incident = await openIncident(table);
    await expect(didAnswer(table, answering(incident))).resolves.toMatchObject({ outcome: 'repeat', round: 2 });
    await expect(didAnswer(table, answering(incident, { round: 2 }))).resolves.toMatchObject({
      outcome: 'next',
      round: 1,
    });
    expect(await kinds(incident)).toEqual(['level-unanswered', 'level-unanswered']);
  });

  test('asked again after a crash, it records and counts once', async () => {
    const written = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
    const incident = await openIncident(table);
    await didAnswer(table, answering(incident));
    await expect(didAnswer(table, answering(incident))).resolves.toMatchObject({ outcome: 'repeat', round: 2 });
    const metrics = written.mock.calls
      .map(([text]) => String(text))
      .filter((text) => text.includes('CloudWatchMetrics'));
    written.mockRestore();
    expect(metrics.map((text) => JSON.parse(text) as unknown)).toMatchObject([
      {
        _aws: { CloudWatchMetrics: [{ Namespace: 'Firebreak/Escalation', Dimensions: [['Chain']] }] },
        Chain: 'OnCall',
        LevelsUnanswered: 1,
      },
    ]);
    expect(await kinds(incident)).toEqual(['level-unanswered']);
  });

  test.each(OVER)('yes, where the incident is %s', async (_, change) => {
    const incident = await openIncident(table, change);
    await expect(didAnswer(table, answering(incident))).resolves.toMatchObject({ outcome: 'answered' });
    expect(await kinds(incident)).toEqual([]);
  });
});

describe('how an escalation ends', () => {
  test.each(OVER)('where the incident is %s it says so, once', async (_, change, text) => {
    const incident = await openIncident(table, change);
    for (let run = 0; run < 2; run++) {
      await expect(finish(table, finishing(incident, { why: 'answered' }))).resolves.toMatchObject({
        outcome: 'answered',
      });
    }
    const [, ...records] = await readTimeline(table, incident.id);
    expect(records).toMatchObject([{ kind: 'escalation-ended', text: expect.stringMatching(text) }]);
  });

  test('exhausted, it starts again as often as it was told, and records each', async () => {
    const incident = await openIncident(table);
    for (let run = 0; run < 2; run++) {
      await expect(finish(table, finishing(incident))).resolves.toMatchObject({ outcome: 'again', cycle: 2, round: 1 });
    }
    await expect(finish(table, finishing(incident, { cycle: 2 }))).resolves.toMatchObject({ outcome: 'over' });
    expect(await kinds(incident)).toEqual(['escalation-exhausted', 'escalation-exhausted']);
  });

  test.each(OVER)('answered at the last moment (%s) it is not exhausted', async (_, change) => {
    const incident = await openIncident(table, change);
    await expect(finish(table, finishing(incident))).resolves.toMatchObject({ outcome: 'answered' });
    expect(await kinds(incident)).toEqual([]);
  });

  test('a pager that cannot be told does not keep it from ending', async () => {
    const warned = jest.spyOn(console, 'warn').mockReturnValue(undefined);
    const incident = await openIncident(table, { acknowledgement: { by: 'Alice', at: AT, how: 'link' } });
    const pager = {
      kind: 'pager-duty' as const,
      id: 'pager-duty-1',
      label: 'pager',
      endpoint: 'https://pager.invalid',
      routingKeySecretArn: 'arn:aws:secretsmanager:us-east-1:000000000000:secret:none',
    };
    const ask = finishing(incident, { why: 'answered', pagers: [pager] });
    await expect(finish(table, ask)).resolves.toMatchObject({ outcome: 'answered' });
    expect(warned).toHaveBeenCalledWith(expect.objectContaining({ message: 'pager not told', action: 'acknowledge' }));
    warned.mockRestore();
  });
});

test.each([
  ['no object', 'x', /must be a JSON object/],
  ['another version', { schemaVersion: 2 }, /knows escalations of schemaVersion 1, got 2; deploy one version/],
  ['no incident', { schemaVersion: 1 }, /has no incidentId/],
  ['no attempt', { schemaVersion: 1, incidentId: 'inc-1' }, /'attempt' must be a whole number from 1, got undefined/],
  [
    'attempt 0',
    { schemaVersion: 1, incidentId: 'inc-1', attempt: 0 },
    /'attempt' must be a whole number from 1, got 0/,
  ],
])('a payload with %s is refused', (_, payload, message) => {
  expect(() => parseState(payload)).toThrow(message);
});
