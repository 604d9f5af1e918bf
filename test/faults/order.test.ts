import { describe, expect, test } from '@jest/globals';
import { FAULTS, type Cell } from './cells';
import { roundsOf, sampleOf } from './order';

const CALLS = 23;
const cells = Array.from({ length: CALLS }, (_, nth) =>
  FAULTS.map((fault): Cell => {
    return { runbook: 'r', shape: 's', phase: 'contain', state: 'A', service: 'iam', operation: 'GetUser', nth, fault };
  }),
).flat();
const calls = (found: readonly Cell[]) => new Set(found.map(({ nth }) => nth)).size;
const faults = (found: readonly Cell[]) => new Set(found.map(({ fault }) => fault)).size;

describe('the order of the fault matrix', () => {
  test('each round strikes every call once, and with all faults', () => {
    const rounds = roundsOf(cells);
    expect(rounds).toHaveLength(FAULTS.length);
    for (const round of rounds) {
      expect([round.length, calls(round), faults(round)]).toEqual([CALLS, CALLS, FAULTS.length]);
    }
    expect(new Set(rounds.flat()).size).toBe(cells.length);
  });

  test('a sample has all faults and is spread over the calls', () => {
    const sample = sampleOf(roundsOf(cells), 12).flat();
    expect(sample).toHaveLength(12);
    expect(calls(sample)).toBe(12);
    expect(faults(sample)).toBeGreaterThan(FAULTS.length / 2);
    expect(Math.max(...sample.map(({ nth }) => nth))).toBeGreaterThan(CALLS - 4);
  });

  test('a larger sample holds whole rounds, and more than all is all', () => {
    expect(calls(sampleOf(roundsOf(cells), CALLS).flat())).toBe(CALLS);
    expect(sampleOf(roundsOf(cells), 10_000).flat()).toHaveLength(cells.length);
  });
});
