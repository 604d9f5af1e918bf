import { describe, expect, test } from '@jest/globals';
import { decode } from '../../lambdas/detect/detector/decode';
import { detect } from '../../lambdas/detect/detector/detect';
import { alertBody, MAX_MESSAGE_BYTES, rejectedBody } from '../../lambdas/detect/detector/message';
import { compileRules, Matcher } from '../../lib/sigma';
import { ruleText } from '../sigma/one-rule';
import { CONTEXT as NO_SOURCES, RECEIVED } from './finding';
import { delivery, onBus, record } from './records';

const CONTEXT = { ...NO_SOURCES, logSources: [{ logGroup: 'trail', source: 'cloudtrail' }] } as const;
const RULE = ruleText('s:\n  eventName: CreateAccessKey\nk:\n  requestParameters|contains: needle\ncondition: s or k');
const matcher = new Matcher(compileRules([{ path: 'a.yml', text: RULE }]).program);

const DEPTH = 100_000;
const deep = `${'{"a":'.repeat(DEPTH)}1${'}'.repeat(DEPTH)}`;
const good = (eventID: string): object => record({ eventName: 'CreateAccessKey', eventID });

/** One bad record between two good ones. */
const BAD: readonly (readonly [name: string, line: string, told: RegExp | 'an alert'])[] = [
  ['half a record', '{"eventName":"CreateAcc', /JSON/],
  ['no JSON', 'nonsense', /JSON/],
  ['a list', '[1]', /a CloudTrail record is a JSON object/],
  ['nested deep, without an id', `{"eventName":"CreateAccessKey","x":${deep}}`, /nested too deep/],
  ['nested deep, where a rule looks for text', `{"eventID":"d","requestParameters":${deep}}`, /nested too deep/],
  ['nested deep, where no rule looks', `{"eventName":"CreateAccessKey","eventID":"d","x":${deep}}`, 'an alert'],
  ['nested deep as the actor', `{"eventName":"CreateAccessKey","eventID":"d","userIdentity":${deep}}`, 'an alert'],
  ['5 MB', JSON.stringify({ eventName: 'CreateAccessKey', eventID: 'd', x: 'y'.repeat(5_000_000) }), 'an alert'],
  ['a lone surrogate', '{"eventName":"CreateAccessKey","eventID":"d","x":"\\ud800\\uffff"}', 'an alert'],
];

describe('one bad record takes nothing with it', () => {
  test.each(BAD)('%s', (_, line, told) => {
    // WHEN
    const decoded = decode(delivery([good('one'), line, good('two')]), CONTEXT);
    const { alerts, rejected } = detect(decoded, matcher, { now: RECEIVED });
    // THEN its neighbours are alerts, which fit a message,
    const bodies = alerts.map(alertBody);
    const ids = alerts.map(({ evidences }) => evidences[0]?.data.eventID);
    expect(ids).toEqual(told === 'an alert' ? ['one', 'd', 'two'] : ['one', 'two']);
    for (const body of bodies) expect(Buffer.byteLength(body)).toBeLessThanOrEqual(MAX_MESSAGE_BYTES);
    expect(bodies.map((body) => typeof JSON.parse(body))).toEqual(bodies.map(() => 'object'));
    // AND it is parked with its place and a reason, or an alert itself.
    expect(rejected).toHaveLength(told === 'an alert' ? 0 : 1);
    for (const item of rejected) {
      expect(item.place).toMatch(/^trail:stream, (?:log event log-event-1 \(index 1\)|event d)$/);
      expect(item.reason).toMatch(told);
      expect(JSON.parse(rejectedBody(item, RECEIVED))).toMatchObject({ place: item.place });
    }
  });

  test.each(BAD.filter(([, line]) => line.startsWith('{') && line.endsWith('}')))(
    'by EventBridge: %s',
    (_, line, told) => {
      const decoded = decode(onBus('AWS API Call via CloudTrail', JSON.parse(line) as object), CONTEXT);
      const { alerts, rejected } = detect(decoded, matcher, { now: RECEIVED });
      expect([alerts.map(alertBody).length, rejected.length]).toEqual(told === 'an alert' ? [1, 0] : [0, 1]);
      expect(rejected.map((item) => rejectedBody(item, RECEIVED)).length).toBe(rejected.length);
    },
  );
});

test('an alert whose evidence is nested too deep says what was left out', () => {
  const [item] = decode(
    onBus(
      'AWS API Call via CloudTrail',
      JSON.parse(`{"eventName":"CreateAccessKey","eventID":"d","x":${deep}}`) as object,
    ),
    CONTEXT,
  );
  const { alerts } = detect(item === undefined ? [] : [item], matcher, { now: RECEIVED });
  expect(alerts.map((alert) => (JSON.parse(alertBody(alert)) as typeof alert).evidences)).toEqual([
    [{ data: { eventName: 'CreateAccessKey', eventID: 'd', firebreakTruncated: ['x (nested too deep)'] } }],
  ]);
});
