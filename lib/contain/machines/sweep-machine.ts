import { call, choose, fail, succeed, wait, type Machine, type State } from './asl';
import { TIMEOUTS } from './timeouts';

/**
 * Looked again this many seconds after the look before: CloudTrail shows most events within 5 minutes, and its user guide
 * says 15 for what takes longest. The last look is after 20.
 */
const LATER = [5 * 60, 15 * 60];
const FAILED = 'Tell people that the sweep failed';

/**
 * The state machine that looks for what a contained actor created or changed. Input: `{ schemaVersion: 1, containmentId,
 * incidentId, sequence }`, by which it finds the record of the attempt that was read back. Nobody waits for it: a
 * containment is contained whatever becomes of its sweep.
 */
export function sweepMachine(functionArn: string): Machine {
  const ids = { 'containmentId.$': '$.containmentId', 'execution.$': '$$.Execution.Id' };
  // All of it: what the rule of an older version left out of the input must not end the execution.
  const asked = { 'asked.$': '$' };
  const state = (
    payload: Readonly<Record<string, unknown>>,
    next: string,
    onError: string,
    resultPath?: string,
  ): State =>
    call({
      function: functionArn,
      seconds: TIMEOUTS.sweep,
      payload: { ...ids, ...payload },
      next,
      onError,
      ...(resultPath !== undefined && { resultPath }),
    });
  const looks = LATER.length + 1;
  const nameOf = (index: number) => (index === 0 ? 'Look at what the actor did' : `Look again, time ${index + 1}`);
  const waitOf = (index: number) => `Wait for CloudTrail, ${(LATER[index] ?? 0) / 60} minutes`;
  const look = (index: number): [string, State][] => {
    const last = index === looks - 1;
    // What one look misses the next one sees: only the last one has to succeed.
    const states: [string, State][] = [
      [nameOf(index), state({ op: 'look', last }, last ? 'Swept' : waitOf(index), last ? FAILED : waitOf(index))],
    ];
    if (!last) states.push([waitOf(index), wait(LATER[index] ?? 0, nameOf(index + 1))]);
    return states;
  };

  return {
    Comment: 'Firebreak: what a contained actor created or changed',
    StartAt: 'Was an actor contained?',
    TimeoutSeconds: TIMEOUTS.sweepMachine,
    States: {
      'Was an actor contained?': state({ op: 'begin', ...asked }, 'What is there to do?', FAILED, '$.begin'),
      'What is there to do?': choose('$.begin.answer.outcome', { sweep: nameOf(0) }, 'Nothing to sweep'),
      ...Object.fromEntries(Array.from({ length: looks }, (_, index) => look(index)).flat()),
      [FAILED]: state({ op: 'failed', ...asked }, 'Not swept', 'Not swept'),
      Swept: succeed,
      'Nothing to sweep': succeed,
      'Not swept': fail('NotSwept', 'See the timeline of the incident: it says what a person has to look at.'),
    },
  };
}
