import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Delivery } from '../../lib/model/event';
import type { JsonObject } from '../../lib/model/json';
import { Matcher } from '../../lib/sigma';
import { decode, rejected } from '../../lambdas/detect/detector/decode';
import { detect } from '../../lambdas/detect/detector/detect';
import { alertBody, MAX_MESSAGE_BYTES, rejectedBody } from '../../lambdas/detect/detector/message';
import { toAlert } from '../../lambdas/detect/detector/to-alert';
import { compile } from '../sigma/one-rule';
import { CONTEXT, RECEIVED } from './finding';
import { delivery, event, HOME, onBus, record } from './records';

const DELIVERY: Delivery = { via: 'eventbridge', from: 'x', receivedAt: RECEIVED.toISOString() };
const program = compile('s:\n  eventName: CreateAccessKey\ncondition: s');
const rule = {
  ...program.rules[0],
  tags: ['attack.t1098.001', 'attack.privilege-escalation', 'cve.2026-1'],
  level: 'high',
} as const;
const because = [{ path: 'eventName', op: 'equals', value: 'CreateAccessKey', actual: 'CreateAccessKey' }];
const alertOf = (more: JsonObject = {}) =>
  toAlert({ rule: rule as never, because }, event(more), DELIVERY, { now: RECEIVED, homeAccount: HOME });

describe('an alert', () => {
  test('is an OCSF Detection Finding', () => {
    expect(alertOf()).toMatchObject({
      class_uid: 2004,
      severity_id: 4,
      severity: 'high',
      time: Date.parse('2026-03-01T09:30:00Z'),
      message: `A rule: CreateAccessKey by arn:aws:iam::${HOME}:user/alice`,
      metadata: { logged_time: RECEIVED.getTime() },
      cloud: { account: { uid: HOME }, region: 'us-east-1' },
      finding_info: {
        uid: expect.stringMatching(/^alr-[0-9a-f]{32}$/),
        attacks: [{ technique: { uid: 'T1098.001' } }, { tactic: { name: 'Privilege Escalation' } }],
        related_events: [{ uid: '00000000-0000-4000-8000-00000000abcd' }],
      },
      evidences: [{ data: record() }],
      unmapped: {
        firebreak: {
          source: 'cloudtrail',
          because,
          neverEnforce: [],
          sourceAddress: '203.0.113.17',
          delivery: DELIVERY,
        },
      },
    });
  });

  test('control characters never reach its message', () => {
    const { message } = alertOf({ eventName: 'Create\u001b[31mAccess\u202eKey\n' });
    expect(message).toBe(`A rule: Create [31mAccess Key  by arn:aws:iam::${HOME}:user/alice`);
  });

  test('the same event by two ways is one alert', () => {
    const matcher = new Matcher(program);
    const logs = decode(delivery([record(), record()]), {
      ...CONTEXT,
      logSources: [{ logGroup: 'trail', source: 'cloudtrail' }],
    });
    const bus = decode(onBus('AWS API Call via CloudTrail', record()), CONTEXT);
    const ids = [logs, bus].map((decoded) =>
      detect(decoded, matcher, { now: RECEIVED }).alerts.map(({ finding_info }) => finding_info.uid),
    );
    expect(ids[0]).toHaveLength(1);
    expect(ids[0]).toEqual(ids[1]);
  });

  test('an event that breaks the matcher is parked, the others go on', () => {
    const breaking = {
      match: (one: JsonObject) =>
        one.eventID === 'bad' ? fail() : new Matcher(program).match(one, { product: 'aws', service: 'cloudtrail' }),
    };
    const fail = (): never => {
      throw new RangeError('Maximum call stack size exceeded');
    };
    const decoded = [record({ eventID: 'bad' }), record({ eventID: 'good' })].flatMap((one) =>
      decode(onBus('AWS API Call via CloudTrail', one), CONTEXT),
    );
    const result = detect(decoded, breaking, { now: RECEIVED });
    expect(result.alerts).toHaveLength(1);
    expect(result.rejected).toMatchObject([
      { reason: expect.stringMatching(/^matching failed: .*nested too deep.*Maximum call stack/) },
    ]);
  });
});

describe('messages', () => {
  test('an alert that fits is sent whole', () => {
    expect(JSON.parse(alertBody(alertOf()))).toEqual(JSON.parse(JSON.stringify(alertOf())));
  });

  test('of one that does not, the largest fields are taken out, and it says which', () => {
    const body = alertBody(
      alertOf({ requestParameters: { userName: 'bob', huge: 'é'.repeat(500_000) }, userAgent: 'small' }),
    );
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(MAX_MESSAGE_BYTES);
    const { data } = (JSON.parse(body) as { evidences: [{ data: JsonObject }] }).evidences[0];
    expect(data).toMatchObject({
      userAgent: 'small',
      eventName: 'CreateAccessKey',
      firebreakTruncated: [expect.stringMatching(/^requestParameters \(\d+ bytes\)$/)],
    });
    expect(data.requestParameters).toBeUndefined();
  });

  test('whatever a record holds, its alert fits and has nothing that SQS refuses', () => {
    const text = fc
      .tuple(fc.string({ unit: 'binary', maxLength: 50 }), fc.nat({ max: 20_000 }))
      .map(([unit, times]) => unit.repeat(times % 5_000));
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'binary' }), text), (more) => {
        const body = alertBody(alertOf(more));
        expect(Buffer.byteLength(body)).toBeLessThanOrEqual(MAX_MESSAGE_BYTES);
        // Source: SQS API reference, SendMessage: #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF
        expect(/^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u.test(body)).toBe(true);
        expect(JSON.parse(body)).toMatchObject({ class_uid: 2004 });
      }),
      { numRuns: 50 },
    );
  });

  test('a megabyte of small fields fits as well', () => {
    const many = Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`field-${i}`, 'x'.repeat(20)]));
    expect(Buffer.byteLength(alertBody(alertOf(many)))).toBeLessThanOrEqual(MAX_MESSAGE_BYTES);
  });

  test('what was parked keeps its place and as much as fits', () => {
    const body = rejectedBody(
      rejected('group:stream, log event 1 (index 0)', 'not JSON', '\u0000"'.repeat(200_000)),
      RECEIVED,
    );
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(MAX_MESSAGE_BYTES);
    expect(JSON.parse(body)).toMatchObject({
      schemaVersion: 1,
      place: 'group:stream, log event 1 (index 0)',
      reason: 'not JSON',
      bytes: 400_000,
      truncated: true,
    });
  });
});
