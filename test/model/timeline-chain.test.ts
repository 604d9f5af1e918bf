import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson } from '../../lib/model/canonical-json';
import type { TimelineRecord } from '../../lib/model/timeline';
import { chain, emptyChain, verifyChain } from '../../lib/model/timeline-chain';

function timeline(length: number): TimelineRecord[] {
  let head = emptyChain('inc-1');
  return Array.from({ length }, (_, index) => {
    const record = chain(
      'inc-1',
      head,
      { stage: 'triage', kind: 'note', text: `note ${index}`, by: 'a person' },
      '2026-01-01T00:00:00.000Z',
    );
    head = { length: record.sequence, hash: record.hash };
    return record;
  });
}

describe('the hash chain of a timeline', () => {
  test('is intact as it was written', () => {
    expect(verifyChain('inc-1', timeline(5))).toMatchObject({ intact: true, head: { length: 5 } });
  });

  test.each([
    [
      'a changed text',
      (records: TimelineRecord[]) => records.map((r) => (r.sequence === 3 ? { ...r, text: 'other' } : r)),
      /record 3 was changed/,
    ],
    ['a missing record', (records: TimelineRecord[]) => records.filter((r) => r.sequence !== 2), /record 2 is missing/],
    [
      'another incident',
      (records: TimelineRecord[]) => records.map((r) => ({ ...r, previousHash: r.previousHash.replace(/^./, 'x') })),
      /record 1 does not follow/,
    ],
  ])('shows %s', (_, tamper, problem) => {
    const verdict = verifyChain('inc-1', tamper(timeline(5)));

    expect(verdict).toMatchObject({ intact: false, problem: expect.stringMatching(problem) });
  });

  test('a spelling of JSON does not depend on the order of keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const turned = Object.fromEntries(Object.entries(value).reverse());
        return canonicalJson(value) === canonicalJson(turned);
      }),
    );
  });
});
