import { fork, type ChildProcess } from 'node:child_process';
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
export function pairsToRun(rounds: readonly (readonly Cell[])[], { part }: Options, results: Results): Pair[] {
  const todo = (cell: Cell | undefined) => (cell && !results.isDone(cell) ? cell : undefined);
  return rounds
    .flatMap((round) => pairsOf(round))
    .filter((_, index) => index % part.of === part.number - 1)
    .map(({ contain, release }): Pair => {
      const [first, second] = [todo(contain), todo(release)];
      return { ...(first && { contain: first }), ...(second && { release: second }) };
    })
    .filter(({ contain, release }) => contain ?? release);
}

/** Starts the other processes, which take the other shares and write to the same file. They end with this one. */
export function startOthers(
  program: string,
  args: readonly string[],
  { workers }: Options,
  file: string,
): ChildProcess[] {
  return Array.from({ length: workers - 1 }, (_, index) =>
    fork(program, [...args, '--workers', '1', '--part', `${index + 2}/${workers}`, '--resume', file], {
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    }),
  );
}

export async function ended(others: readonly ChildProcess[]): Promise<void> {
  const codes = await Promise.all(
    others.map((other) => new Promise<number | null>((resolve) => other.once('exit', (code) => resolve(code)))),
  );
  // 1 is a share with bad cells, which are in the file.
  const broken = codes.filter((code) => code !== 0 && code !== 1);
  if (broken.length > 0)
    throw new Error(`${broken.length} of the other processes ended with ${broken.join(', ')}; their cells are not run`);
}
