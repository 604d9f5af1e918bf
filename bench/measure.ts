import { closeSync, openSync, readSync } from 'node:fs';
import { BlockMaker, CHUNK } from '../cli/hunt/blocks';
import { IndexedMatcher } from '../lib/sigma/match/indexed-matcher';
import { Lines } from '../lib/sigma/raw-text/lines';
import { RawShortcut } from '../lib/sigma/raw-text/raw-shortcut';
import { compileRules, type RuleFile } from '../lib/sigma';
import type { JsonObject } from '../lib/model/json';

const CLOUDTRAIL = { product: 'aws', service: 'cloudtrail' };

/** What one way through the file took. */
export interface Run {
  readonly seconds: number;
  readonly events: number;
  readonly matches: number;
  /** Share of lines that were parsed. */
  readonly parsed: number;
}

/** Processor time of this process: on a machine that others use too, the clock on the wall says little. */
export function cpuSeconds(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

function eachBlock(path: string, use: (block: Buffer) => void): void {
  const file = openSync(path, 'r');
  const maker = new BlockMaker(1 << 24, use, () => undefined);
  const memory = Buffer.allocUnsafe(CHUNK);
  for (let read = 1; read > 0; maker.add(memory.subarray(0, read))) read = readSync(file, memory, 0, CHUNK, null);
  maker.end();
  closeSync(file);
}

/** Reading and JSON.parse alone. */
export function parseOnly(path: string): Run {
  const lines = new Lines(undefined);
  let objects = 0;
  const seconds = cpuSeconds(() =>
    eachBlock(path, (block) =>
      lines.each(block, ({ text }) => (objects += typeof JSON.parse(text) === 'object' ? 1 : 0)),
    ),
  );
  return { seconds, events: objects, matches: 0, parsed: 1 };
}

/** The same, and matching. What is loaded once for the whole file is not counted. */
export function matching(path: string, files: readonly RuleFile[], shortcut: boolean): Run {
  const { program, problems } = compileRules(files);
  if (problems.length > 0) throw new Error(JSON.stringify(problems[0]));
  const matcher = new IndexedMatcher(program);
  const raw = shortcut ? RawShortcut.of([program], CLOUDTRAIL, ['detail-type']) : undefined;
  const lines = new Lines(raw);
  let matches = 0;
  const seconds = cpuSeconds(() =>
    eachBlock(path, (block) =>
      lines.each(block, ({ text }) => {
        matches += matcher.match(JSON.parse(text) as JsonObject, CLOUDTRAIL).length;
      }),
    ),
  );
  return { seconds, events: lines.seen, matches, parsed: 1 - lines.skipped / lines.seen };
}
