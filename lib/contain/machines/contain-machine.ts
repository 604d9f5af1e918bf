import type { RunbookFacts } from '../../model/runbook-facts';
import { call, choose, fail, succeed, wait, type Machine, type MachineFunctions, type State } from './asl';
import { TIMEOUTS } from './timeouts';

/** Looked again this many seconds after everything was read back, as IAM and EC2 settle within a minute. */
const WATCH = [5, 15, 60];
const LOCK_WAIT_SECONDS = 15;

const FAILED = 'Containment failed';
const UNDONE = 'Tell people that it was undone';
const NOT_HELD = 'Record that it did not hold';
const NO_EVIDENCE = 'Record that evidence is missing';
const LATE_EVIDENCE = 'Collect evidence of what failed';
const NO_LATE_EVIDENCE = 'Record that evidence of what failed is missing';

/**
 * The state machine that contains one target with one runbook. Input: `{ schemaVersion: 1, containmentId, attempt }`. What is
 * found undone is made again, action by action, and watched from the beginning, as often as the conclude function allows.
 */
export function containMachine(facts: RunbookFacts, functions: MachineFunctions): Machine {
  const ids = {
    'containmentId.$': '$.containmentId',
    'attempt.$': '$.attempt',
    'execution.$': '$$.Execution.Id',
  };
  const fenced = { ...ids, 'fence.$': '$.guard.answer.fence' };
  const titles = facts.actions.map(({ title }) => title);
  const firstAction = titles[0];
  if (firstAction === undefined) throw new Error(`runbook '${facts.id}' has no action`);
  const before = facts.evidence === 'before';
  const firstWatch = `Wait until ${WATCH[0] ?? 0} seconds have passed`;

  const guard = (payload: Readonly<Record<string, unknown>>) =>
    call({
      function: functions.guardRails,
      seconds: TIMEOUTS.guardRails,
      payload: { ...ids, ...payload },
      resultPath: '$.guard',
      next: 'What may be done?',
      onError: FAILED,
    });
  const conclude = (op: string, next: string, onError: string) =>
    call({
      function: functions.conclude,
      seconds: TIMEOUTS.conclude,
      payload: { ...ids, op },
      next,
      onError,
      retries: 6,
    });
  const collect = (next: string) =>
    call({
      function: functions.evidence,
      seconds: TIMEOUTS.evidence,
      payload: { ...fenced, op: 'collect' },
      next,
      // Stopping the attack matters more than a piece of evidence, but what is missing is said.
      onError: NO_EVIDENCE,
      retries: 1,
    });
  // Where an attacker is stronger, evidence matters most; people have been told already.
  const lateEvidence = {
    [LATE_EVIDENCE]: call({
      function: functions.evidence,
      seconds: TIMEOUTS.evidence,
      // Not fenced: it may have failed before there was a fence, and it changes nothing.
      payload: { ...ids, op: 'collect' },
      next: 'Not contained',
      onError: NO_LATE_EVIDENCE,
      retries: 1,
    }),
    [NO_LATE_EVIDENCE]: conclude('no-evidence', 'Not contained', 'Not contained'),
  };
  const failed = before ? 'Not contained' : LATE_EVIDENCE;
  const noEvidence = (next: string) => conclude('no-evidence', next, next);
  const read = (op: string, next: string) =>
    call({
      function: functions.contain,
      seconds: TIMEOUTS.contain,
      payload: { ...fenced, op },
      resultPath: '$.verdict',
      next,
      onError: FAILED,
    });

  const actions = facts.actions.map(({ id, title }, index): [string, State] => {
    const next = titles[index + 1] ?? 'Read everything back';
    const payload = { ...fenced, op: 'contain', action: id };
    // An action that fails does not keep the others from being made; reading back tells what is missing.
    return [title, call({ function: functions.contain, seconds: TIMEOUTS.contain, payload, next, onError: next })];
  });

  return {
    Comment: `Firebreak: ${facts.title}`,
    StartAt: 'Check the guard rails',
    TimeoutSeconds: TIMEOUTS.containMachine,
    States: {
      'Check the guard rails': guard({ waits: 0 }),
      'What may be done?': choose(
        '$.guard.answer.decision',
        {
          contain: before ? 'Collect evidence' : firstAction,
          plan: 'Write the plan',
          approve: 'Make the plan',
          refuse: 'Refused by a guard rail',
          declined: 'Not approved',
          done: 'Nothing left to do',
          wait: 'Wait for another runbook',
        },
        FAILED,
      ),
      'Make the plan': call({
        function: functions.evidence,
        seconds: TIMEOUTS.evidence,
        payload: { ...ids, op: 'plan-to-approve' },
        next: 'Is this plan approved?',
        onError: FAILED,
      }),
      'Is this plan approved?': call({
        function: functions.guardRails,
        seconds: TIMEOUTS.guardRails,
        payload: { ...fenced, op: 'approval', 'reason.$': '$.guard.answer.reason' },
        resultPath: '$.approval',
        next: 'What did people say?',
        onError: FAILED,
      }),
      // Nothing runs while people think: their decision starts the next attempt, which comes here again.
      'What did people say?': choose(
        '$.approval.answer.outcome',
        {
          approved: before ? 'Collect evidence' : firstAction,
          asked: 'Waits for approval',
          // Approved in this moment: there is no lock yet.
          again: 'Check the guard rails again',
          done: 'Nothing left to do',
        },
        FAILED,
      ),
      'Wait for another runbook': wait(LOCK_WAIT_SECONDS, 'Check the guard rails again'),
      'Check the guard rails again': guard({ 'waits.$': '$.guard.answer.waits' }),
      'Write the plan': call({
        function: functions.evidence,
        seconds: TIMEOUTS.evidence,
        payload: { ...ids, op: 'plan', 'refusal.$': '$.guard.answer.refusal' },
        next: 'Planned only',
        onError: FAILED,
      }),
      ...(before && { 'Collect evidence': collect(firstAction) }),
      [NO_EVIDENCE]: noEvidence(before ? firstAction : firstWatch),
      ...Object.fromEntries(actions),
      'Read everything back': read('verify', 'Is it contained?'),
      'Is it contained?': choose(
        '$.verdict.answer.outcome',
        { contained: before ? firstWatch : 'Collect evidence', undone: UNDONE },
        FAILED,
      ),
      ...(!before && { 'Collect evidence': collect(firstWatch) }),
      ...watchStates(read),
      [UNDONE]: call({
        function: functions.conclude,
        seconds: TIMEOUTS.conclude,
        payload: { ...ids, op: 'undone', 'timesUndone.$': '$.verdict.answer.timesUndone' },
        resultPath: '$.undone',
        next: 'Is it made again?',
        onError: FAILED,
        retries: 6,
      }),
      'Is it made again?': choose('$.undone.answer.outcome', { again: firstAction }, NOT_HELD),
      'Record that it held': conclude('held', 'Contained', FAILED),
      // Where even that cannot be written down, the failed execution is what tells people: at once.
      [NOT_HELD]: conclude('not-held', failed, 'Not contained'),
      [FAILED]: conclude('failed', failed, 'Not contained'),
      ...(!before && lateEvidence),
      'Planned only': succeed,
      'Waits for approval': succeed,
      'Not approved': succeed,
      'Refused by a guard rail': succeed,
      'Nothing left to do': succeed,
      Contained: succeed,
      'Not contained': fail(
        'ContainmentFailed',
        'See the timeline of the incident: it says what was and was not done.',
      ),
    },
  };
}

function watchStates(read: (op: string, next: string) => State): Readonly<Record<string, State>> {
  return Object.fromEntries(
    WATCH.flatMap((seconds, index): [string, State][] => {
      const following = WATCH[index + 1];
      const next = following === undefined ? 'Record that it held' : `Wait until ${following} seconds have passed`;
      const question = `Did it hold for ${seconds} seconds?`;
      const look = `Look again after ${seconds} seconds`;
      return [
        [`Wait until ${seconds} seconds have passed`, wait(seconds - (WATCH[index - 1] ?? 0), look)],
        [look, read('watch', question)],
        [question, choose('$.verdict.answer.outcome', { contained: next, undone: UNDONE }, NOT_HELD)],
      ];
    }),
  );
}
