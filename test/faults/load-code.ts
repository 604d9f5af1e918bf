import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire, wrap } from 'node:module';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';

type Exports = Record<string, unknown>;
type Wrapped = (
  exports: Exports,
  require: NodeJS.Require,
  module: { exports: Exports },
  file: string,
  folder: string,
) => void;

export interface Loaded {
  readonly exports: Exports;
  /** Keeps what V8 has compiled by now for the next worker, once. */
  readonly keep: () => void;
}

/**
 * The bundle in a folder, as `require` gives it, with what V8 compiled for an earlier worker. A worker that is killed in every
 * fifth cell is started again: parsing two megabytes anew was half of that.
 */
export function loadCode(folder: string): Loaded {
  const file = join(folder, 'index.js');
  const source = readFileSync(file);
  // Of this very text: V8 itself compares no more than its length. What another version of Node wrote it refuses.
  const cache = join(folder, `${createHash('sha256').update(source).digest('hex').slice(0, 16)}.v8-cache`);
  const cachedData = existsSync(cache) ? readFileSync(cache) : undefined;
  const script = new Script(wrap(source.toString('utf8')), { filename: file, ...(cachedData && { cachedData }) });
  const module = { exports: {} };
  (script.runInThisContext() as Wrapped)(module.exports, createRequire(file), module, file, dirname(file));
  let kept = cachedData !== undefined && script.cachedDataRejected !== true;
  return {
    exports: module.exports,
    keep: () => {
      if (kept) return;
      kept = true;
      const draft = `${cache}.${process.pid}`;
      writeFileSync(draft, script.createCachedData());
      renameSync(draft, cache); // Whole or not at all: another worker may be reading.
    },
  };
}
