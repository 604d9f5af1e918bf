import { closeSync, openSync, readSync } from 'node:fs';
import { BlockMaker, CHUNK } from '../cli/hunt/blocks';
import type { JsonObject } from '../lib/model/json';
import { compileRules, type RuleFile } from '../lib/sigma';
import { IndexedMatcher } from '../lib/sigma/match/indexed-matcher';
import { keysOf } from '../lib/sigma/match/keys';
import { Lines } from '../lib/sigma/raw-text/lines';
import { RawShortcut } from '../lib/sigma/raw-text/raw-shortcut';
import type { Program } from '../lib/sigma/compiled-rules';
import { awsRules, catalogue, MISUSE, syntheticRules, trafficFile } from './data';
import { atLeast, atMost, cpuSeconds, interleaved, median, timesAsLong, type Result, type Run } from './measure';

const CLOUDTRAIL = { product: 'aws', service: 'cloudtrail' };
const MANY = 2_000;

/** Rules against reading and JSON.parse alone: the same reader on both sides, text in, matches out. */
export function benchMatching(megabytes: number, rounds: number): Result[] {
  const path = trafficFile(megabytes);
  const aws = awsRules();
  const all = compiled([...aws, ...catalogue()]);
  const quiet = compiled([...aws, ...catalogue()].filter((file) => !file.path.endsWith(MISUSE)));
  const many = compiled([...aws, ...syntheticRules(MANY - aws.length)]);
  const runs = interleaved(
    {
      parse: () => parseOnly(path),
      quiet: matching(path, quiet, true),
      names: matching(path, byNameAlone(quiet), true),
      all: matching(path, all, true),
      plain: matching(path, all, false),
      few: matching(path, compiled(aws), true),
      many: matching(path, many, true),
    },
    rounds,
  );
  const faster = (some: readonly Run[]): number => timesAsLong(runs.parse, some);
  const slower = (some: readonly Run[]): number => timesAsLong(some, runs.parse);
  const told = (some: readonly Run[]): string => {
    const [{ events, matches, parsed } = { events: 0, matches: 0, parsed: 0 }] = some;
    const rate = Math.round(events / median(some.map(({ seconds }) => seconds)));
    return `${rate} events/s, ${(100 * parsed).toFixed(1)} % of lines parsed, ${matches} matches`;
  };
  const alone = `JSON.parse alone: ${told(runs.parse)}`;
  return [
    atLeast(
      '57 rules without STS misuse + catalogue: events/s',
      faster(runs.quiet),
      1.5,
      `${told(runs.quiet)}; ${alone}`,
    ),
    atLeast('rules keyed by eventName alone: events/s', faster(runs.names), 3, told(runs.names)),
    atMost('all 57 rules + catalogue: time', slower(runs.all), 'times', 1.25, told(runs.all)),
    atMost('the same, raw-text shortcut off: time', slower(runs.plain), 'times', 1.25, told(runs.plain)),
    atMost('2,000 rules instead of 57: time', timesAsLong(runs.many, runs.few), 'times', 1.5, told(runs.many)),
  ];
}

function compiled(files: readonly RuleFile[]): Program {
  const { program, problems } = compileRules(files);
  const [problem] = problems;
  if (problem !== undefined) throw new Error(`${problem.path}: ${problem.message}`);
  return program;
}

/** Those with eventName as the one field that could find them. */
function byNameAlone(program: Program): Program {
  const rules = program.rules.filter(({ condition }) => {
    const paths = keysOf(condition).map(({ path }) => path);
    return paths.includes('eventName') && paths.every((path) => path === 'eventName' || path === 'eventSource');
  });
  return { ...program, rules, correlations: [] };
}

function eachBlock(path: string, use: (block: Buffer) => void): void {
  const file = openSync(path, 'r');
  const maker = new BlockMaker(1 << 24, use, () => undefined);
  const memory = Buffer.allocUnsafe(CHUNK);
  for (;;) {
    const read = readSync(file, memory, 0, CHUNK, null);
    if (read === 0) break;
    maker.add(memory.subarray(0, read));
  }
  maker.end();
  closeSync(file);
}

function parseOnly(path: string): Run {
  const lines = new Lines(undefined);
  let objects = 0;
  const seconds = cpuSeconds(() =>
    eachBlock(path, (block) =>
      lines.each(block, ({ text }) => (objects += typeof JSON.parse(text) === 'object' ? 1 : 0)),
    ),
  );
  return { seconds, events: objects, matches: 0, parsed: 1 };
}

/** What is made ready once is not counted, nor what V8 makes of it while the first round warms up. */
function matching(path: string, program: Program, useShortcut: boolean): () => Run {
  const matcher = new IndexedMatcher(program);
  const raw = useShortcut ? RawShortcut.of([program], CLOUDTRAIL, ['detail-type']) : undefined;
  return () => {
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
  };
}
