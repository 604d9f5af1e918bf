import type { Tried } from '../runbooks/shapes';
import type { Cell } from './cells';
import type { Results } from './results';

export interface Outcome {
  readonly cells: number;
  readonly bad: number;
  /** Wanted, and not run yet. */
  readonly left: number;
}

/** How many cells clean runs of a runbook gave, and on which shape each is struck. */
export function countsText({ id, shapes }: Tried, cells: readonly Cell[]): string {
  const each = shapes.map(({ name }) => `${name} ${cells.filter(({ shape }) => shape === name).length}`);
  return `${id}: ${cells.length} cells (${each.join('; ')})`;
}

/** What stands in the results about the cells that were wanted, from this run and those before it. */
export function ran(wanted: readonly Cell[], results: Results, say: (text: string) => void): Outcome {
  const ends = new Map<string, number>();
  let [cells, bad] = [0, 0];
  for (const runbook of new Set(wanted.map((cell) => cell.runbook))) {
    const mine = wanted.filter((cell) => cell.runbook === runbook);
    const found = mine.map((cell) => results.of(cell)).filter((one) => one !== undefined);
    const worse = found.filter(({ problems }) => problems.length > 0).length;
    for (const { end } of found) ends.set(end, (ends.get(end) ?? 0) + 1);
    say(`${runbook}: ${found.length} of ${mine.length} cells, ${worse} bad`);
    cells += found.length;
    bad += worse;
  }
  say(`${cells} cells ended: ${[...ends].map(([end, count]) => `${end} ${count}`).join(', ')}`);
  return { cells, bad, left: wanted.length - cells };
}
