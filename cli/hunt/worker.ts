import { parentPort, workerData } from 'node:worker_threads';
import type { Job, Part, Task } from './job';
import { runTask } from './run-task';
import { RecordSearch } from './search-record';

/** To the worker: a task, or that it may look for the next part. */
export type ToWorker = { readonly task: Task } | 'go on';
export type FromWorker = { readonly part: Part } | 'done';

/** One thread: a task at a time, and the next part only when it is told to go on. */
export function startWorker(): void {
  const port = parentPort;
  if (port === null) throw new Error('hunt-worker is started by hunt, as a thread');
  const search = new RecordSearch(workerData as Job);
  let goOn: (() => void) | undefined;
  const emit = (part: Part): Promise<void> =>
    new Promise((resolve) => {
      goOn = resolve;
      port.postMessage({ part } satisfies FromWorker);
    });
  port.on('message', (message: ToWorker) => {
    if (message === 'go on') goOn?.();
    else void runTask(search, message.task, emit).then(() => port.postMessage('done' satisfies FromWorker));
  });
}
