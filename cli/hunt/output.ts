import type { Io } from '../io';
import { columns, safe } from '../print';
import { Correlations } from './correlations';
import { jsonLine, textLine, type Found } from './found';
import type { Item, Job, Part, Task } from './job';
import { Stats } from './stats';

export interface OutputOptions {
  readonly json?: boolean;
  readonly stats?: boolean;
  readonly diff?: readonly string[];
}

const PROGRESS_MS = 2_000;

/** Prints what was found, in the order of input, and keeps count. */
export class Output {
  readonly #io: Io;
  readonly #options: OutputOptions;
  readonly #stats = new Stats();
  readonly #correlations: Correlations;
  #task: Task | undefined;
  /** Records of the same file in the ranges before, and in this one so far. */
  #before = 0;
  #here = 0;
  #told = performance.now();
  /** What a part found is written at once: a call of the system for every line would cost more than matching it. */
  #lines = '';

  constructor(io: Io, options: OutputOptions, job: Job) {
    this.#io = io;
    this.#options = options;
    this.#correlations = new Correlations(job);
  }

  async part(task: Task, part: Part): Promise<void> {
    if (this.#task !== task) this.#begin(task);
    for (const item of part.items) await this.#item(task, item, this.#before);
    if (this.#lines !== '') this.#io.out(this.#lines);
    this.#lines = '';
    this.#here += part.events;
    this.#stats.events += part.events;
    this.#stats.skipped += part.skipped;
    this.#stats.bytes += part.bytes;
    if (performance.now() - this.#told < PROGRESS_MS) return;
    this.#told = performance.now();
    this.#io.progress(`${task.file}: ${this.#stats.summary()} so far`);
  }

  /** What cannot be read is told, and the rest is looked at: exit code 1 says that it was not all. */
  problem(message: string): void {
    this.#io.err(`${safe(message, 500)}\n`);
    this.#io.exitCode = 1;
    this.#stats.problems++;
  }

  end(): void {
    const { json, stats, diff } = this.#options;
    if (json === true) {
      if (stats === true) this.#io.out(`${JSON.stringify(this.#stats.json(diff !== undefined))}\n`);
      return;
    }
    if (stats === true)
      for (const row of columns(this.#stats.rows(diff !== undefined))) this.#io.out(`${safe(row, 400)}\n`);
    this.#io.err(`${this.#stats.summary()}\n`);
  }

  #begin(task: Task): void {
    const continues = this.#task?.path === task.path && (task.range?.start ?? 0) > 0;
    this.#before = continues ? this.#before + this.#here : 0;
    this.#here = 0;
    this.#task = task;
  }

  async #item(task: Task, item: Item, base: number): Promise<void> {
    switch (item.kind) {
      case 'found':
        this.#found(item.found, base);
        break;
      case 'observed':
        for (const found of await this.#correlations.observe(item, task.file)) this.#found(found, base);
        break;
      case 'problem': {
        const place = item.index === undefined ? '' : `, record ${base + item.index}`;
        this.problem(`${task.file}${place}: ${item.message}`);
        break;
      }
    }
  }

  #found(found: Found, base: number): void {
    const whole = { ...found, event: { ...found.event, index: base + found.event.index } };
    this.#stats.found(whole);
    this.#lines += this.#options.json === true ? jsonLine(whole) : textLine(whole);
  }
}
