import { describe, expect, test } from '@jest/globals';
import { Duration } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import aslValidator from 'asl-validator';
import { NobodyAnswers } from '../../lib/escalate/nobody-answers';
import { Recipient } from '../../lib/escalate/recipient';
import { escalationStack, everyKind } from './escalation-stack';

interface State {
  readonly Type: string;
  readonly Next?: string;
  readonly Default?: string;
  readonly SecondsPath?: string;
  readonly Error?: string;
  readonly Catch?: readonly { readonly Next: string }[];
  readonly Choices?: readonly { readonly Next: string; readonly StringEquals: string }[];
  readonly Parameters?: { readonly Payload?: Readonly<Record<string, unknown>>; readonly 'Message.$'?: string };
}
interface Definition {
  readonly StartAt: string;
  readonly TimeoutSeconds: number;
  readonly States: Readonly<Record<string, State>>;
}

function definitionOf(template: Template): Definition {
  const [machine] = Object.values(template.findResources('AWS::StepFunctions::StateMachine'));
  const text = (
    machine as { Properties: { DefinitionString: { 'Fn::Join': [string, unknown[]] } } }
  ).Properties.DefinitionString['Fn::Join'][1]
    .map((part) => (typeof part === 'string' ? part : 'arn:aws:lambda:eu-central-1:111122223333:function:any'))
    .join('');
  return JSON.parse(text) as Definition;
}

function nexts(state: State): string[] {
  return [
    ...(state.Next === undefined ? [] : [state.Next]),
    ...(state.Default === undefined ? [] : [state.Default]),
    ...(state.Catch ?? []).map(({ Next }) => Next),
    ...(state.Choices ?? []).map(({ Next }) => Next),
  ];
}

describe('the state machine of a chain', () => {
  const { template } = escalationStack(everyKind);
  const definition = definitionOf(template);

  test('is valid Amazon States Language', () => {
    const { isValid, errors } = aslValidator(definition, { checkArn: false });
    expect(errors).toEqual([]);
    expect(isValid).toBe(true);
  });

  test('reaches every state, and goes nowhere else', () => {
    const seen = new Set<string>();
    const visit = (name: string) => {
      if (seen.has(name)) return;
      seen.add(name);
      const state = definition.States[name];
      expect([name, state]).not.toEqual([name, undefined]);
      if (state) nexts(state).forEach(visit);
    };
    visit(definition.StartAt);
    expect([...seen].sort()).toEqual(Object.keys(definition.States).sort());
  });

  test('pages, waits, and looks for an answer, level by level', () => {
    expect(definition.States['Wait for First responder']).toMatchObject({ Type: 'Wait', SecondsPath: '$.seconds' });
    expect(definition.States['Hold First responder']).toMatchObject({
      Type: 'Wait',
      SecondsPath: '$.seconds',
      Next: 'Page First responder',
    });
    const times = (level: string) => definition.States[`Page ${level}`]?.Parameters?.Payload?.['level'];
    expect(times('First responder')).toMatchObject({ seconds: { SEV1: 300, SEV4: 300 } });
    expect(times('Security lead')).toMatchObject({ seconds: { SEV1: 600, SEV4: 600 } });
    expect(definition.States['Was First responder paged?']).toMatchObject({
      Choices: [
        { StringEquals: 'paged', Next: 'Wait for First responder' },
        { StringEquals: 'answered', Next: 'Somebody answered' },
        { StringEquals: 'held', Next: 'Hold First responder' },
      ],
      Default: 'Go to Security lead',
    });
    expect(definition.States['After First responder']).toMatchObject({
      Choices: [
        { StringEquals: 'answered', Next: 'Somebody answered' },
        { StringEquals: 'repeat', Next: 'Page First responder' },
        { StringEquals: 'held', Next: 'Hold First responder' },
      ],
      Default: 'Go to Security lead',
    });
    expect(definition.States['After Security lead']?.Default).toBe('Nobody answered');
  });

  test('goes on to the next level where a Lambda fails for good', () => {
    for (const [state, next] of [
      ['Page First responder', 'Go to Security lead'],
      ['Did First responder answer?', 'Go to Security lead'],
      ['Page Security lead', 'Nobody answered'],
      ['Did Security lead answer?', 'Nobody answered'],
      ['Nobody answered', 'It could not be recorded'],
    ] as const) {
      expect(definition.States[state]?.Catch).toMatchObject([{ ErrorEquals: ['States.ALL'], Next: next }]);
    }
  });

  test('keeps its own copy of levels and recipients, and hands on ids and counters', () => {
    const payload = definition.States['Page First responder']?.Parameters?.Payload;
    expect(payload).toMatchObject({
      schemaVersion: 1,
      'incidentId.$': '$.incidentId',
      'attempt.$': '$.attempt',
      level: { name: 'First responder', recipients: { length: 4 } },
    });
    expect(JSON.stringify(payload)).toContain('+491701234567');
  });

  test('raises the alarm by itself, and then ends as failed, which AWS counts', () => {
    expect(definition.States['Raise the alarm']).toMatchObject({
      Type: 'Task',
      Next: 'Start the chain again?',
      Catch: [{ Next: 'Nobody answered at any level' }],
    });
    expect(definition.States['Raise the alarm']?.Parameters?.['Message.$']).toMatch(
      /^States\.Format\('Nobody acknowledged incident \{\}/,
    );
    expect(definition.States['Nobody answered at any level']).toMatchObject({
      Type: 'Fail',
      Error: 'EscalationExhausted',
    });
  });

  test('is stopped an hour and twelve days of holds after its longest possible run', () => {
    const held = 12 * 24 * 3600;
    expect(definition.TimeoutSeconds).toBe(2 * 300 + 600 + 3600 + held);
    const again = escalationStack(() => ({
      levels: [{ name: 'Only', recipients: [Recipient.sms('+491701234567')], acknowledgeWithin: Duration.minutes(1) }],
      whenNobodyAnswers: NobodyAnswers.startAgain({ times: 2 }),
    }));
    expect(definitionOf(again.template).TimeoutSeconds).toBe(3 * 60 + 3600 + held);
    expect(definitionOf(again.template).States['Start again']?.Next).toBe('Go to Only');
  });

  test('looks after whoever acknowledged, where it is asked to', () => {
    const watched = definitionOf(
      escalationStack((stack) => ({ ...everyKind(stack), voidAfterSilence: Duration.hours(2) })).template,
    );

    expect(aslValidator(watched, { checkArn: false }).errors).toEqual([]);
    expect(watched.States['Somebody answered']?.Next).toBe('Is it taken care of?');
    expect(watched.States['Is somebody still at it?']?.Parameters?.Payload).toMatchObject({
      why: 'silence',
      silenceSeconds: 7200,
    });
    expect(watched.States['Is somebody still at it?']?.Catch).toMatchObject([{ Next: 'It could not be seen' }]);
    expect(definition.States['Somebody answered']?.Next).toBe('Escalation ended');
  });

  test('looks after them all the same where it could not be recorded that they answered', () => {
    const watched = definitionOf(
      escalationStack((stack) => ({ ...everyKind(stack), voidAfterSilence: Duration.hours(2) })).template,
    );

    expect(watched.States['Somebody answered']?.Catch).toMatchObject([
      { ErrorEquals: ['States.ALL'], Next: 'Is somebody still at it?' },
    ]);
    // Where nobody looks after them, the execution fails, which is told.
    expect(definition.States['Somebody answered']?.Catch).toBeUndefined();
  });
});
