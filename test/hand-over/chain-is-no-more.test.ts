import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { HandOver, Incident } from '../../lib/model/incident';
import { judgeChains } from '../../cli/doctor/chains';
import { deployedChain } from '../../lambdas/shared/hand-over/deployed-chain';
import { requestEscalation } from '../../lambdas/shared/hand-over/escalation';
import { stepFunctions } from '../../lambdas/shared/hand-over/start-execution';
import { startHandOvers } from '../../lambdas/shared/hand-over/start-hand-overs';
import { createIncident, getIncident } from '../../lambdas/shared/store/incidents';
import { readTimeline } from '../../lambdas/shared/store/timelines';
import { look } from '../../lambdas/escalate/auditor/look';
import { sampleIncident } from '../cli/sample';
import { MemoryTable } from '../support/memory-table';

const arn = (chain: string) => `arn:aws:states:eu-central-1:111122223333:stateMachine:${chain}`;
const NOTE = "Escalation chain 'on-call' is not deployed any more; chain 'security' pages instead, from now on";

/** What was started, as `machine`; it ended as this. */
let started: string[];
let status: string;
let table: MemoryTable;

beforeEach(() => {
  started = [];
  status = 'RUNNING';
  table = new MemoryTable();
  process.env['AWS_REGION'] = 'eu-central-1';
  process.env['ESCALATION_MACHINES'] = JSON.stringify({ alpha: arn('alpha'), security: arn('security') });
  process.env['DEFAULT_CHAIN'] = 'security';
  process.env['WATCHED_CHAINS'] = JSON.stringify(['security']);
  process.env['LONGEST_STEP_SECONDS'] = '600';
  jest.spyOn(stepFunctions(), 'send').mockImplementation(((command: { input: { stateMachineArn?: string } }) => {
    const { stateMachineArn } = command.input;
    if (stateMachineArn === undefined) return Promise.resolve({ status });
    started.push(stateMachineArn.split(':').at(-1) ?? '');
    return Promise.resolve({ executionArn: 'arn' });
  }) as never);
});

afterEach(() => {
  jest.restoreAllMocks();
});

/** Opened while its chain was deployed. */
function open(handOver: Partial<HandOver> = {}, more: Partial<Incident> = {}): Promise<Incident> {
  const escalation: HandOver = {
    kind: 'escalation',
    state: 'pending',
    since: '2026-11-21T03:00:00.000Z',
    attempt: 2,
    ...handOver,
  };
  const incident = sampleIncident({ chain: 'on-call', handOvers: { escalation }, ...more });
  const opened = { stage: 'triage', kind: 'incident-opened', text: 'opened', by: 'triage' } as const;
  return createIncident(table, incident, [opened], [], new Date());
}

const texts = async ({ id }: Incident) => (await readTimeline(table, id)).map(({ text }) => text);

describe('GIVEN an open incident whose chain was renamed or removed', () => {
  test('WHEN its escalation is started THEN the default chain pages, and the timeline says so', async () => {
    const incident = await open();

    await startHandOvers(table, incident);

    expect(started).toEqual(['security']);
    expect(await texts(incident)).toEqual(['opened', NOTE, "Escalation chain 'security' started, attempt 2"]);
    expect(await getIncident(table, incident.id)).toMatchObject({
      chain: 'security',
      handOvers: { escalation: { state: 'started' } },
    });
  });

  test('WHEN there is news again THEN it is paged again, and the chain is spoken of once', async () => {
    const incident = await open();
    await startHandOvers(table, incident);

    await requestEscalation(table, incident.id, { reason: 'a containment failed', by: 'test' });

    expect(started).toEqual(['security', 'security']);
    expect((await texts(incident)).filter((text) => text === NOTE)).toHaveLength(1);
  });

  test('WHEN two deliveries start it at once THEN the chain is spoken of once', async () => {
    const incident = await open();

    await Promise.all([startHandOvers(table, incident), startHandOvers(table, incident)]);

    expect((await texts(incident)).filter((text) => text === NOTE)).toHaveLength(1);
  });

  test('WHEN the auditor looks THEN it stands still until the other chain was started, and not after', async () => {
    const now = new Date();
    const incident = await open({ state: 'started', since: now.toISOString(), execution: 'x' });
    expect(await look(table, incident, now)).toMatchObject({ kind: 'stalled' });

    await requestEscalation(table, incident.id, { reason: 'it stood still', by: 'auditor' });

    expect(started).toEqual(['security']);
    const after = await getIncident(table, incident.id);
    expect(await look(table, after ?? incident, now)).toEqual({ kind: 'fine' });
  });

  test('WHEN somebody acknowledged THEN the chain that stands in looks after them', async () => {
    status = 'UNKNOWN';
    const acknowledgement = { by: 'Ada', at: '2026-11-21T03:01:00.000Z', how: 'link' as const };
    const incident = await open({ state: 'started', execution: 'x' }, { acknowledgement });

    expect(await look(table, incident, new Date('2026-11-21T04:00:00.000Z'))).toEqual({ kind: 'unwatched' });
  });
});

describe('which chain stands in', () => {
  const chains = { zulu: arn('zulu'), alpha: arn('alpha') };

  test.each([
    ['zulu', 'alpha', 'zulu'],
    ['gone', 'zulu', 'zulu'],
    ['gone', 'gone too', 'alpha'],
    ['gone', undefined, 'alpha'],
    ['toString', 'zulu', 'zulu'],
  ])('GIVEN chain %s and the default %s THEN %s', (wanted, defaultChain, expected) => {
    expect(deployedChain(wanted, { chains, defaultChain }).name).toBe(expected);
  });

  test('GIVEN no chain at all THEN it fails, and says so', () => {
    expect(() => deployedChain('gone', { chains: {}, defaultChain: 'gone' })).toThrow(
      "escalation chain 'gone' is not deployed, and no other that could stand in for it",
    );
  });
});

describe('doctor', () => {
  test('names open incidents of a chain that is no more', () => {
    const open = [
      { id: 'inc-1', chain: 'security' },
      { id: 'inc-2', chain: 'on-call' },
    ];

    expect(judgeChains(open, new Set(['security']))).toMatchObject({
      verdict: 'warning',
      observed: "of a chain that is not deployed any more: inc-2 (chain 'on-call')",
    });
    expect(judgeChains(open, new Set(['security', 'on-call']))).toMatchObject({ verdict: 'ok' });
  });
});
