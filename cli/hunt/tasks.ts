import { closeSync, existsSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UsageError } from '../command-error';
import { CHUNK } from './blocks';
import type { Task } from './job';
import { isGzip } from './read-file';
import { holdsDocuments } from './shape';

/** A range is about as much as one thread looks through in a tenth of a second. */
const RANGE = 16 * 1024 * 1024;

export interface EventFiles {
  readonly tasks: readonly Task[];
  /** What was named, or lies in a folder that was, and cannot be looked at. */
  readonly problems: readonly string[];
}

/**
 * The files that were named, and those in folders that were, sorted by path. Something that cannot be looked at keeps
 * nothing else from it.
 *
 * @throws UsageError where a name is none, or there is nothing to look at at all
 */
export function eventFiles(cwd: string, names: readonly string[]): EventFiles {
  const missing = names.find((name) => name !== '-' && !existsSync(resolve(cwd, name)));
  if (missing !== undefined)
    throw new UsageError(
      `'${missing}' does not exist; name files with events, folders with them, or - for standard input`,
    );
  const problems: string[] = [];
  const tasks = names.flatMap((name) => {
    if (name === '-') return [{ file: '-', path: '-' }];
    const path = resolve(cwd, name);
    if (!statSync(path).isDirectory()) return [{ file: name, path }];
    const files = filesIn(name, path, problems);
    if (files.length === 0) problems.push(`folder '${name}' holds no .json, .jsonl, .ndjson, .log or .gz file`);
    return files;
  });
  if (tasks.length === 0) throw new UsageError(problems.join('; '));
  return { tasks, problems };
}

function filesIn(name: string, path: string, problems: string[]): Task[] {
  const found: Task[] = [];
  for (const file of namesIn(name, path, problems)) {
    if (!/\.(?:json|jsonl|ndjson|log)(?:\.gz)?$|\.gz$/i.test(file)) continue;
    const task = { file: join(name, file), path: join(path, file) };
    // A link that leads nowhere is there and is no file.
    const stat = statSync(task.path, { throwIfNoEntry: false });
    if (stat === undefined) problems.push(`${task.file}: a link that leads nowhere`);
    else if (stat.isFile()) found.push(task);
  }
  return found;
}

function namesIn(name: string, path: string, problems: string[]): string[] {
  try {
    return readdirSync(path, { recursive: true, encoding: 'utf8' }).sort();
  } catch (error) {
    problems.push(`folder '${name}' cannot be listed: ${error instanceof Error ? error.message : String(error)}`);
    return [];
  }
}

/** Cuts large files with a record a line into ranges of whole lines, so that all threads can work on one file. */
export function* cutTasks(files: readonly Task[]): Generator<Task> {
  for (const task of files) yield* task.path === '-' ? [task] : rangesOf(task);
}

function* rangesOf(task: Task): Generator<Task> {
  const { size } = statSync(task.path);
  const file = size < 2 * RANGE ? undefined : opened(task.path);
  if (file === undefined) {
    yield task;
    return;
  }
  try {
    const memory = Buffer.allocUnsafe(CHUNK);
    const beginning = memory.subarray(0, readSync(file, memory, 0, CHUNK, 0));
    if (isGzip(beginning) || holdsDocuments(beginning, task.file)) {
      yield task;
      return;
    }
    for (let start = 0; start < size;) {
      const end = lineEnd(file, start + RANGE, size);
      yield { ...task, range: { start, end } };
      start = end;
    }
  } finally {
    closeSync(file);
  }
}

/** Undefined where it cannot be opened: whoever reads the whole file tells why. */
function opened(path: string): number | undefined {
  try {
    return openSync(path, 'r');
  } catch {
    return undefined;
  }
}

/** Behind the first line feed from `from` on. */
function lineEnd(file: number, from: number, size: number): number {
  const memory = Buffer.allocUnsafe(CHUNK);
  for (let at = from; at < size; at += CHUNK) {
    const read = readSync(file, memory, 0, CHUNK, at);
    const feed = memory.subarray(0, read).indexOf(0x0a);
    if (feed >= 0) return at + feed + 1;
  }
  return size;
}
