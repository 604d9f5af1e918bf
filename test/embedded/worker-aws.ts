/** Environment variables by which a worker's tests, and the processes that they start, find their embedded AWS. */
export type WorkerAws = Readonly<Record<string, string>>;

const ALL = 'FIREBREAK_TEST_WORKERS';

/** In jest's own process, before workers are made: they inherit it. */
export function giveWorkers(all: readonly WorkerAws[]): void {
  process.env[ALL] = JSON.stringify(all);
}

/** In a worker: takes the one that is this worker's own. Jest counts its workers from 1. */
export function takeMine(): void {
  const all = JSON.parse(process.env[ALL] ?? '[]') as WorkerAws[];
  const mine = all[Number(process.env['JEST_WORKER_ID']) - 1];
  if (!mine) throw new Error(`worker ${process.env['JEST_WORKER_ID']} has no embedded AWS of ${all.length}`);
  Object.assign(process.env, mine);
}
