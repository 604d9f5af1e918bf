import { closeSync, existsSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UsageError } from '../command-error';
import { CHUNK } from './blocks';
import type { Task } from './job';
import { isGzip } from './read-file';
import { holdsDocuments } from './shape';

/** A range is about as much as one thread looks through in a tenth of a second. */
const RANGE = 16 * 1024 * 1024;

/** The files that were named, and those in folders that were, sorted by path. */
export function eventFiles(cwd: string, names: readonly string[]): Task[] {
  return names.flatMap((name) => {
    if (name === '-') return [{ file: '-', path: '-' }];
    const path = resolve(cwd, name);
    if (!existsSync(path))
      throw new UsageError(
        `'${name}' does not exist; name files with events, folders with them, or - for standard input`,
      );
    if (!statSync(path).isDirectory()) return [{ file: name, path }];
    const files = readdirSync(path, { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(?:json|jsonl|ndjson|log)(?:\.gz)?$|\.gz$/i.test(file))
      .filter((file) => statSync(join(path, file)).isFile())
      .sort();
    if (files.length === 0) throw new UsageError(`folder '${name}' holds no .json, .jsonl or .gz file`);
    return files.map((file) => ({ file: join(name, file), path: join(path, file) }));
  });
}

/** Cuts large files with a record a line into ranges of whole lines, so that all threads can work on one file. */
export function* cutTasks(files: readonly Task[]): Generator<Task> {
  for (const task of files) yield* task.path === '-' ? [task] : rangesOf(task);
}

function* rangesOf(task: Task): Generator<Task> {
  const size = statSync(task.path).size;
  if (size < 2 * RANGE) {
    yield task;
    return;
  }
  const file = openSync(task.path, 'r');
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
