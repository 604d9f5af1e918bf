import { parseArgs } from 'node:util';
import { MUTANTS } from './mutants';

export interface Options {
  readonly json: boolean;
  readonly list: boolean;
  readonly runbook?: string;
  /** Part of the text of a cell. */
  readonly only?: string;
  /** So many cells, spread over all. */
  readonly sample?: number;
  /** So many shapes of each runbook. @default - all */
  readonly shapes?: number;
  readonly lanes: number;
  /** File of results, to which those of this run are added. */
  readonly resume?: string;
  /** Ends after so many minutes, between two cells. */
  readonly minutes?: number;
  /** Processes with an embedded AWS each. */
  readonly workers: number;
  /** Which share of the cells, where several processes share them; from 1. */
  readonly part: { readonly number: number; readonly of: number };
  readonly mutants: readonly string[];
}

export const USAGE = `npm run test:faults -- [options]
  --json           the last line is { "cells", "bad" } and nothing else is on standard output
  --runbook ID     only this runbook
  --only TEXT      only cells whose text holds TEXT, e.g. --only "release:" or --only "iam:UpdateAccessKey: kill"
  --sample N       N cells, spread evenly over all
  --shapes N       only the first N shapes of each runbook
  --mutant[=ID]    plants a mutant that swallows an error: ${Object.keys(MUTANTS).join(', ')}; red is right
  --lanes N        executions at once on one embedded AWS (3)
  --workers N      N processes, each with an embedded AWS and its share of the cells (1)
  --part K/N       only the Kth of N shares, for several machines
  --resume FILE    adds each result to FILE, and runs what is not good in it yet; results of other code do not count
  --minutes N      ends after N minutes; the first tenth of the cells strikes every call once
  --list           prints the cells and runs none, and on standard error how many there are of each shape`;

/** @throws Error with the usage where something is not understood. */
export function parseOptions(args: readonly string[]): Options {
  // `--mutant` by itself means all of them.
  const given = args.map((arg) => (arg === '--mutant' ? '--mutant=all' : arg));
  const { values } = parseArgs({
    args: given,
    options: {
      json: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      runbook: { type: 'string' },
      only: { type: 'string' },
      sample: { type: 'string' },
      shapes: { type: 'string' },
      lanes: { type: 'string', default: '3' },
      workers: { type: 'string', default: '1' },
      part: { type: 'string', default: '1/1' },
      resume: { type: 'string' },
      minutes: { type: 'string' },
      mutant: { type: 'string' },
    },
  });
  const { json, list, runbook, only, mutant, resume } = values;
  const alone = [resume !== undefined && '--resume', values.workers !== '1' && '--workers'].filter(
    (name) => name !== false,
  );
  if (mutant !== undefined && alone.length > 0)
    throw new Error(`--mutant takes no ${alone.join(' and no ')}: its results are of other code`);
  if (values.workers !== '1' && values.part !== '1/1')
    throw new Error('--workers makes parts of its own: give it without --part');
  return {
    json,
    list,
    ...(runbook !== undefined && { runbook }),
    ...(only !== undefined && { only }),
    ...(values.sample !== undefined && { sample: count('sample', values.sample) }),
    ...(values.shapes !== undefined && { shapes: count('shapes', values.shapes) }),
    ...(resume !== undefined && { resume }),
    ...(values.minutes !== undefined && { minutes: count('minutes', values.minutes) }),
    lanes: count('lanes', values.lanes),
    workers: count('workers', values.workers),
    part: partOf(values.part),
    mutants: mutant === undefined ? [] : mutantsOf(mutant),
  };
}

function mutantsOf(name: string): string[] {
  if (name === 'all') return Object.keys(MUTANTS);
  if (name in MUTANTS) return [name];
  throw new Error(`there is no mutant '${name}'; there are ${Object.keys(MUTANTS).join(', ')}`);
}

function partOf(text: string): Options['part'] {
  const [number, of, ...more] = text.split('/').map((part) => count('part', part));
  if (number !== undefined && of !== undefined && more.length === 0 && number <= of) return { number, of };
  throw new Error(`--part takes K/N with K up to N, such as 2/3, got '${text}'`);
}

function count(name: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1) return value;
  throw new Error(`--${name} takes a whole number from 1, got '${text}'`);
}
