import { describe, expect, test } from '@jest/globals';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { AttributeValue, DynamoDBRecord } from 'aws-lambda';
import { TIMELINE_KINDS, type TimelineKind, type TimelineRecord } from '../../lib/model/timeline';
import { DETAIL_TYPES, publicationOf } from '../../lib/report/published-event';
import type { BusEvent } from '../../lambdas/report/publisher/make-event';
import { publish, type PublishEffects } from '../../lambdas/report/publisher/publish';
import { readStreamRecord } from '../../lambdas/report/publisher/read-records';
import type { VaultInput } from '../../lambdas/shared/vault';
import { entry, INCIDENT_ID, sampleIncident, sampleTimeline, timelineOf } from './sample-incident';

/** What Lambda gives for a written timeline record. */
function streamed(record: TimelineRecord, over: Partial<DynamoDBRecord> = {}): DynamoDBRecord {
  const keys = { pk: `INCIDENT#${record.incidentId}`, sk: `TL#${String(record.sequence).padStart(8, '0')}` };
  const image = (item: object) => marshall(item, { removeUndefinedValues: true }) as Record<string, AttributeValue>;
  return {
    eventName: 'INSERT',
    dynamodb: { SequenceNumber: `s${record.sequence}`, Keys: image(keys), NewImage: image({ ...keys, record }) },
    ...over,
  };
}

/** A bus and a vault that do as they are told, and remember. */
function world(refuse: (event: BusEvent, call: number) => string | undefined = () => undefined) {
  const taken: BusEvent[] = [];
  const calls: number[] = [];
  const anchors = new Map<string, VaultInput>();
  const effects: PublishEffects = {
    readIncident: () => Promise.resolve(sampleIncident(sampleTimeline())),
    send: (entries) => {
      calls.push(entries.length);
      return Promise.resolve(
        entries.map((event) => {
          const ErrorCode = refuse(event, calls.length);
          if (ErrorCode !== undefined) return { ErrorCode };
          taken.push(event);
          return {};
        }),
      );
    },
    putAnchor: (object) => Promise.resolve(anchors.set(object.key, object)),
    pause: () => Promise.resolve(),
  };
  return { taken, calls, anchors, effects };
}

const idsOf = (events: readonly BusEvent[]) => events.map(({ Detail }) => (JSON.parse(Detail) as { id: string }).id);
const timeline = sampleTimeline();
const batch = timeline.map((record) => readStreamRecord(streamed(record)));
const events = timeline.filter(({ kind }) => publicationOf(kind).event !== undefined);

describe('events', () => {
  test('tell ids, severity and one sentence, and carry an id that stays the same', async () => {
    const { taken, effects } = world();
    expect(await publish(batch.slice(0, 2), effects)).toEqual([]);
    expect(taken).toHaveLength(2);
    expect(taken[1]).toMatchObject({ Source: 'firebreak', DetailType: 'Alert Raised' });
    expect(JSON.parse(taken[1]?.Detail ?? '')).toMatchObject({
      schemaVersion: 1,
      id: `${INCIDENT_ID}#2`,
      incidentId: INCIDENT_ID,
      sequence: 2,
      kind: 'alert-raised',
      severity: 'SEV1',
      alertId: 'alr-0f3e',
    });
  });

  test('stay far below 256 KB whatever a record holds, and are neutralised', async () => {
    const { taken, effects } = world();
    const [record] = timelineOf([
      entry(0, 'detect', 'alert-raised', '\u001b[31m\u202e'.repeat(100_000), 'r'.repeat(100_000)),
    ]);
    if (!record) throw new Error('no record');
    await publish([readStreamRecord(streamed(record))], effects);
    expect(taken[0]?.Detail.length).toBeLessThan(4_000);
    expect(taken[0]?.Detail).not.toContain('\u202e');
  });

  test('go in calls of ten, in the order of the timeline', async () => {
    const { taken, calls, effects } = world();
    await publish(batch, effects);
    expect(idsOf(taken)).toEqual(events.map(({ sequence }) => `${INCIDENT_ID}#${sequence}`));
    expect(calls).toEqual([10, events.length - 10]);
  });

  test('that EventBridge refused are sent again, and no others', async () => {
    const { taken, calls, effects } = world((event, call) =>
      call === 1 && event.DetailType === 'Alert Raised' ? 'ThrottlingException' : undefined,
    );
    expect(await publish(batch.slice(0, 4), effects)).toEqual([]);
    expect(calls).toEqual([3, 1]);
    expect(idsOf(taken).sort()).toEqual([1, 2, 3].map((n) => `${INCIDENT_ID}#${n}`));
    expect(new Set(idsOf(taken)).size).toBe(taken.length);
  });

  test('that are refused for good are named, exactly those, and the others went', async () => {
    const { taken, effects } = world((event) => (event.DetailType === 'Alert Raised' ? 'InternalFailure' : undefined));
    const unpublished = await publish(batch, effects);
    expect(unpublished.map(({ position }) => position)).toEqual(
      timeline.filter(({ kind }) => kind === 'alert-raised').map(({ sequence }) => `s${sequence}`),
    );
    expect(taken).toHaveLength(events.length - 2);
  });

  test('are all unpublished where the call fails, or answers for fewer than it was given', async () => {
    const { effects } = world();
    const failing = { ...effects, send: () => Promise.reject(new Error('no network')) };
    expect((await publish(batch.slice(0, 2), failing)).map(({ why }) => why)).toEqual([
      'event: Error: no network',
      'event: Error: no network',
    ]);
    const silent = { ...effects, send: () => Promise.resolve([]) };
    expect(await publish(batch.slice(0, 2), silent)).toHaveLength(2);
  });

  test('wait where their incident cannot be read', async () => {
    const { effects } = world();
    const unpublished = await publish(batch.slice(0, 1), {
      ...effects,
      readIncident: () => Promise.reject(new Error('throttled')),
    });
    expect(unpublished).toEqual([{ position: 's1', why: expect.stringContaining('throttled') as unknown }]);
  });

  test('published twice are the same twice: receivers deduplicate by detail.id', async () => {
    const { taken, anchors, effects } = world();
    await publish(batch, effects);
    const once = idsOf(taken);
    const anchored = new Map(anchors);
    await publish(batch, effects);
    expect(idsOf(taken)).toEqual([...once, ...once]);
    expect(anchors).toEqual(anchored);
  });
});

describe('anchors', () => {
  test('are written for every page and change of state', async () => {
    const { anchors, effects } = world();
    await publish(batch, effects);
    const expected = timeline.filter(({ kind }) => publicationOf(kind).anchor);
    expect([...anchors.keys()]).toEqual(
      expected.map(({ sequence }) => `anchors/${INCIDENT_ID}/${String(sequence).padStart(8, '0')}.json`),
    );
    expect(JSON.parse(String([...anchors.values()].at(-1)?.body))).toEqual({
      schemaVersion: 1,
      incidentId: INCIDENT_ID,
      length: timeline.length,
      hash: timeline.at(-1)?.hash,
      at: timeline.at(-1)?.at,
    });
  });

  test('that could not be written are named, and the bus is not silenced by it', async () => {
    const { taken, effects } = world();
    const putAnchor = () => Promise.reject(new Error('AccessDenied'));
    const unpublished = await publish(batch, { ...effects, putAnchor });
    expect(unpublished).toHaveLength(timeline.filter(({ kind }) => publicationOf(kind).anchor).length);
    expect(taken).toHaveLength(events.length);
  });

  const ANCHORED: readonly TimelineKind[] = [
    'page-sent',
    'page-failed',
    'acknowledged',
    'acknowledgement-voided',
    'level-unanswered',
    'escalation-exhausted',
    'incident-opened',
    'incident-closed',
    'severity-changed',
    'containment-planned',
    'containment-refused',
    'containment-verified',
    'containment-held',
    'containment-not-held',
    'containment-failed',
    'containment-released',
    'release-failed',
    'report-written',
  ];
  test.each(ANCHORED)('%s is anchored', (kind) => expect(publicationOf(kind).anchor).toBe(true));

  test('the final report triggers no report, so that writing it cannot loop', () => {
    expect(publicationOf('report-written').event).toBe('Report Written');
    expect(DETAIL_TYPES).not.toContain('Report Written');
  });

  test.each(TIMELINE_KINDS.map((kind) => [kind]))('%s is decided about', (kind) => {
    expect(publicationOf(kind)).toHaveProperty('anchor');
  });
});

describe('records of the stream', () => {
  const [record] = timeline;
  if (!record) throw new Error('the sample has records');

  test('give back the timeline record that was written', () => {
    expect(readStreamRecord(streamed(record))).toEqual({ kind: 'timeline', position: 's1', record });
  });

  test('that are no inserts of the timeline are left alone', async () => {
    const { taken, anchors, effects } = world();
    const modified = readStreamRecord(streamed(record, { eventName: 'MODIFY' }));
    expect(modified.kind).toBe('other');
    expect(await publish([modified], effects)).toEqual([]);
    expect([taken.length, anchors.size]).toEqual([0, 0]);
  });

  test('of a kind that this version does not know are named, and do not stop the others', async () => {
    const { taken, effects } = world();
    const unknown = readStreamRecord(streamed({ ...record, kind: 'from-the-future' as TimelineKind }));
    const unpublished = await publish([unknown, ...batch.slice(1, 2)], effects);
    expect(unpublished).toEqual([{ position: 's1', why: expect.stringContaining("'TL#00000001'") as unknown }]);
    expect(taken).toHaveLength(1);
  });
});
