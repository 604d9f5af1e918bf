import { describe, expect, test } from '@jest/globals';
import { Duration, Stack } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { BusinessHours, Weekday, type BusinessHoursProps } from '../../lib/escalate/business-hours';
import { Recipient } from '../../lib/escalate/recipient';
import { Rotation, type RotationProps } from '../../lib/escalate/rotation';
import { escalationStack } from './escalation-stack';

const ada = Recipient.person('Ada', [Recipient.sms('+491701234567'), Recipient.email('ada@example.com')]);

describe('refused, with everything that is wrong', () => {
  test.each<[string, Partial<RotationProps>, RegExp]>([
    ['a rotation without people', { people: [] }, /'people' is empty: nobody would be on call/],
    [
      'an unknown time zone',
      { timeZone: 'Europe/Atlantis' },
      /must be an IANA name, such as Europe\/Berlin, got 'Europe\/Atlantis'/,
    ],
    ['an offset for a time zone', { timeZone: '+01:00' }, /must be (a place|an IANA name)/],
    ['a start that is no local time', { startsAt: '2026-11-23' }, /'startsAt' must be a local date and time/],
    ['shifts of no days', { everyDays: 0 }, /'everyDays' must be a whole number from 1 to 366, got 0/],
  ])('%s', (_, more, problem) => {
    const make = () =>
      new Rotation({ people: [ada], timeZone: 'Europe/Berlin', startsAt: '2026-11-23T09:00', ...more });
    expect(make).toThrow(problem);
  });

  test.each<[string, Partial<BusinessHoursProps>, RegExp]>([
    ['hours that end before they begin', { from: '18:00' }, /'from' \(18:00\) is not before 'to'/],
    ['a time that is none', { to: '25:00' }, /'25:00' is no local time/],
    ['no days', { days: [] }, /'days' is empty: the level would never be paged/],
    ['a holiday that is no date', { holidays: ['Christmas'] }, /'Christmas' is no date/],
    ['an unknown time zone', { timeZone: 'Mars' }, /IANA/],
  ])('%s', (_, more, problem) => {
    expect(
      () =>
        new BusinessHours({ timeZone: 'Europe/Berlin', from: '09:00', to: '17:00', days: [Weekday.MONDAY], ...more }),
    ).toThrow(problem);
  });

  test('people without a name or a channel, and people within people', () => {
    expect(() => Recipient.person('', [Recipient.email('a@example.com')])).toThrow(/is not a name/);
    expect(() => Recipient.person('Ada', [])).toThrow(/'Ada' has no channel/);
    expect(() => Recipient.person('Bob', [ada])).toThrow(/is a person/);
  });

  test('a level with neither a recipient nor a rotation', () => {
    expect(() =>
      escalationStack(() => ({ levels: [{ name: 'Empty', recipients: [], acknowledgeWithin: Duration.minutes(5) }] })),
    ).toThrow(/has no recipients/);
  });

  test('a silence that is too short', () => {
    expect(() =>
      escalationStack(() => ({
        levels: [{ name: 'One', recipients: [ada], acknowledgeWithin: Duration.minutes(5) }],
        voidAfterSilence: Duration.minutes(5),
      })),
    ).toThrow(/'voidAfterSilence' of escalation chain 'OnCall' must be 15 minutes to 7 days/);
  });
});

describe('a level of people who take turns', () => {
  const { template } = escalationStack((stack: Stack) => ({
    levels: [
      {
        name: 'First',
        recipients: [],
        rotation: new Rotation({
          people: [ada, Recipient.person('Bob', [Recipient.slack({ webhookUrl: new Secret(stack, 'Slack') })])],
          timeZone: 'Europe/Berlin',
          startsAt: '2026-11-23T09:00',
        }),
        acknowledgeWithin: Duration.minutes(5),
        acknowledgeWithinBySeverity: { sev1: Duration.minutes(2) },
      },
    ],
  }));

  test('is told of alarms by every channel of everybody: nobody answers alarms', () => {
    const subscriptions = Object.values(template.findResources('AWS::SNS::Subscription')).map(
      ({ Properties }) => (Properties as { Protocol: string }).Protocol,
    );

    expect(subscriptions.filter((protocol) => protocol === 'sms')).toHaveLength(1);
    expect(subscriptions).toEqual(expect.arrayContaining(['email', 'lambda']));
  });

  test('stands in the machine with its times', () => {
    const text = JSON.stringify(template.findResources('AWS::StepFunctions::StateMachine'));

    expect(text).toContain('Europe/Berlin');
    expect(text).toContain('\\\\\\"SEV1\\\\\\":120'.replaceAll('\\\\\\', '\\'));
  });
});
