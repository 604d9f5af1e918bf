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
  readonly mutants: readonly string[];
}

export const USAGE = `npm run test:faults -- [options]
  --json           the last line is { "cells", "bad" } and nothing else is on standard output
  --runbook ID     only this runbook
  --only TEXT      only cells whose text holds TEXT, e.g. --only "release:" or --only "iam:UpdateAccessKey: kill"
  --sample N       N cells, spread evenly over all
  --shapes N       only the first N shapes of each runbook
  --mutant[=ID]    plants a mutant that swallows an error: ${Object.keys(MUTANTS).join(', ')}; red is right
  --lanes N        executions at once (3)
  --list           prints the cells and runs none`;

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
      mutant: { type: 'string' },
    },
  });
  const { json, list, runbook, only, mutant } = values;
  return {
    json,
    list,
    ...(runbook !== undefined && { runbook }),
    ...(only !== undefined && { only }),
    ...(values.sample !== undefined && { sample: count('sample', values.sample) }),
    ...(values.shapes !== undefined && { shapes: count('shapes', values.shapes) }),
    lanes: count('lanes', values.lanes),
    mutants: mutant === undefined ? [] : mutantsOf(mutant),
  };
}

function mutantsOf(name: string): string[] {
  if (name === 'all') return Object.keys(MUTANTS);
  if (name in MUTANTS) return [name];
  throw new Error(`there is no mutant '${name}'; there are ${Object.keys(MUTANTS).join(', ')}`);
}

function count(name: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1) return value;
  throw new Error(`--${name} takes a whole number from 1, got '${text}'`);
}
