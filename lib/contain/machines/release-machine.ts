import type { RunbookFacts } from '../../model/runbook-facts';
import { call, choose, fail, succeed, wait, type Machine, type MachineFunctions, type State } from './asl';
import { TIMEOUTS } from './timeouts';

const LOCK_WAIT_SECONDS = 15;
const FAILED = 'Release failed';

/**
 * The state machine that takes a containment back, in reverse order. Input: `{ schemaVersion: 1, containmentId,
 * incidentId, by, reason, force, reactivateKeys }`. Its output's `begin.answer` says what was decided and why.
 */
export function releaseMachine(facts: RunbookFacts, functions: MachineFunctions): Machine {
  const ids = {
    'containmentId.$': '$.containmentId',
    'incidentId.$': '$.incidentId',
    'by.$': '$.by',
    'reason.$': '$.reason',
    'force.$': '$.force',
    'reactivateKeys.$': '$.reactivateKeys',
    'execution.$': '$$.Execution.Id',
  };
  const fenced = { ...ids, 'fence.$': '$.begin.answer.fence' };
  const reversed = [...facts.actions].reverse();
  const names = reversed.map(({ title }) => `Undo: ${title}`);
  const first = names[0];
  if (first === undefined) throw new Error(`runbook '${facts.id}' has no action`);

  const begin = (payload: Readonly<Record<string, unknown>>) =>
    call({
      function: functions.release,
      seconds: TIMEOUTS.release,
      payload: { ...ids, ...payload, op: 'begin' },
      resultPath: '$.begin',
      next: 'What may be released?',
      onError: FAILED,
    });
  const actions = reversed.map(({ id }, index): [string, State] => {
    const next = names[index + 1] ?? 'Read everything back';
    const payload = { ...fenced, op: 'release', action: id };
    const name = names[index] ?? id;
    return [name, call({ function: functions.release, seconds: TIMEOUTS.release, payload, next, onError: next })];
  });

  return {
    Comment: `Firebreak: take back '${facts.title}'`,
    StartAt: 'Begin the release',
    TimeoutSeconds: TIMEOUTS.releaseMachine,
    States: {
      'Begin the release': begin({ waits: 0 }),
      'What may be released?': choose(
        '$.begin.answer.decision',
        {
          release: first,
          'hold-removed': 'Held by other incidents',
          refuse: 'Release refused',
          done: 'Nothing left to release',
          wait: 'Wait for what is at work',
        },
        FAILED,
      ),
      'Wait for what is at work': wait(LOCK_WAIT_SECONDS, 'Begin the release again'),
      'Begin the release again': begin({ 'waits.$': '$.begin.answer.waits' }),
      ...Object.fromEntries(actions),
      'Read everything back': call({
        function: functions.release,
        seconds: TIMEOUTS.release,
        payload: { ...fenced, op: 'verify' },
        resultPath: '$.verdict',
        next: 'Is it as it was before?',
        onError: FAILED,
      }),
      'Is it as it was before?': choose('$.verdict.answer.outcome', { released: 'Released' }, FAILED),
      [FAILED]: call({
        function: functions.conclude,
        seconds: TIMEOUTS.conclude,
        payload: { ...ids, op: 'release-failed' },
        next: 'Not released',
        onError: 'Not released',
        retries: 6,
      }),
      Released: succeed,
      'Held by other incidents': succeed,
      'Release refused': succeed,
      'Nothing left to release': succeed,
      'Not released': fail(
        'ReleaseFailed',
        'See the timeline of the incident: it says what was and was not given back.',
      ),
    },
  };
}
