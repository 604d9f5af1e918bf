import { statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import type { Job, Task } from './hunt/job';
import { loadPlan } from './load-plan';
import { Output } from './hunt/output';
import { loadRules } from './hunt/load-rules';
import { runAll } from './hunt/run-all';
import { cutTasks, eventFiles } from './hunt/tasks';
import type { Io } from './io';
import { type JsonOptions, wholeNumber, withJson } from './options';

interface HuntOptions extends JsonOptions {
  readonly rules: readonly string[];
  readonly events: readonly string[];
  readonly diff?: readonly string[];
  readonly plan?: string;
  readonly stats?: boolean;
  readonly strict?: boolean;
  readonly threads?: number;
}

/** A thread takes a tenth of a second to start, in which one alone looks through about so many bytes. */
const WORTH_THREADS = 16 * 1024 * 1024;

/** `firebreak hunt`: what the detector would find live, in files. Needs no deployed stack. */
export function registerHunt(program: Command, io: Io): void {
  withJson(
    program
      .command('hunt')
      .description('runs rules over CloudTrail files: JSON, JSON lines, {"Records": [...]}, gzip, - for standard input')
      .requiredOption('--rules <paths...>', 'rule files (.yml) or folders with them')
      .requiredOption(
        '--events <files...>',
        'files with CloudTrail records or EventBridge events, or folders with them',
      )
      .option('--diff <paths...>', 'the rules as they were: tell only what the change adds (+) and takes away (-)')
      .option('--plan <file>', 'a firebreak.yaml: tell what would have been contained')
      .option('--stats', 'end with numbers, for each rule and in all')
      .option('--strict', 'parse every record, also those that no rule can match')
      .option('--threads <count>', 'threads to use (default: one for each core)', wholeNumber(1, 256)),
  ).action((options: HuntOptions) => hunt(io, options));
}

async function hunt(io: Io, options: HuntOptions): Promise<void> {
  const { tasks, problems } = eventFiles(io.cwd, options.events);
  const job: Job = {
    rules: loadRules(io, options.rules),
    strict: options.strict === true,
    ...(options.diff !== undefined && { oldRules: loadRules(io, options.diff) }),
    ...(options.plan !== undefined && { plan: loadPlan(io, options.plan) }),
  };
  const output = new Output(io, options, job);
  for (const problem of problems) output.problem(problem);
  await runAll(job, cutTasks(tasks), threadsFor(tasks, options.threads), (task, part) => output.part(task, part));
  output.end();
}

function threadsFor(files: readonly Task[], asked: number | undefined): number {
  if (asked !== undefined) return asked;
  const bytes = files.reduce((sum, { path }) => sum + (path === '-' ? 0 : statSync(path).size), 0);
  return bytes < WORTH_THREADS ? 1 : availableParallelism();
}
