import { describe, expect, test } from '@jest/globals';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { AcknowledgementEndpoint } from '../../lib/escalate/acknowledgement-endpoint';
import { EscalationChain } from '../../lib/escalate/escalation-chain';
import type { EscalationLevel } from '../../lib/escalate/escalation-level';
import { NobodyAnswers } from '../../lib/escalate/nobody-answers';
import { Recipient } from '../../lib/escalate/recipient';

const level = (change: Partial<EscalationLevel> = {}): EscalationLevel => ({
  name: 'First',
  recipients: [Recipient.sms('+491701234567')],
  acknowledgeWithin: Duration.minutes(5),
  ...change,
});
const chain = (levels: EscalationLevel[], id = 'OnCall', chainName?: string) =>
  new EscalationChain(new Stack(new App(), 'Test'), id, { levels, ...(chainName !== undefined && { chainName }) });

describe('a chain that could not page says so at synth', () => {
  test.each<[string, () => unknown, RegExp]>([
    ['no levels', () => chain([]), /'OnCall' has no levels; add at least one with a recipient/],
    [
      'a level without recipients',
      () => chain([level({ recipients: [] })]),
      /level 'First' of escalation chain 'OnCall' has no recipients; add one, e\.g\. Recipient\.email/,
    ],
    [
      'two levels that share a name',
      () => chain([level(), level({ name: 'first' })]),
      /two levels called 'first'; give each level a name of its own/,
    ],
    [
      'too little time',
      () => chain([level({ acknowledgeWithin: Duration.seconds(20) })]),
      /'acknowledgeWithin' of level 'First' .* must be at least 1 minute, got 20 seconds; raise it or remove the level/,
    ],
    [
      'too much time',
      () => chain([level({ acknowledgeWithin: Duration.days(7) })]),
      /must be at most 9000 minutes, got 7 days; lower it/,
    ],
    ['too many repeats', () => chain([level({ repeats: 6 })]), /'repeats' of level 'First' .* from 0 to 5, got 6/],
    ['half a repeat', () => chain([level({ repeats: 0.5 })]), /whole number from 0 to 5, got 0\.5/],
    ['a negative repeat', () => chain([level({ repeats: -1 })]), /whole number from 0 to 5, got -1/],
    [
      'the same recipient twice',
      () => chain([level({ recipients: [Recipient.email('A@example.com'), Recipient.email('a@EXAMPLE.com')] })]),
      /names the recipient 'a\*\*\*@EXAMPLE\.com' twice; remove one/,
    ],
    [
      'too many recipients',
      () => chain([level({ recipients: Array.from({ length: 31 }, (_, i) => Recipient.email(`p${i}@example.com`)) })]),
      /has 31 recipients, at most 30/,
    ],
    ['an empty level name', () => chain([level({ name: '' })]), /'' is not a name for a level/],
    ['a level name too long', () => chain([level({ name: 'x'.repeat(61) })]), /is not a name for a level; use 1 to 60/],
    ['a level name with a line break', () => chain([level({ name: 'a\nb' })]), /is not a name for a level/],
    ['a chain name with a quote', () => chain([level()], 'OnCall', "a'b"), /is not a name for an escalation chain/],
    ['no times', () => NobodyAnswers.startAgain({ times: 0 }), /from 1 to 5, got 0; use NobodyAnswers\.alarm\(\)/],
    ['too many times', () => NobodyAnswers.startAgain({ times: 6 }), /from 1 to 5, got 6/],
    ['a machine before it is bound', () => chain([level()]).machine, /belongs to no escalation yet; give it to/],
  ])('%s', (_, make, message) => {
    expect(make).toThrow(message);
  });
});

describe('addresses', () => {
  test.each([
    'oncall',
    'oncall@',
    '@example.com',
    'a b@example.com',
    'a@example',
    'a@example.com, b@example.com',
    'Alice <a@example.com>',
    'a@-example.com',
    'a@example..com',
    '',
  ])('%p is not an e-mail address', (address) => {
    expect(() => Recipient.email(address)).toThrow(/is not an e-mail address; write one like 'oncall@example\.com'/);
  });

  test.each(['a@example.com', 'first.last+tag@mail.example.co.uk', "o'x@example.com".replace("'", '_')])(
    '%p is an e-mail address',
    (address) => {
      expect(Recipient.email(address).label).toMatch(/^.\*\*\*@/);
    },
  );

  test.each(['01701234567', '+4917O1234567', '+49 170 1234567', '+0491701234567', '+123', '+1234567890123456', ''])(
    '%p is not a phone number',
    (number) => {
      expect(() => Recipient.sms(number)).toThrow(/not a phone number in E\.164 form; .*'\+491701234567'/);
    },
  );

  test('a phone number is masked in labels', () => {
    expect(Recipient.sms('+491701234567').label).toBe('SMS +49***67');
  });

  test.each(['http://pager.example.com', 'ftp://x', 'pager.example.com/in', 'https://', 'javascript:alert(1)', ''])(
    '%p is not an https URL',
    (url) => {
      expect(() => Recipient.https(url)).toThrow(/is not an https URL/);
    },
  );

  test('what is wrong with a webhook is told without its secret path', () => {
    expect(() => Recipient.https('http://hooks.example.com/services/SECRET')).toThrow(
      /^(?!.*SECRET).*hooks\.example\.com/,
    );
    expect(() => Recipient.https('https://user:PASS@hooks.example.com/x')).toThrow(
      /^(?!.*PASS).*user name or password/,
    );
    expect(Recipient.https('https://hooks.example.com/services/SECRET').label).toBe('webhook hooks.example.com');
  });

  test('an endpoint of your own is an https URL, its slash at the end is dropped', () => {
    expect(AcknowledgementEndpoint.fromUrl('https://ack.example.com/').url).toBe('https://ack.example.com');
    expect(() => AcknowledgementEndpoint.fromUrl('http://ack.example.com')).toThrow(/is not an https URL/);
  });
});

describe('a chain that SNS e-mail alone carries', () => {
  const warnings = (recipients: Recipient[]) => {
    const stack = new Stack(new App(), 'Test');
    new EscalationChain(stack, 'OnCall', { levels: [level({ recipients })] });
    return Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('SNS e-mail alone'));
  };

  test('is warned about', () => {
    expect(warnings([Recipient.email('a@example.com'), Recipient.email('b@example.com')])).toHaveLength(1);
  });

  test('is not warned about once there is another way', () => {
    const queue = new Queue(new Stack(new App(), 'Other'), 'Queue');
    expect(warnings([Recipient.email('a@example.com'), Recipient.queue(queue)])).toHaveLength(0);
  });
});
