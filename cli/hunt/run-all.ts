import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { packageRoot } from '../../local/paths';
import type { Job, Part, Task } from './job';
import { runTask } from './run-task';
import { RecordSearch } from './search-record';
import type { FromWorker, ToWorker } from './worker';

/** Takes the parts of all tasks, in the order of the tasks. */
export type Take = (task: Task, part: Part) => Promise<void>;

/** Tasks under way for each thread: one that is slow does not make the others wait at once. */
const AHEAD = 4;
/** Parts a thread may be ahead of the task whose turn it is: more than those of a range where little is found. */
const HELD = 16;

/** Runs tasks in this thread, or in several where the bundle of the worker is there. */
export async function runAll(job: Job, tasks: Iterable<Task>, threads: number, take: Take): Promise<void> {
  const bundle = join(packageRoot(), 'dist', 'bin', 'hunt-worker.js');
  if (threads > 1 && existsSync(bundle)) {
    await new Pool(job, bundle, threads).run(tasks, take);
    return;
  }
  const search = new RecordSearch(job);
  for (const task of tasks) await runTask(search, task, (part) => take(task, part));
}

/** A task on its way: parts come from a thread and are taken in order. A thread that is not in turn goes on meanwhile. */
class Running {
  readonly task: Task;
  readonly #parts: Part[] = [];
  #done = false;
  #wake: () => void = () => undefined;
  /** Lets the thread go on that waits, since as many parts are held as may be. */
  #goOn: (() => void) | undefined;

  constructor(task: Task) {
    this.task = task;
  }

  add(part: Part, goOn: () => void): void {
    this.#parts.push(part);
    if (this.#parts.length < HELD) goOn();
    else this.#goOn = goOn;
    this.#wake();
  }

  finish(): void {
    this.#done = true;
    this.#wake();
  }

  async each(take: (part: Part) => Promise<void>): Promise<void> {
    for (;;) {
      const next = this.#parts.shift();
      if (next !== undefined) {
        await take(next);
        this.#goOn?.();
        this.#goOn = undefined;
      } else if (this.#done) {
        return;
      } else {
        await new Promise<void>((resolve) => (this.#wake = resolve));
      }
    }
  }
}

class Pool {
  readonly #idle: Worker[];
  readonly #workers: readonly Worker[];
  readonly #window: number;
  /** Tasks that were begun and not yet taken to the end, in order. */
  readonly #under: Running[] = [];
  readonly #broken: Promise<never>;

  constructor(job: Job, bundle: string, threads: number) {
    this.#workers = Array.from({ length: threads }, () => new Worker(bundle, { workerData: job }));
    this.#idle = [...this.#workers];
    this.#window = threads * AHEAD;
    this.#broken = new Promise((_, reject) => {
      for (const worker of this.#workers) worker.on('error', reject);
    });
    // It is looked at while tasks run; an error behind the last one concerns nobody.
    this.#broken.catch(() => undefined);
  }

  async run(tasks: Iterable<Task>, take: Take): Promise<void> {
    const left = tasks[Symbol.iterator]();
    const dispatch = (): void => {
      while (this.#idle.length > 0 && this.#under.length < this.#window) {
        const next = left.next();
        const worker = next.done === true ? undefined : this.#idle.shift();
        if (next.done === true || worker === undefined) return;
        this.#start(worker, next.value, dispatch);
      }
    };
    try {
      dispatch();
      for (let first = this.#under[0]; first !== undefined; first = this.#under[0]) {
        const { task } = first;
        await Promise.race([first.each((part) => take(task, part)), this.#broken]);
        this.#under.shift();
        dispatch();
      }
    } finally {
      await Promise.all(this.#workers.map((worker) => worker.terminate()));
    }
  }

  #start(worker: Worker, task: Task, whenDone: () => void): void {
    const running = new Running(task);
    this.#under.push(running);
    const listen = (message: FromWorker): void => {
      if (message !== 'done') {
        running.add(message.part, () => worker.postMessage('go on' satisfies ToWorker));
        return;
      }
      worker.off('message', listen);
      this.#idle.push(worker);
      running.finish();
      whenDone();
    };
    worker.on('message', listen);
    worker.postMessage({ task } satisfies ToWorker);
  }
}
