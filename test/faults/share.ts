import { fork } from 'node:child_process';
import { pairsOf } from './matrix';
import { roundsOf, sampleOf } from './order';
import { cellText, type Cell } from './cells';
import type { Options } from './options';
import type { Results } from './results';
import type { Pair } from './run-cell';

/** The cells that are wanted, in the order in which they are run. */
export function wantedOf(all: readonly Cell[], { only, sample }: Pick<Options, 'only' | 'sample'>): Cell[][] {
  const rounds = roundsOf(all).map((round) =>
    round.filter((cell) => only === undefined || cellText(cell).includes(only)),
  );
  return sample === undefined ? rounds : sampleOf(rounds, sample);
}

/**
 * What this process has to run: its share, without what is done. The shares are made before what is done is taken out, so that
 * processes that started at other times share in the same way.
 */
export function pairsToRun(
  rounds: readonly (readonly Cell[])[],
  { part, workers }: Pick<Options, 'part' | 'workers'>,
  results: Results,
): Pair[] {
  // Who starts others takes the first share.
  const [number, of] = workers > 1 ? [1, workers] : [part.number, part.of];
  const todo = (cell: Cell | undefined) => (cell && !results.isDone(cell) ? cell : undefined);
  return rounds
    .flatMap((round) => pairsOf(round))
    .filter((_, index) => index % of === number - 1)
    .map(({ contain, release }): Pair => {
      const [first, second] = [todo(contain), todo(release)];
      return { ...(first && { contain: first }), ...(second && { release: second }) };
    })
    .filter(({ contain, release }) => contain ?? release);
}

/** How another process ended; undefined where a signal ended it. */
export type Other = Promise<number | undefined>;

/** Starts the other processes, which take the other shares and write to the same file. They end with this one. */
export function startOthers(
  program: string,
  args: readonly string[],
  { workers }: Pick<Options, 'workers'>,
  file: string,
): Other[] {
  return Array.from({ length: workers - 1 }, (_, index): Other => {
    const mine = ['--workers', '1', '--part', `${index + 2}/${workers}`, '--resume', file];
    const other = fork(program, [...args, ...mine], { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    return new Promise((resolve) => other.once('exit', (code) => resolve(code ?? undefined)));
  });
}

/** @throws Error where one broke off: what it was to run is not run. */
export async function ended(others: readonly Other[]): Promise<void> {
  // 1 is a share with bad cells, which are in the file.
  const broken = (await Promise.all(others)).filter((code) => code !== 0 && code !== 1);
  if (broken.length > 0) {
    throw new Error(
      `${broken.length} of the other processes broke off (${broken.map((code) => code ?? 'killed').join(', ')}); run again with the same --resume`,
    );
  }
}
