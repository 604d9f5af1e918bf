import { describe, expect, test } from '@jest/globals';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { parseConfiguration } from '../../config/load';
import {
  EscalationChain,
  EventSource,
  IncidentResponse,
  Recipient,
  Stakeholder,
  StakeholderEvent,
  type IncidentResponseProps,
} from '../../lib';

const EXERCISE = 'Drill of 2026-11-21, nothing here is real';

function template(props: Partial<IncidentResponseProps>): Template {
  const stack = new Stack(new App(), 'Test', { env: { account: '111122223333', region: 'us-east-1' } });
  new IncidentResponse(stack, 'Firebreak', {
    sources: [EventSource.cloudTrail()],
    escalationChain: new EscalationChain(stack, 'OnCall', {
      levels: [
        {
          name: 'first',
          // A pager's alarms are passed on by a function, which is to say it too.
          recipients: [Recipient.pagerDuty({ routingKey: new Secret(stack, 'Key') })],
          acknowledgeWithin: Duration.minutes(5),
        },
      ],
    }),
    stakeholders: [
      new Stakeholder({
        name: 'management',
        recipient: Recipient.email('management@example.com'),
        events: [StakeholderEvent.OPENED],
      }),
    ],
    ...props,
  });
  return Template.fromStack(stack);
}

const of = (made: Template, type: string) => Object.entries(made.findResources(type));
const real = template({});
const rehearsed = template({ exercise: EXERCISE });

describe('in the template', () => {
  test('every function that speaks to people knows it, and no other', () => {
    const told = of(rehearsed, 'AWS::Lambda::Function').flatMap(([id, { Properties }]) => {
      const { Environment } = Properties as { Environment?: { Variables: Record<string, unknown> } };
      return Environment?.Variables['EXERCISE'] === EXERCISE ? [id.replace(/^Firebreak|[0-9A-F]{8}$/g, '')] : [];
    });
    expect(told.sort()).toEqual([
      'EscalationAcknowledge',
      'EscalationApprove',
      'EscalationPage',
      'OnCallAlarmRelay',
      'PeopleAccessQuery',
      'PublisherFunction',
      'ReportWriterFunction',
      'StakeholderUpdatesFunction',
    ]);
  });

  test('alarms that need no function say it by themselves', () => {
    const descriptions = of(rehearsed, 'AWS::CloudWatch::Alarm').map(
      ([, { Properties }]) => (Properties as { AlarmDescription: string }).AlarmDescription,
    );
    expect(descriptions.length).toBeGreaterThan(10);
    for (const description of descriptions) expect(description).toMatch(/^EXERCISE: /);
    const texts = of(rehearsed, 'AWS::Events::Rule').flatMap(([, { Properties }]) => {
      const { Targets = [] } = Properties as { Targets?: { InputTransformer?: { InputTemplate: string } }[] };
      return Targets.flatMap(({ InputTransformer }) => InputTransformer?.InputTemplate ?? []);
    });
    const forPeople = texts.filter((text) => text.startsWith('"'));
    expect(forPeople.length).toBeGreaterThan(5);
    for (const text of forPeople) expect(text).toMatch(/^"EXERCISE: Firebreak/);
    const machines = JSON.stringify(of(rehearsed, 'AWS::StepFunctions::StateMachine'));
    expect(machines).toContain('EXERCISE: Firebreak: nobody answered a page');
    expect(machines).toContain("States.Format('EXERCISE: Nobody acknowledged incident {}");
  });

  test('nothing says it where everything is real', () => {
    expect(JSON.stringify(real.toJSON())).not.toContain('EXERCISE');
    rehearsed.hasOutput('FirebreakExercise', { Value: EXERCISE });
  });

  test('it changes nothing else: no resource, no right, no wait', () => {
    const [before, after] = [real, rehearsed].map((made) => {
      const { Resources } = made.toJSON() as { Resources: Record<string, unknown> };
      return new Map(Object.entries(Resources).map(([id, resource]) => [id, unmarked(resource)]));
    });
    expect([...(after?.keys() ?? [])]).toEqual([...(before?.keys() ?? [])]);
    expect([...(after ?? [])].filter(([id, resource]) => resource !== before?.get(id))).toEqual([]);
  });
});

/** A resource without the mark, and without what only differs because it is there. */
function unmarked(resource: unknown): string {
  return JSON.stringify(resource, (key, value: unknown) => (key === 'EXERCISE' ? undefined : value))
    .replaceAll('EXERCISE: ', '')
    .replaceAll('"Environment":{"Variables":{}},', '');
}

describe('what is refused at synth', () => {
  const HOW =
    "'exercise' must be one line of 1 to 120 visible characters that says what is rehearsed, such as 'Drill of 2026-11-21, nothing here is real'; leave it out where nothing is, got ";
  const REFUSED: readonly (readonly [string, string])[] = [
    ['nothing', ''],
    ['blanks', '   '],
    ['no word', '---'],
    ['a blank before it', ' Drill'],
    ['a line break', 'Drill\nof today'],
    ['a line break at its end', 'Drill\n'],
    ['a line separator', 'Drill\u2028of today'],
    ['a turned reading direction', 'Drill \u202elaer'],
    ['an escape of a terminal', '\u001b[31mDrill'],
    ['121 characters', 'x'.repeat(121)],
  ];

  test.each(REFUSED)('%s', (_, exercise) => {
    expect(() => template({ exercise })).toThrow(HOW + JSON.stringify(exercise));
  });

  test.each(REFUSED)('%s in firebreak.yaml, with its place', (_, exercise) => {
    const yaml = `stack: Drill\nexercise: ${JSON.stringify(exercise)}\nsources: { guardDuty: true }\nescalationChains:\n  - { name: a, levels: [{ name: b, acknowledgeWithin: 5m, recipients: [{ sms: '+15555550100' }] }] }\n`;
    expect(() => parseConfiguration(yaml, 'firebreak.yaml')).toThrow(
      `firebreak.yaml:2:11: ${HOW.replace("'exercise' must", "'exercise': must")}${JSON.stringify(exercise)}`,
    );
  });

  test('and not 120 characters of any script', () => {
    expect(() => template({ exercise: '訓練'.repeat(60) })).not.toThrow();
  });
});
