import { describe, expect, test } from '@jest/globals';
import aslValidator from 'asl-validator';
import { ofType, resourcesOf, sampleApp, sampleStack } from './sample-stack';

const machines = ofType(resourcesOf(sampleStack(sampleApp()).stack), 'AWS::StepFunctions::StateMachine');

interface Definition {
  readonly StartAt: string;
  readonly TimeoutSeconds?: number;
  readonly States: Record<string, Record<string, unknown>>;
}

/** The definition as it is deployed: references are ARNs then. */
function definition(properties: Readonly<Record<string, unknown>> | undefined): Definition {
  const text = properties?.['DefinitionString'] as string | { 'Fn::Join': [string, unknown[]] };
  const joined =
    typeof text === 'string'
      ? text
      : text['Fn::Join'][1].map((part) => (typeof part === 'string' ? part : sampleOf(part))).join('');
  return JSON.parse(joined) as Definition;
}

function sampleOf(part: unknown): string {
  if (JSON.stringify(part) === '{"Ref":"AWS::Partition"}') return 'aws';
  return 'arn:aws:lambda:us-east-1:111122223333:function:sample';
}

const problems = (machine: Definition) => aslValidator(machine, { checkArn: true, checkPaths: true }).errors;

describe('every state machine of the stack', () => {
  test('is there: one for the chain, two for each runbook, one for sweeps', () => {
    expect(machines).toHaveLength(6);
  });

  test.each(machines)('%s is sound', (_, { Properties }) => {
    expect(problems(definition(Properties))).toEqual([]);
  });

  test.each(machines)('%s would not be, if a state led nowhere', (_, { Properties }) => {
    const machine = definition(Properties);
    const [name, state] = Object.entries(machine.States).find(([, { Next }]) => typeof Next === 'string') ?? [];
    expect(name).toBeDefined();
    const broken = { ...machine, States: { ...machine.States, [name ?? '']: { ...state, Next: 'Nowhere' } } };
    expect(problems(broken)).not.toEqual([]);
  });

  test.each(machines)('%s ends by itself, and every task catches everything', (_, { Properties }) => {
    const machine = definition(Properties);
    expect(machine.TimeoutSeconds).toBeGreaterThan(0);
    const uncaught = Object.entries(machine.States)
      .filter(([, { Type }]) => Type === 'Task')
      .filter(([, state]) => !JSON.stringify(state['Catch'] ?? []).includes('States.ALL'))
      .map(([name]) => name);
    // The last step of a chain whose people answered: nothing is left to be done where it fails. A canary that fails is
    // one that does not come through, which is what it is for.
    expect(uncaught.filter((name) => !['Somebody answered', 'Rehearse the pages'].includes(name))).toEqual([]);
  });

  test.each(machines)('%s has state names of 80 characters at most', (_, { Properties }) => {
    const names = Object.keys(definition(Properties).States);
    expect(names.filter((name) => name.length > 80)).toEqual([]);
  });
});
