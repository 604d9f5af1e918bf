import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { isJsonObject, type Json } from '../../lib/model/json';
import { cellText, type Cell } from './cells';
import type { Verdict } from './run-cell';

/** One line of the file. Lines of another version of the code are read over: what they say was true of that code. */
type Line =
  | { readonly version: string; readonly recorded: string; readonly shapes: readonly string[]; readonly cells: Cell[] }
  | { readonly version: string; readonly cell: string; readonly end: string; readonly problems: readonly string[] };

/** How one cell ended. */
type Ended = Pick<Verdict, 'end' | 'problems'>;

/**
 * What the matrix has found so far: the cells that clean runs gave, and how each ended. With a file, one JSON line
 * each, at once: a run that was stopped goes on where it was, and several processes may write to one file.
 */
export class Results {
  readonly #recorded = new Map<string, Cell[]>();
  readonly #ended = new Map<string, Ended>();
  #unreadable = 0;

  /** @param versions - of the code that is tried, by runbook, from `versionsOfCode` */
  constructor(
    readonly versions: ReadonlyMap<string, string>,
    readonly file?: string,
  ) {
    this.read();
  }

  /** Takes in what other processes have written. */
  read(): void {
    if (this.file === undefined || !existsSync(this.file)) return;
    this.#unreadable = 0;
    const known = new Set(this.versions.values());
    for (const text of readFileSync(this.file, 'utf8').split('\n')) {
      const line = text === '' ? undefined : parse(text);
      if (text !== '' && line === undefined) this.#unreadable++;
      if (line && known.has(line.version)) this.#take(line);
    }
  }

  /** Lines that were cut off, as by a process that was killed while it wrote; their cells are run again. */
  get unreadable(): number {
    return this.#unreadable;
  }

  recorded(runbook: string, shapes: readonly string[]): readonly Cell[] | undefined {
    return this.#recorded.get(recordingKey(runbook, shapes));
  }

  addRecording(runbook: string, shapes: readonly string[], cells: readonly Cell[]): void {
    this.#add({ version: this.#version(runbook), recorded: runbook, shapes, cells: [...cells] });
  }

  /** How a cell ended; the last word counts. */
  of(cell: Cell): Ended | undefined {
    return this.#ended.get(cellText(cell));
  }

  /** Ended well: it need not be run again. One that ended badly is. */
  isDone(cell: Cell): boolean {
    return this.of(cell)?.problems.length === 0;
  }

  add({ cell, end, problems }: Verdict): void {
    this.#add({ version: this.#version(cell.runbook), cell: cellText(cell), end, problems });
  }

  #version(runbook: string): string {
    const version = this.versions.get(runbook);
    if (version === undefined) throw new Error(`the code of runbook '${runbook}' has no version`);
    return version;
  }

  #add(line: Line): void {
    this.#take(line);
    if (this.file !== undefined) appendFileSync(this.file, `${JSON.stringify(line)}\n`);
  }

  #take(line: Line): void {
    if ('recorded' in line) this.#recorded.set(recordingKey(line.recorded, line.shapes), line.cells);
    else this.#ended.set(line.cell, { end: line.end, problems: [...line.problems] });
  }
}

const recordingKey = (runbook: string, shapes: readonly string[]) => JSON.stringify([runbook, ...shapes]);

function parse(text: string): Line | undefined {
  try {
    const line = JSON.parse(text) as Json;
    const known =
      isJsonObject(line) && typeof line['version'] === 'string' && Array.isArray(line['cells'] ?? line['problems']);
    return known ? (line as unknown as Line) : undefined;
  } catch {
    return undefined;
  }
}
