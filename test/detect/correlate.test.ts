import { describe, expect, test } from '@jest/globals';
import { correlate } from '../../lambdas/detect/detector/correlate';
import { decode } from '../../lambdas/detect/detector/decode';
import { detect } from '../../lambdas/detect/detector/detect';
import { Correlator, Matcher, MemoryCorrelationState, type Program } from '../../lib/sigma';
import { correlation, programOf } from '../sigma/correlation/documents';
import { CONTEXT, RECEIVED } from './finding';
import { delivery, HOME, record } from './records';

const RULE = `title: Access key made
name: key_made
logsource: {product: aws, service: cloudtrail}
detection:
  s: {eventName: CreateAccessKey}
  condition: s
level: low
`;
const SECTION =
  'type: event_count\nrules: [key_made]\ngroup-by: [userIdentity.arn]\ntimespan: 10m\ncondition: {gte: 2}';
const context = { now: RECEIVED, homeAccount: HOME };

async function alertsOf(program: Program, records: readonly ReturnType<typeof record>[]) {
  const correlator = new Correlator(program, new MemoryCorrelationState());
  const decoded = decode(delivery([...records]), {
    ...CONTEXT,
    logSources: [{ logGroup: 'trail', source: 'cloudtrail' }],
  });
  const { alerts, observed } = detect(decoded, new Matcher(program), context, (id) => correlator.uses(id));
  return { alerts, correlated: await correlate(observed, correlator, context) };
}
const at = (minute: number, id: string) => record({ eventID: id, eventTime: `2026-03-01T09:3${minute}:00Z` });

describe('an alert of a correlation', () => {
  test('is about the event that completed it, and names all that counted', async () => {
    const { alerts, correlated } = await alertsOf(programOf(RULE, correlation(SECTION, 'level: high')), [
      at(0, 'one'),
      at(1, 'two'),
    ]);
    expect(alerts).toEqual([]);
    expect(correlated).toMatchObject([
      {
        severity: 'high',
        finding_info: {
          uid: expect.stringMatching(/^alr-[0-9a-f]{32}$/),
          title: 'A correlation',
          related_events: [{ uid: 'one' }, { uid: 'two' }],
        },
        unmapped: {
          firebreak: {
            neverEnforce: [],
            because: [
              { path: 'userIdentity.arn', op: 'group-by' },
              { op: 'gte', actual: '2' },
            ],
          },
        },
      },
    ]);
  });

  test('keeps its id however the events come', async () => {
    const program = programOf(RULE, correlation(SECTION));
    const ids = await Promise.all(
      [
        [at(0, 'one'), at(1, 'two')],
        [at(1, 'two'), at(0, 'one'), at(1, 'two')],
      ].map(async (records) =>
        (await alertsOf(program, records)).correlated.map(({ finding_info }) => finding_info.uid),
      ),
    );
    expect(ids[0]).toHaveLength(1);
    expect(ids[0]).toEqual(ids[1]);
  });

  test('with generate, the rules raise alerts of their own as well', async () => {
    const { alerts, correlated } = await alertsOf(programOf(RULE, correlation(SECTION, 'generate: true')), [
      at(0, 'one'),
      at(1, 'two'),
    ]);
    expect([alerts.length, correlated.length]).toEqual([2, 1]);
  });

  test('contains nothing on the word of an event that nothing may be contained for', async () => {
    const foreign = record({ eventID: 'one', eventTime: '2026-03-01T09:30:00Z', recipientAccountId: '999999999999' });
    const { correlated } = await alertsOf(programOf(RULE, correlation(SECTION)), [foreign, at(1, 'two')]);
    expect(correlated[0]?.unmapped.firebreak.neverEnforce).toEqual([
      'among the events that were counted is one on whose word nothing may be contained',
    ]);
  });
});
