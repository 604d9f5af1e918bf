import { FAULTS, type Cell } from './cells';

/**
 * The cells in ten rounds: each round strikes every call once, and with all ten faults in turn. A run that is ended early has
 * so struck every call of every runbook, and not only the first runbooks.
 */
export function roundsOf(cells: readonly Cell[]): Cell[][] {
  const rounds: Cell[][] = FAULTS.map(() => []);
  for (const [index, cell] of cells.entries()) {
    const call = Math.floor(index / FAULTS.length);
    const fault = FAULTS.indexOf(cell.fault);
    rounds[(fault + call) % FAULTS.length]?.push(cell);
  }
  return rounds;
}

/** So many cells: whole rounds first, and of the last one those that are spread evenly over it. */
export function sampleOf(rounds: readonly (readonly Cell[])[], wanted: number): Cell[][] {
  let left = wanted;
  return rounds.map((round) => {
    const count = Math.min(left, round.length);
    left -= count;
    return Array.from({ length: count }, (_, index) => round[Math.floor((index * round.length) / count)] as Cell);
  });
}
