import { parentPort, workerData } from 'node:worker_threads';
import type { Job, Part, Task } from './job';
import { runTask } from './run-task';
import { RecordSearch } from './search-record';

/** To the worker: a task, or that the part it sent was used. */
export type ToWorker = { readonly task: Task } | 'used';
export type FromWorker = { readonly part: Part } | 'done';

/** One thread: a task at a time, and the next part only when the one before was used. */
export function startWorker(): void {
  const port = parentPort;
  if (port === null) throw new Error('hunt-worker is started by hunt, as a thread');
  const search = new RecordSearch(workerData as Job);
  let used: (() => void) | undefined;
  const emit = (part: Part): Promise<void> =>
    new Promise((resolve) => {
      used = resolve;
      port.postMessage({ part } satisfies FromWorker);
    });
  port.on('message', (message: ToWorker) => {
    if (message === 'used') used?.();
    else void runTask(search, message.task, emit).then(() => port.postMessage('done' satisfies FromWorker));
  });
}
