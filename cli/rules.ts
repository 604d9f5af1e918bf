import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { packageRoot } from '../lib/prebuilt-code';
import { compileRules } from '../lib/sigma/compile';
import { formatProblem } from '../lib/sigma/problems';
import { UsageError } from './command-error';
import type { Io } from './io';
import { type JsonOptions, wholeNumber, withJson } from './options';
import { print, safe } from './print';
import { ruleFiles } from './rule-files';
import { checkConventions } from './rules/conventions';
import { readExamples, spokenBy } from './rules/examples';
import { explain, type ExplainOptions } from './rules/explain';
import { SigmaSchemas } from './rules/schemas';
import { registerRulesPrefilter } from './rules-prefilter';

export { ruleFiles } from './rule-files';

/** `firebreak rules lint|test|explain|prefilter`: checks Sigma rules before they are deployed. */
export function registerRules(program: Command, io: Io): void {
  const rules = program.command('rules').description('Sigma rules: check them, and run their examples');
  withJson(
    rules
      .command('lint <paths...>')
      .description('every mistake of every rule, with its place')
      .option('--schemas <folder>', "hold them to Sigma's JSON schemas, which lie in this folder")
      .option('--conventions', 'hold them to the conventions of our own rules'),
  ).action((paths: string[], options: LintOptions) => lint(io, paths, options));
  withJson(
    rules.command('test <paths...>').description('runs the examples beside each rule (<rule>.examples.json)'),
  ).action((paths: string[], options: JsonOptions) => runExamples(io, paths, options));
  withJson(
    rules
      .command('explain')
      .description('for every part of a rule, whether it held for one event')
      .requiredOption('--rule <rule>', 'a rule file, or the id, name or title of a rule')
      .requiredOption('--event <file>', 'a file with the event, - for standard input')
      .option(
        '--index <number>',
        'which record of the file, counted from 0',
        wholeNumber(0, Number.MAX_SAFE_INTEGER),
        0,
      )
      .option('--rules <paths...>', 'where rules and filters are looked for; without it among those of Firebreak'),
  ).action((options: ExplainOptions) => explain(io, options));
  registerRulesPrefilter(rules, io);
}

interface LintOptions extends JsonOptions {
  readonly schemas?: string;
  readonly conventions?: boolean;
}

/** Our own rules are always held to Sigma's schemas and our conventions, those of others where they ask for it. */
function lint(io: Io, paths: readonly string[], options: LintOptions): void {
  const files = ruleFiles(io, paths);
  const compiled = compileRules(files);
  const ours = paths.every((path) => `${resolve(io.cwd, path)}/`.startsWith(join(packageRoot(), 'rules', '/')));
  const problems = [...compiled.problems];
  const skipped: string[] = [];
  if (options.schemas !== undefined || ours) {
    const folder = options.schemas === undefined ? SigmaSchemas.defaultFolder() : resolve(io.cwd, options.schemas);
    const schemas = SigmaSchemas.open(folder);
    if (schemas !== undefined) problems.push(...files.flatMap((file) => schemas.check(file)));
    else if (options.schemas === undefined)
      skipped.push(`Sigma's JSON schemas: not at ${folder}; name their folder with --schemas`);
    else
      throw new UsageError(
        `'${options.schemas}' has no sigma-detection-rule-schema.json; name 'json-schema' of a checkout of sigma-specification`,
      );
  }
  if (options.conventions || ours) problems.push(...checkConventions(compiled, (path) => examplesOf(io, path)));
  if (problems.length > 0) io.exitCode = 1;
  const rules = compiled.program.rules.length + (compiled.program.correlations?.length ?? 0);
  print(io, options, { files: files.length, rules, problems, skipped }, () => [
    ...problems.map((problem) => safe(formatProblem(problem), 1_000)),
    ...skipped.map((what) => safe(`skipped ${what}`, 500)),
    `${rules} rules in ${files.length} files compile, ${problems.length} mistakes`,
  ]);
}

interface Outcome {
  readonly rule: string;
  readonly example: string;
  readonly expected: 'match' | 'no match';
  readonly passed: boolean;
}

async function runExamples(io: Io, paths: readonly string[], options: JsonOptions): Promise<void> {
  const files = ruleFiles(io, paths);
  // Together: a correlation refers to rules of other files.
  const compiled = compileRules(files);
  const { problems } = compiled;
  const outcomes: Outcome[] = [];
  const without: string[] = [];
  for (const { path: rule } of problems.length > 0 ? [] : files) {
    const examples = readExamples(examplesOf(io, rule));
    if (examples.length === 0) without.push(rule);
    for (const example of examples) {
      const spoke = (await spokenBy(compiled, rule, example)).length > 0;
      const expected = example.kind === 'matches' ? 'match' : 'no match';
      outcomes.push({ rule, example: example.name, expected, passed: spoke === (example.kind === 'matches') });
    }
  }
  const failed = outcomes.filter(({ passed }) => !passed);
  if (problems.length > 0 || failed.length > 0) io.exitCode = 1;
  print(io, options, { problems, outcomes, withoutExamples: without }, () => [
    ...problems.map((problem) => safe(formatProblem(problem), 1_000)),
    ...failed.map(({ rule, example, expected }) =>
      safe(`${rule}: '${example}' should ${expected === 'match' ? '' : 'not '}match`, 1_000),
    ),
    ...without.map((path) => safe(`${path}: has no examples beside it`, 1_000)),
    `${outcomes.length - failed.length} of ${outcomes.length} examples are as they should be`,
  ]);
}

function examplesOf(io: Io, path: string): string {
  return resolve(io.cwd, path.replace(/\.ya?ml$/, '.examples.json'));
}
