import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { readRuleFiles } from '../lib/detect/rule-files';
import { isJsonObject, type JsonObject } from '../lib/model/json';
import { compileRules, type RuleFile } from '../lib/sigma/compile';
import { match } from '../lib/sigma/matcher';
import { formatProblem } from '../lib/sigma/problems';
import { UsageError } from './command-error';
import type { Io } from './io';
import { type JsonOptions, withJson } from './options';
import { print, safe } from './print';

/** `firebreak rules lint|test`: checks Sigma rules before they are deployed. */
export function registerRules(program: Command, io: Io): void {
  const rules = program.command('rules').description('Sigma rules: check them, and run their examples');
  withJson(rules.command('lint <paths...>').description('every mistake of every rule, with its place')).action(
    (paths: string[], options: JsonOptions) => lint(io, paths, options),
  );
  withJson(
    rules.command('test <paths...>').description('runs the examples beside each rule (<rule>.examples.json)'),
  ).action((paths: string[], options: JsonOptions) => runExamples(io, paths, options));
}

/** The rule files that were named, or lie in folders that were. */
export function ruleFiles(io: Io, paths: readonly string[]): RuleFile[] {
  return paths.flatMap((path) => {
    const full = resolve(io.cwd, path);
    if (!existsSync(full))
      throw new UsageError(`'${path}' does not exist; name rule files (.yml) or folders with them`);
    if (statSync(full).isDirectory())
      return readRuleFiles(full).map((file) => ({ ...file, path: join(path, file.path.slice(full.length + 1)) }));
    return [{ path, text: readFileSync(full, 'utf8') }];
  });
}

function lint(io: Io, paths: readonly string[], options: JsonOptions): void {
  const files = ruleFiles(io, paths);
  const { program, problems } = compileRules(files);
  if (problems.length > 0) io.exitCode = 1;
  print(io, options, { files: files.length, rules: program.rules.length, problems }, () => [
    ...problems.map((problem) => safe(formatProblem(problem), 1_000)),
    `${program.rules.length} rules in ${files.length} files compile, ${problems.length} mistakes`,
  ]);
}

interface Outcome {
  readonly rule: string;
  readonly example: string;
  readonly expected: 'match' | 'no match';
  readonly passed: boolean;
}

function runExamples(io: Io, paths: readonly string[], options: JsonOptions): void {
  const files = ruleFiles(io, paths);
  const problems = files.flatMap((file) => compileRules([file]).problems);
  const without = files.filter((file) => !existsSync(examplesOf(io, file))).map(({ path }) => path);
  const outcomes = problems.length > 0 ? [] : files.flatMap((file) => outcomesOf(io, file));
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

function examplesOf(io: Io, file: RuleFile): string {
  return resolve(io.cwd, file.path.replace(/\.ya?ml$/, '.examples.json'));
}

function outcomesOf(io: Io, file: RuleFile): Outcome[] {
  const path = examplesOf(io, file);
  if (!existsSync(path)) return [];
  const { program } = compileRules([file]);
  const examples: unknown = JSON.parse(readFileSync(path, 'utf8'));
  const logsource = program.rules[0]?.logsource ?? {};
  return (['matches', 'ignores'] as const).flatMap((kind) =>
    exampleList(examples, kind, path).map(({ name, event }): Outcome => {
      const matched = match(program, event, logsource).length > 0;
      const expected = kind === 'matches' ? 'match' : 'no match';
      return { rule: file.path, example: name, expected, passed: matched === (kind === 'matches') };
    }),
  );
}

function exampleList(examples: unknown, kind: string, path: string): { name: string; event: JsonObject }[] {
  const list = isJsonObject(examples) ? examples[kind] : undefined;
  if (!Array.isArray(list)) throw new UsageError(`${path}: '${kind}' must be a list of {name, event}`);
  return list.map((item, index) => {
    if (!isJsonObject(item) || !isJsonObject(item.event))
      throw new UsageError(`${path}: ${kind}[${index}] must be {name, event}`);
    return { name: typeof item.name === 'string' ? item.name : `${kind}[${index}]`, event: item.event };
  });
}
