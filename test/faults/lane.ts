import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { packageRoot } from '../../local/paths';
import type { ProxyControl } from '../../local/proxy/control';
import type { DeployedFunction } from './deployment';

/** A runbook has six functions; those of the runbook before would only take memory. */
const MOST_WORKERS = 8;

/** Longer than any function works when waiting takes no time. */
const HANGS_MS = 60_000;

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/**
 * One worker process for each function, as one execution at a time needs them. A worker that was killed is replaced
 * by a new one at the next call, as Lambda does.
 */
export class Lane {
  readonly #workers = new Map<string, ChildProcess>();
  #asked = 0;

  constructor(
    private readonly proxy: ProxyControl,
    private readonly environment: Readonly<Record<string, string>>,
  ) {}

  /** Calls a function. Fails as the state machine would see it: the function threw, or its process died. */
  async invoke(fn: DeployedFunction, label: string, payload: unknown): Promise<unknown> {
    const worker = this.#workers.get(fn.arn) ?? (await this.#start(fn));
    if (this.#workers.delete(fn.arn)) this.#workers.set(fn.arn, worker); // The last in the map was used last.
    const id = ++this.#asked;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        worker.kill('SIGKILL');
        settle().reject(new Error(`${fn.name} gave no answer within ${HANGS_MS / 1000} s`));
      }, HANGS_MS);
      const onExit = (_: number | null, signal: string | null) =>
        settle().reject(new Error(`Lambda.Unknown: the process of ${fn.name} ended (${signal ?? 'by itself'})`));
      const onMessage = (message: { id: number; value?: unknown; error?: string }) => {
        if (message.id !== id) return;
        if (message.error === undefined) settle().resolve(message.value);
        else settle().reject(new Error(message.error));
      };
      const settle = (): Pending => {
        clearTimeout(timer);
        worker.off('exit', onExit).off('message', onMessage);
        return { resolve, reject };
      };
      worker.on('exit', onExit).on('message', onMessage);
      worker.send({ id, label, payload });
    });
  }

  /** Ends the workers; the next calls start new ones. */
  stop(): void {
    for (const worker of this.#workers.values()) worker.kill('SIGKILL');
    this.#workers.clear();
  }

  async #start(fn: DeployedFunction): Promise<ChildProcess> {
    const worker = fork(join(packageRoot(), 'dist/faults/worker.js'), [fn.code, fn.handler], {
      env: { ...process.env, ...fn.environment, ...this.environment, AWS_LAMBDA_FUNCTION_NAME: fn.name },
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#workers.set(fn.arn, worker);
    const [oldest] = this.#workers.keys();
    if (oldest !== undefined && this.#workers.size > MOST_WORKERS) {
      this.#workers.get(oldest)?.kill('SIGKILL'); // It is idle: a lane asks one at a time.
      this.#workers.delete(oldest);
    }
    worker.once('exit', () => {
      if (this.#workers.get(fn.arn) === worker) this.#workers.delete(fn.arn);
    });
    if (worker.pid === undefined) throw new Error(`no process for ${fn.name}`);
    await this.proxy.adopt(worker.pid);
    return worker;
  }
}
