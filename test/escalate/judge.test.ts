import { describe, expect, test } from '@jest/globals';
import { judge, type Seen, type Verdict } from '../../lambdas/escalate/auditor/judge';
import type { Incident } from '../../lib/model/incident';
import type { TimelineKind, TimelineRecord } from '../../lib/model/timeline';
import { sampleIncident } from './sample-page';

const START = '2026-11-21T03:00:00.000Z';
const record = (kind: TimelineKind, at: string, details = {}): TimelineRecord => ({
  schemaVersion: 1,
  incidentId: 'inc-1',
  sequence: 1,
  stage: 'escalate',
  kind,
  text: kind,
  by: 'chain on-call',
  at,
  details,
  previousHash: '',
  hash: '',
});
const escalation = (state: 'pending' | 'started'): Incident['handOvers'] => ({
  escalation: { kind: 'escalation', state, since: START, attempt: 1, execution: 'x' },
});

function verdict(
  seen: Partial<Seen> & { readonly minutes: number },
  incident: Partial<Incident> = {},
): Verdict['kind'] {
  return judge({
    incident: {
      ...sampleIncident({
        status: 'open',
        acknowledgement: undefined,
        handOvers: escalation('started'),
        ...incident,
      }),
      timelineLength: 1,
      timelineHash: '',
    },
    timeline: [record('page-sent', START)],
    execution: 'RUNNING',
    watchesSilence: true,
    longestStep: 10 * 60_000,
    now: new Date(Date.parse(START) + seen.minutes * 60_000),
    ...seen,
  }).kind;
}

describe('an escalation is fine', () => {
  test.each<[string, Verdict['kind']]>([
    ['while a level has time', verdict({ minutes: 10 })],
    ['when somebody has it', verdict({ minutes: 600 }, { acknowledgement: { by: 'Ada', at: START, how: 'link' } })],
    ['when it is closed', verdict({ minutes: 600 }, { status: 'closed' })],
    ['when it was merged', verdict({ minutes: 600 }, { status: 'merged' })],
    [
      'a moment after it was handed over',
      verdict({ minutes: 5, execution: undefined }, { handOvers: escalation('pending') }),
    ],
    [
      'while it is held for business hours',
      verdict({ minutes: 600, timeline: [record('page-held', START, { until: '2026-11-21T14:00:00.000Z' })] }),
    ],
    [
      'while it is snoozed',
      verdict({ minutes: 100, timeline: [record('snoozed', START, { until: '2026-11-21T05:00:00.000Z' })] }),
    ],
  ])('%s', (_, kind) => {
    expect(kind).toBe('fine');
  });
});

describe('an escalation stands still', () => {
  test.each<[string, Verdict['kind']]>([
    ['when nothing happens after its longest step', verdict({ minutes: 16 })],
    ['when its execution was stopped', verdict({ minutes: 10, execution: 'ABORTED' })],
    ['when its execution timed out', verdict({ minutes: 10, execution: 'TIMED_OUT' })],
    ['when its execution is gone', verdict({ minutes: 10, execution: 'UNKNOWN' })],
    ['when it ended and nobody has it', verdict({ minutes: 10, execution: 'SUCCEEDED' })],
    ['when it failed before every level was paged', verdict({ minutes: 1, execution: 'FAILED' })],
    ['when it was never started', verdict({ minutes: 11, execution: undefined }, { handOvers: escalation('pending') })],
    ['when there is none', verdict({ minutes: 1, execution: undefined }, { handOvers: {} })],
    [
      'when what held it is over',
      verdict({ minutes: 60, timeline: [record('page-held', START, { until: '2026-11-21T03:30:00.000Z' })] }),
    ],
  ])('%s', (_, kind) => {
    expect(kind).toBe('stalled');
  });

  const acknowledgement = { by: 'Ada', at: START, how: 'link' } as const;
  test.each(['FAILED', 'ABORTED', 'UNKNOWN', 'SUCCEEDED'])('%s: nobody looks after who acknowledged', (execution) => {
    expect(verdict({ minutes: 60, execution }, { acknowledgement })).toBe('unwatched');
    expect(verdict({ minutes: 60, execution, watchesSilence: false }, { acknowledgement })).toBe('fine');
    expect(verdict({ minutes: 60, execution }, { acknowledgement, status: 'closed' })).toBe('fine');
    expect(verdict({ minutes: 60, execution }, { acknowledgement, handOvers: escalation('pending') })).toBe('fine');
    // Step Functions may not show yet what was started a moment ago.
    expect(verdict({ minutes: 1, execution }, { acknowledgement })).toBe('fine');
  });

  test.each(['RUNNING', 'PENDING_REDRIVE', 'TIMED_OUT'])('%s: it is, or was for as long as it is', (execution) => {
    expect(verdict({ minutes: 60, execution }, { acknowledgement })).toBe('fine');
  });

  test('and is unanswered where every level was paged', () => {
    expect(verdict({ minutes: 60, execution: 'FAILED', timeline: [record('escalation-exhausted', START)] })).toBe(
      'unanswered',
    );
  });
});
