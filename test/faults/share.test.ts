import { describe, expect, test } from '@jest/globals';
import { FAULTS, cellText, type Cell } from './cells';
import { Results } from './results';
import { pairsToRun, wantedOf } from './share';

const cells = (['contain', 'release'] as const).flatMap((phase) =>
  Array.from({ length: 7 }, (_, nth) =>
    FAULTS.map((fault): Cell => {
      return { runbook: 'r', shape: 's', phase, state: 'A', service: 'iam', operation: 'GetUser', nth, fault };
    }),
  ).flat(),
);
const rounds = wantedOf(cells, {});
const VERSIONS = new Map([['r', 'v']]);
const ALONE = { part: { number: 1, of: 1 }, workers: 1 };
const texts = (part: { number: number; of: number }, workers = 1, results = new Results(VERSIONS)) =>
  pairsToRun(rounds, { part, workers }, results)
    .flatMap(({ contain, release }) => [contain, release])
    .filter((cell) => cell !== undefined)
    .map(cellText);

describe('the shares of the fault matrix', () => {
  test('together are all cells, and none is in two', () => {
    const shares = [1, 2, 3].map((number) => texts({ number, of: 3 }));
    expect(shares.flat().sort()).toEqual(cells.map(cellText).sort());
    expect(Math.max(...shares.map(({ length }) => length)) - cells.length / 3).toBeLessThan(3);
  });

  test('one that starts others takes the first share', () => {
    expect(texts(ALONE.part, 3)).toEqual(texts({ number: 1, of: 3 }));
  });

  test('are the same when a part of the cells is done, without those', () => {
    const results = new Results(VERSIONS);
    const done = cells.filter((_, index) => index % 2 === 0);
    for (const cell of done) results.add({ cell, end: 'held', problems: [] });
    for (const number of [1, 2]) {
      const before = texts({ number, of: 2 });
      const left = texts({ number, of: 2 }, 1, results);
      expect(left).toEqual(before.filter((text) => !done.map(cellText).includes(text)));
    }
  });

  test('hold only what is asked for by text', () => {
    const release = wantedOf(cells, { only: 'release:' }).flat();
    expect(release).toHaveLength(cells.length / 2);
    expect(new Set(release.map(({ phase }) => phase))).toEqual(new Set(['release']));
  });
});
