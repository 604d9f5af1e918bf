import { compileRules } from '../../lib/sigma/compile';
import { formatProblem } from '../../lib/sigma/problems';
import { CommandError } from '../command-error';
import type { Io } from '../io';
import { safe } from '../print';
import { ruleFiles } from '../rule-files';
import type { LoadedRules } from './job';

/**
 * Compiles the rules that were named. Mistakes are told and set the exit code, and the other rules are used.
 *
 * @throws CommandError where no rule is left
 */
export function loadRules(io: Io, paths: readonly string[]): LoadedRules {
  const files = ruleFiles(io, paths);
  const { program, problems, origins } = compileRules(files);
  for (const problem of problems) io.err(`${safe(formatProblem(problem), 1_000)}\n`);
  if (problems.length > 0) io.exitCode = 1;
  if (program.rules.length === 0)
    throw new CommandError(`no rule is left of ${files.length} files; correct what is said above`);
  return { program, files: Object.fromEntries([...origins].map(([id, { path }]) => [id, path])) };
}
