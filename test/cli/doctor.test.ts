import { describe, expect, test } from '@jest/globals';
import { judgeSms } from '../../cli/doctor/sms';
import { judgeSubscriptions } from '../../cli/doctor/subscriptions';
import { judgeTrails } from '../../cli/doctor/trail';

describe('subscriptions', () => {
  const confirmed = { SubscriptionArn: 'arn:aws:sns:x', Protocol: 'sms', Endpoint: '+15555550100' };
  const pending = { SubscriptionArn: 'PendingConfirmation', Protocol: 'email', Endpoint: 'on-call@example.com' };

  test('are bad while one is not confirmed, which is named', () => {
    expect(judgeSubscriptions([{ topic: 't', all: [confirmed, pending] }])).toMatchObject({
      verdict: 'bad',
      observed: 'not confirmed: email on-call@example.com',
    });
  });

  test('are bad where one topic of two has none', () => {
    const found = [
      { topic: 't', all: [confirmed] },
      { topic: 'u', all: [] },
    ];

    expect(judgeSubscriptions(found)).toMatchObject({ verdict: 'bad', observed: 'nobody is subscribed to u' });
  });

  test('are ok where all are confirmed', () => {
    expect(judgeSubscriptions([{ topic: 't', all: [confirmed] }])).toMatchObject({ verdict: 'ok' });
  });
});

describe('text messages', () => {
  test.each([
    ['bad', 1, true, 100],
    ['warning', 1, false, 1],
    ['ok', 2, false, 50],
  ] as const)('are %s for %i number, sandbox %s, %i dollars', (verdict, numbers, sandbox, limit) => {
    expect(judgeSms(numbers, sandbox, limit)).toMatchObject({ verdict });
  });
});

describe('the trail', () => {
  const one = { Name: 'audit', CloudWatchLogsLogGroupArn: 'arn:aws:logs:r:a:log-group:/trail:*' };

  test.each([
    ['bad', [], [], 'there is no trail'],
    ['bad', [{ one, on: false }], ['/trail'], 'no trail is logging (audit)'],
    ['ok', [{ one, on: true }], ['/trail'], 'audit writes to /trail'],
    ['ok', [{ one, on: true }], [], 'logging: audit; API calls come by EventBridge'],
    // A group whose name only begins alike is another one.
    ['warning', [{ one, on: true }], ['/trai'], 'logging: audit, but none writes to /trai'],
  ] as const)('is %s: %j for %j', (verdict, trails, groups, observed) => {
    expect(judgeTrails(trails, groups)).toMatchObject({ verdict, observed });
  });
});
