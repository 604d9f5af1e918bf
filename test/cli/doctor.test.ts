import { describe, expect, test } from '@jest/globals';
import { judgeApprovals } from '../../cli/doctor/approvals';
import type { PhoneNumberInformation } from '@aws-sdk/client-sns';
import { judgeAlarms } from '../../cli/doctor/alarms';
import { judgeCanary } from '../../cli/doctor/canary';
import { levelsOf, numbersOf } from '../../cli/doctor/levels';
import { judgeOnCall } from '../../cli/doctor/on-call';
import { judgeOriginationNumbers } from '../../cli/doctor/origination-numbers';
import { judgeSms, spentLast } from '../../cli/doctor/sms';
import { judgeSubscriptions } from '../../cli/doctor/subscriptions';
import { judgeSuppressed } from '../../cli/doctor/suppressed';
import { judgeTrails } from '../../cli/doctor/trail';

describe('subscriptions', () => {
  const confirmed = { SubscriptionArn: 'arn:aws:sns:x', Protocol: 'sms', Endpoint: '+15555550100' };
  const pending = { SubscriptionArn: 'PendingConfirmation', Protocol: 'email', Endpoint: 'on-call@example.com' };

  test('are bad while one is not confirmed, which is named', () => {
    expect(judgeSubscriptions([{ topic: 't', all: [confirmed, pending], filtered: [] }])).toMatchObject({
      verdict: 'bad',
      observed: 'not confirmed: email on-call@example.com',
    });
  });

  test('are bad while a filter policy drops pages of one, which is named with the remedy', () => {
    expect(judgeSubscriptions([{ topic: 't', all: [confirmed], filtered: [confirmed] }])).toMatchObject({
      verdict: 'bad',
      observed: 'a filter policy drops pages of sms +15555550100',
      remedy: expect.stringContaining('set FilterPolicy to {} for arn:aws:sns:x'),
    });
  });

  test('are bad where one topic of two has none', () => {
    const found = [
      { topic: 't', all: [confirmed], filtered: [] },
      { topic: 'u', all: [], filtered: [] },
    ];

    expect(judgeSubscriptions(found)).toMatchObject({ verdict: 'bad', observed: 'nobody is subscribed to u' });
  });

  test('are ok where all are confirmed', () => {
    expect(judgeSubscriptions([{ topic: 't', all: [confirmed], filtered: [] }])).toMatchObject({ verdict: 'ok' });
  });
});

describe('text messages', () => {
  test.each([
    ['warning', 1, 1, 0],
    ['warning', 1, 1, undefined],
    ['ok', 2, 50, 39.9],
    ['ok', 2, 50, undefined],
    ['bad', 2, 50, 40],
    ['bad', 1, 1, 1.2],
  ] as const)('are %s for %i number, %i dollars, %s spent', (verdict, numbers, limit, spent) => {
    expect(judgeSms({ numbers, limit, spent })).toMatchObject({ verdict });
  });

  test('cost what SNS said last: nothing is sent, and nothing said, once the quota is spent', () => {
    const at = (day: number, Maximum: number) => ({ Timestamp: new Date(Date.UTC(2026, 10, day)), Maximum });

    expect(spentLast([at(3, 49), at(1, 0.2), at(2, 12)])).toBe(49);
    // A late figure of the month before does not stay the highest.
    expect(spentLast([at(1, 50), at(2, 0.1)])).toBe(0.1);
    expect(spentLast([])).toBeUndefined();
  });

  test('go to the numbers of all who take turns, and of all channels of a person', () => {
    const phone = (phoneNumber: string) => ({ kind: 'sms', id: phoneNumber, label: 'a phone', phoneNumber }) as const;
    const queue = { kind: 'queue', id: 'q', label: 'a queue', queueUrl: 'https://sqs' } as const;
    const ada = { kind: 'person', id: 'ada', label: 'Ada', channels: [queue, phone('+15555550101')] } as const;
    const rotation = { timeZone: 'UTC', startsAt: '2026-11-16T09:00', everyDays: 7, people: [ada, phone('+491701')] };

    expect(numbersOf({ name: 'second', recipients: [phone('+15555550100'), queue], rotation })).toEqual([
      '+15555550100',
      '+15555550101',
      '+491701',
    ]);
  });
});

describe('origination numbers', () => {
  const number: PhoneNumberInformation = { Iso2CountryCode: 'US', Status: 'ACTIVE', NumberCapabilities: ['SMS'] };

  test.each([
    ['warning', []],
    ['warning', [{ ...number, NumberCapabilities: ['VOICE'] }]],
    ['warning', [{ ...number, Iso2CountryCode: 'DE' }]],
    ['warning', [{ ...number, Status: 'PENDING' }]],
    ['warning', [{ ...number, Status: undefined }]],
    ['ok', [{ ...number, Status: 'PENDING' }, number]],
    ['ok', [{ ...number, Status: 'Active', NumberCapabilities: ['VOICE', 'SMS'] }]],
  ] as [string, PhoneNumberInformation[]][])('are a matter of %s with %j', (verdict, found) => {
    expect(judgeOriginationNumbers(2, found)).toMatchObject({ verdict });
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

describe('the canary', () => {
  const now = new Date('2026-11-21T12:00:00Z');
  const at = (minutes: number) => new Date(now.getTime() - minutes * 60_000).toISOString();

  test.each([
    ['warning', 'never sent', {}],
    ['warning', 'sent just now for the first time', { sentAt: at(1) }],
    ['bad', 'sent long ago, and never came', { sentAt: at(91) }],
    ['ok', 'came through lately', { sentAt: at(1), passedAt: at(29), seconds: 7.4, via: 'eventbridge' }],
    ['bad', 'sent, and none came for long', { sentAt: at(1), passedAt: at(91), seconds: 7, via: 'eventbridge' }],
    ['bad', 'not even sent any more', { sentAt: at(200), passedAt: at(199), seconds: 7, via: 'eventbridge' }],
  ] as const)('is %s where it was %s', (verdict, _what, state) => {
    expect(judgeCanary(state, now)).toMatchObject({ verdict });
  });
});

describe('alarms', () => {
  const fine = { AlarmName: 'F-a', StateValue: 'OK', ActionsEnabled: true, AlarmActions: ['arn:aws:sns:x'] } as const;
  const deployed = {
    ...fine,
    StateValue: 'ALARM',
    Namespace: 'AWS/SNS',
    MetricName: 'NumberOfMessagesPublished',
    Dimensions: [{ Name: 'TopicName', Value: 'F-FirebreakDeploymentTopicD9431E50-x' }],
  } as const;

  test.each([
    ['bad', [], 'the stack has no alarms'],
    ['ok', [fine], '1 alarm, none goes off'],
    // Missing data of an alarm that nothing reported yet.
    ['ok', [{ ...fine, StateValue: 'INSUFFICIENT_DATA' }], '1 alarm, none goes off'],
    [
      'bad',
      [fine, { ...fine, StateValue: 'ALARM', AlarmDescription: 'Firebreak: nobody looks' }],
      '1 of 2 in alarm: Firebreak: nobody looks',
    ],
    // What every deployment sets off is no failure, and hides none.
    ['warning', [fine, deployed], 'CloudFormation changed parts of Firebreak in the last minutes'],
    ['bad', [{ ...fine, StateValue: 'ALARM', AlarmDescription: 'lost' }, deployed], '1 of 2 in alarm: lost'],
    // One of theirs, on a topic of theirs.
    [
      'bad',
      [fine, { ...deployed, AlarmDescription: 'shop', Dimensions: [{ Name: 'TopicName', Value: 'shop' }] }],
      '1 of 2 in alarm: shop',
    ],
    ['warning', [deployed, { ...fine, AlarmActions: [] }], 'tell nobody: F-a'],
    ['bad', [{ ...fine, ActionsEnabled: false }, deployed], 'switched off: F-a'],
    ['bad', [{ ...fine, ActionsEnabled: false }], 'switched off: F-a'],
    ['warning', [{ ...fine, AlarmActions: [] }], 'tell nobody: F-a'],
  ] as const)('are %s: %j', (verdict, all, observed) => {
    expect(judgeAlarms(all as unknown as Parameters<typeof judgeAlarms>[0])).toMatchObject({ verdict, observed });
  });
});

describe('who is on call', () => {
  const phone = { kind: 'sms', id: 'p', label: 'the phone', phoneNumber: '+15555550100' } as const;
  const turn = {
    timeZone: 'UTC',
    startsAt: '2026-11-16T09:00',
    everyDays: 7,
    people: [
      { ...phone, id: 'kim', label: 'Kim' },
      { ...phone, id: 'lee', label: 'Lee' },
    ],
  };
  const level = { name: 'first', recipients: [], rotation: turn };

  test.each([
    ['2026-11-21T12:00:00Z', 'on-call/first: Kim'],
    ['2026-11-23T09:00:00Z', 'on-call/first: Lee'],
  ])('at %s is %s', (at, observed) => {
    expect(judgeOnCall([{ chain: 'on-call', level }], new Date(at))).toMatchObject({ verdict: 'ok', observed });
  });

  test('is bad where a level has nobody', () => {
    const empty = { name: 'second', recipients: [] };

    expect(judgeOnCall([{ chain: 'on-call', level: empty }], new Date())).toMatchObject({
      verdict: 'bad',
      observed: 'nobody would be paged at on-call/second',
    });
  });

  test('is read from the chain as it is deployed, and from nothing else', () => {
    const page = {
      Type: 'Task',
      Parameters: { Payload: { chain: 'on-call', level: { name: 'first', recipients: [] } } },
    };
    const other = { Type: 'Task', Parameters: { Payload: { op: 'check', level: 'first' } } };

    expect(levelsOf({ States: { 'Page first': page, Other: other, Wait: { Type: 'Wait' } } })).toEqual([
      { chain: 'on-call', level: { name: 'first', recipients: [] } },
    ]);
  });
});

describe('suppressions', () => {
  const now = new Date('2026-11-21T12:00:00Z');
  const until = (days: number) => ({
    name: 'scanner',
    owner: 'kim',
    reason: 'ours',
    until: new Date(now.getTime() + days * 86_400_000).toISOString(),
    count: 3,
    lastAt: '2026-11-20T00:00:00Z',
    lastTitle: 'x',
  });

  test.each([
    ['ok', [], 'none keeps anything quiet'],
    ['ok', [until(30)], '1 suppression kept 3 alerts quiet'],
    ['ok', [until(-30)], 'none keeps anything quiet'],
    ['warning', [until(2)], "end within 3 days: 'scanner' of kim (2026-11-23T12:00:00.000Z)"],
    ['warning', [until(-1)], "over: 'scanner' of kim (2026-11-20T12:00:00.000Z)"],
  ] as const)('are %s: %j', (verdict, counts, observed) => {
    expect(judgeSuppressed(counts, now)).toMatchObject({ verdict, observed });
  });
});

test.each([
  ['nothing', [{ id: 'inc-1' }, { id: 'inc-2', approvals: [] }], 'ok', 'nothing waits for a decision'],
  [
    'what waits for a person, by incident',
    [
      { id: 'inc-1', approvals: ['apr-1', 'apr-2'] },
      { id: 'inc-2', approvals: ['apr-3'] },
    ],
    'warning',
    '3 containments not made, waiting for a person: inc-1 (2), inc-2 (1)',
  ],
  [
    'no more than a line',
    Array.from({ length: 7 }, (_, n) => ({ id: `inc-${n}`, approvals: ['apr'] })),
    'warning',
    '7 containments not made, waiting for a person: inc-0 (1), inc-1 (1), inc-2 (1), inc-3 (1), inc-4 (1) and 2 more incidents',
  ],
] as const)('approvals: says %s', (_what, open, verdict, observed) => {
  expect(judgeApprovals(open)).toMatchObject({ verdict, observed });
});
