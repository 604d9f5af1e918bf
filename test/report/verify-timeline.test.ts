import { expect, test } from '@jest/globals';
import { anchorOf } from '../../lib/model/timeline-anchor';
import type { TimelineRecord } from '../../lib/model/timeline';
import { chain, emptyChain } from '../../lib/model/timeline-chain';
import { verifyTimeline } from '../../lambdas/report/verify-timeline';
import { INCIDENT_ID, sampleTimeline } from './sample-incident';

const timeline = sampleTimeline();
const anchors = timeline.slice(0, 20).map(anchorOf);
const head = { length: timeline.length, hash: timeline.at(-1)?.hash ?? '' };

/** As somebody would who can write the store: changes a record and recomputes every hash after it. */
function rewritten(sequence: number): TimelineRecord[] {
  let at = emptyChain(INCIDENT_ID);
  return timeline.map(({ stage, kind, text, by, details, ...record }) => {
    const entry = {
      stage,
      kind,
      by,
      text: record.sequence === sequence ? 'nothing happened' : text,
      ...(details && { details }),
    };
    const next = chain(INCIDENT_ID, at, entry, record.at);
    at = { length: next.sequence, hash: next.hash };
    return next;
  });
}

test('says up to where it is intact, and how many records came since', () => {
  expect(verifyTimeline(INCIDENT_ID, timeline, anchors, head)).toMatchObject({
    intact: true,
    anchoredUpTo: { length: 20, at: '2026-11-21T03:18:46.400Z' },
    unanchored: 6,
  });
  expect(verifyTimeline(INCIDENT_ID, timeline, timeline.map(anchorOf), head).text).toContain('0 records since');
});

test.each([
  [
    'a changed byte',
    timeline.map((r) => (r.sequence === 3 ? { ...r, text: `${r.text}.` } : r)),
    'record 3 was changed',
  ],
  [
    'a changed time',
    timeline.map((r) => (r.sequence === 3 ? { ...r, at: `${r.at.slice(0, -2)}1Z` } : r)),
    'record 3 was changed',
  ],
  ['a missing record', timeline.filter((r) => r.sequence !== 9), 'record 9 is missing'],
  ['a missing first record', timeline.slice(1), 'record 1 is missing'],
  [
    'two records exchanged',
    [...timeline.slice(0, 4), ...timeline.slice(4, 6).reverse(), ...timeline.slice(6)],
    'record 5 is missing',
  ],
  ['a removed tail', timeline.slice(0, 22), 'records 23 to 26 are missing'],
  ['a removed end that was anchored', timeline.slice(0, 12), 'records 13 to 26 are missing'],
  ['a chain that was computed anew', rewritten(3), "the incident's own head does not agree with record 26"],
])('detects %s', (_what, records, problem) => {
  const verdict = verifyTimeline(INCIDENT_ID, records, anchors, head);
  expect(verdict).toMatchObject({ intact: false, problem: expect.stringContaining(problem) as unknown });
  expect(verdict.text).toMatch(/^Not intact: /);
});

test('detects by the vault alone what was computed anew in the store, head and all', () => {
  const records = rewritten(7);
  const verdict = verifyTimeline(INCIDENT_ID, records, anchors);
  expect(verdict.problem).toBe(
    'record 7, or one before it, is not what the vault wrote down at 2026-11-21T03:13:46.100Z',
  );
  expect(verdict.anchoredUpTo?.length).toBe(6);
});

test('detects by the vault alone that the end was cut off', () => {
  expect(verifyTimeline(INCIDENT_ID, timeline.slice(0, 12), anchors).problem).toContain('there are only 12');
});

test('a tail that was cut off after the last anchor shows by the incident only', () => {
  expect(verifyTimeline(INCIDENT_ID, timeline.slice(0, 22), anchors)).toMatchObject({ intact: true, unanchored: 2 });
});

test('does not call a chain anchored that nobody wrote into the vault', () => {
  const verdict = verifyTimeline(INCIDENT_ID, timeline, [], head);
  expect(verdict).toMatchObject({ intact: true, unanchored: 26 });
  expect(verdict.anchoredUpTo).toBeUndefined();
});

test('does not take records of another incident', () => {
  expect(verifyTimeline('inc-another', timeline, []).problem).toBe('record 1 belongs to another incident');
});

test('reckons each record once, however many anchors there are', () => {
  let looked = 0;
  const counting = timeline.map((record) =>
    Object.defineProperty({ ...record }, 'previousHash', {
      enumerable: true,
      get: () => {
        looked++;
        return record.previousHash;
      },
    }),
  );

  expect(verifyTimeline(INCIDENT_ID, counting, timeline.map(anchorOf), head)).toMatchObject({ intact: true });
  expect(looked).toBeLessThanOrEqual(2 * timeline.length);
});
