import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isJsonObject, type Json, type JsonObject } from '../../lib/model/json';
import { packageRoot } from '../../lib/prebuilt-code';
import { compileRules } from '../../lib/sigma/compile';
import { explainRules, type Explained, type ExplainedRule } from '../../lib/sigma/explain-rule';
import { Matcher } from '../../lib/sigma/matcher';
import { formatProblem } from '../../lib/sigma/problems';
import { CommandError, UsageError } from '../command-error';
import type { Io } from '../io';
import type { JsonOptions } from '../options';
import { print, safe } from '../print';
import { readRecords } from '../read-records';
import { ruleFiles } from '../rule-files';

export interface ExplainOptions extends JsonOptions {
  readonly rule: string;
  readonly event: string;
  readonly index: number;
  readonly rules?: readonly string[];
}

interface Answer extends ExplainedRule {
  /** A filter took the event from the rule. */
  readonly excluded: boolean;
}

/** For every part of a rule's condition, whether it held for one event. */
export function explain(io: Io, options: ExplainOptions): void {
  const isFile = existsSync(resolve(io.cwd, options.rule)) && statSync(resolve(io.cwd, options.rule)).isFile();
  const paths = options.rules ?? (isFile ? [options.rule] : [join(packageRoot(), 'rules')]);
  const files = ruleFiles(io, paths);
  const compiled = compileRules(files);
  const wanted = isFile ? undefined : idsBehind(compiled.program, options.rule);
  if (wanted?.size === 0)
    throw new UsageError(
      `no rule has the id, name or title '${options.rule}'; name a rule file, or its folder with --rules`,
    );
  const record = recordAt(io, options);
  const answers = files
    .filter((file) => !isFile || file.path === options.rule)
    .flatMap((file) =>
      explainRules(file.path, file.text, record).map((rule) => withFilters(rule, record, compiled.program)),
    )
    .filter(({ id }) => wanted === undefined || wanted.has(id));
  if (answers.length === 0) {
    const why = compiled.problems.map(formatProblem).join('\n');
    throw new CommandError(why === '' ? `'${options.rule}' holds no rule with a condition` : why);
  }
  if (!answers.some(({ held, excluded }) => held && !excluded)) io.exitCode = 1;
  print(io, options, { rules: answers }, () => answers.flatMap(lines));
}

type Program = ReturnType<typeof compileRules>['program'];

/** A rule, or the rules below a correlation. */
function idsBehind(program: Program, wanted: string): Set<string> {
  const ids = new Set<string>();
  const correlations = new Map((program.correlations ?? []).map((one) => [one.id, one]));
  const visit = (id: string): void => {
    const correlation = correlations.get(id);
    if (correlation === undefined) ids.add(id);
    else correlation.rules.forEach(visit);
  };
  for (const { id, name, title } of [...program.rules, ...correlations.values()])
    if ([id, name, title].some((known) => known?.toLowerCase() === wanted.toLowerCase())) visit(id);
  return ids;
}

function withFilters(explained: ExplainedRule, record: JsonObject, program: Program): Answer {
  const rule = program.rules.find(({ id }) => id === explained.id);
  const matches =
    rule === undefined
      ? explained.held
      : new Matcher({ version: program.version, rules: [rule] }).match(record, rule.logsource).length > 0;
  return { ...explained, excluded: explained.held && !matches };
}

function recordAt(io: Io, { event, index }: ExplainOptions): JsonObject {
  let at = 0;
  for (const record of readRecords(io, event)) {
    if (at++ !== index) continue;
    if (!isJsonObject(record)) throw new UsageError(`${event}: record ${index} is not a JSON object`);
    return isJsonObject(record.detail) && typeof record['detail-type'] === 'string' ? record.detail : record;
  }
  throw new UsageError(`${event} has ${at} records; there is none at index ${index}`);
}

function lines({ title, id, held, excluded, condition }: Answer): string[] {
  const verdict = !held ? 'does not match' : excluded ? 'matches, and a filter takes it away' : 'matches';
  return [safe(`${title} (${id}): ${verdict}`, 400), ...tree(condition, 1)];
}

function tree({ part, held, value, actual, parts }: Explained, depth: number): string[] {
  const compared = value === undefined ? '' : ` ${shown(value)}`;
  const found = actual === undefined ? '' : `, got ${actual.length === 0 ? '(missing)' : actual.map(shown).join(', ')}`;
  const own = `${'  '.repeat(depth)}${held ? '✓' : '✗'} ${safe(`${part}${compared}${found}`, 400)}`;
  return [own, ...(parts ?? []).flatMap((below) => tree(below, depth + 1))];
}

function shown(value: Json): string {
  return JSON.stringify(value).slice(0, 200);
}
