import { describe, expect, test } from '@jest/globals';
import validate from 'asl-validator';
import { containMachine } from '../../lib/contain/machines/contain-machine';
import { releaseMachine } from '../../lib/contain/machines/release-machine';
import type { Machine } from '../../lib/contain/machines/asl';
import { TIMEOUTS } from '../../lib/contain/machines/timeouts';
import { RUNBOOKS } from '../../runbooks';
import { LOCK_SECONDS } from '../../lambdas/contain/shared/target-lock';

const arn = (name: string) => `arn:aws:lambda:eu-central-1:111122223333:function:${name}`;
const FUNCTIONS = {
  guardRails: arn('guard-rails'),
  conclude: arn('conclude'),
  evidence: arn('evidence'),
  contain: arn('contain'),
  release: arn('release'),
};

/** The partition is known only after the deploy. */
const plain = (machine: Machine) =>
  JSON.parse(JSON.stringify(machine).replace(/\$\{Token\[[^\]]+\]\}/g, 'aws')) as Machine & Record<string, unknown>;

const MACHINES = RUNBOOKS.flatMap((facts) => [
  { name: `${facts.id} contain`, facts, machine: plain(containMachine(facts, FUNCTIONS)) },
  { name: `${facts.id} release`, facts, machine: plain(releaseMachine(facts, FUNCTIONS)) },
]);

interface AnyState {
  readonly Type: string;
  readonly Next?: string;
  readonly Default?: string;
  readonly Choices?: readonly { readonly Next: string }[];
  readonly Catch?: readonly { readonly Next: string }[];
  readonly Parameters?: { readonly FunctionName: string; readonly Payload: Record<string, unknown> };
}

function followers(state: AnyState): string[] {
  const next = [
    state.Next,
    state.Default,
    ...(state.Choices ?? []).map((c) => c.Next),
    ...(state.Catch ?? []).map((c) => c.Next),
  ];
  return next.filter((name) => name !== undefined);
}

describe.each(MACHINES)('machine $name', ({ name, facts, machine }) => {
  const states = machine.States as unknown as Readonly<Record<string, AnyState>>;

  test('is valid Amazon States Language', () => {
    expect(validate(machine as never)).toMatchObject({ isValid: true, errors: [] });
  });

  test('reaches every state, and every state that it names exists', () => {
    const seen = new Set([machine.StartAt]);
    for (const state of seen) for (const next of followers(states[state] as AnyState)) seen.add(next);
    expect([...seen].sort()).toEqual(Object.keys(states).sort());
  });

  test('each state has a plain name of at most 80 characters', () => {
    for (const state of Object.keys(states)) expect(state).toMatch(/^[A-Z][A-Za-z0-9 ,:?'-]{2,79}$/);
  });

  test('each task is tried again, and none ends the execution unheard', () => {
    for (const [state, definition] of Object.entries(states)) {
      if (definition.Type !== 'Task') continue;
      expect(definition).toMatchObject({ Retry: [{ ErrorEquals: ['States.ALL'] }] });
      expect([state, definition.Catch?.length]).toEqual([state, 1]);
    }
  });

  test('calls carry ids and words, and a schema version', () => {
    for (const { Parameters } of Object.values(states)) {
      if (!Parameters) continue;
      expect(Parameters.Payload).toMatchObject({ schemaVersion: 1, 'containmentId.$': '$.containmentId' });
    }
  });

  test('has one state for each action, in order, and an action that fails does not keep the others', () => {
    const ids = Object.values(states)
      .map(({ Parameters }) => Parameters?.Payload['action'])
      .filter((id) => id !== undefined);
    const wanted = facts.actions.map(({ id }) => id);
    expect(ids).toEqual(name.endsWith('release') ? [...wanted].reverse() : wanted);
    for (const state of Object.values(states)) {
      if (state.Parameters?.Payload['action'] !== undefined) expect(state.Catch?.[0]?.Next).toBe(state.Next);
    }
  });

  test('holds its lock for longer than it may run', () => {
    expect(machine.TimeoutSeconds).toBeLessThan(LOCK_SECONDS);
    const retries = 4;
    const longest = name.endsWith('release') ? TIMEOUTS.release : TIMEOUTS.contain;
    expect(machine.TimeoutSeconds).toBeGreaterThan(retries * longest * (facts.actions.length + 3));
  });
});
