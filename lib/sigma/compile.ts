import { compileRule } from './compile-rule';
import { PROGRAM_VERSION, type CompiledCorrelation, type CompiledRule, type Program } from './compiled-rules';
import { parseCorrelation } from './correlation/parse';
import type { CorrelationSyntax } from './correlation/syntax';
import { expandCollection } from './collection';
import type { FilterSyntax } from './filter/parse';
import { parseFilter } from './filter/parse';
import { link } from './link';
import { parseRule } from './parse-rule';
import { Problems, type Place, type Problem } from './problems';
import { parseYaml, type Tree } from './yaml';

export interface RuleFile {
  /** Told in messages. */
  readonly path: string;
  readonly text: string;
}

export interface Compiled {
  /** The rules without mistakes. */
  readonly program: Program;
  /** Every mistake of every file, in the order of the files. */
  readonly problems: readonly Problem[];
  /** Rule or correlation id → where it was written. */
  readonly origins: ReadonlyMap<string, { readonly path: string; readonly line: number }>;
}

/** Larger than any rule that a person wrote. */
const MAX_FILE = 1_000_000;

/** What one document turned out to be, with the place for mistakes that only show once all files are read. */
export type Document = { readonly problems: Problems; readonly place: Place; readonly path: string } & (
  | { readonly kind: 'rule'; readonly rule: CompiledRule }
  | { readonly kind: 'correlation'; readonly correlation: CorrelationSyntax }
  | { readonly kind: 'filter'; readonly filter: FilterSyntax }
  | { readonly kind: 'broken'; readonly names: readonly string[] }
);

/** Compiles rule files. Never throws for what is in a file: what is wrong is told, the other files go on. */
export function compileRules(files: readonly RuleFile[]): Compiled {
  const read = files.map((file) => {
    const problems = new Problems(file.path);
    return { problems, documents: documentsOf(file, problems) };
  });
  const { rules, correlations, origins } = link(read.flatMap(({ documents }) => documents));
  const problems = read.flatMap(({ problems: { all } }) =>
    [...all].sort((a, b) => a.line - b.line || a.column - b.column),
  );
  return { program: programOf(rules, correlations), problems, origins };
}

/** A program without correlations is what it was before there were any. */
function programOf(rules: readonly CompiledRule[], correlations: readonly CompiledCorrelation[]): Program {
  return { version: PROGRAM_VERSION, rules, ...(correlations.length > 0 && { correlations }) };
}

function documentsOf(file: RuleFile, problems: Problems): Document[] {
  const start: Place = { line: 1, column: 1 };
  if (file.text.length > MAX_FILE) {
    problems.add(start, `a rule file has at most ${MAX_FILE} characters, got ${file.text.length}`);
    return [];
  }
  const trees = expandCollection(parseYaml(file.text, problems), problems);
  if (trees.length === 0 && problems.all.length === 0) problems.add(start, 'the file holds no rule');
  return trees.map((tree, number) => documentOf(file.path, tree, number, problems));
}

function documentOf(path: string, tree: Tree, number: number, problems: Problems): Document {
  const about = { problems, path, place: { line: tree.line, column: tree.column } };
  if (tree.kind !== 'map') {
    problems.add(tree, `a rule is a YAML map, got a ${tree.kind}`);
    return { ...about, kind: 'broken', names: [] };
  }
  const before = problems.all.length;
  const has = (key: string): boolean => tree.entries.some((entry) => entry.key === key);
  const origin = { path, number };
  // What refers to a rule with mistakes is not told about it a second time.
  const names = tree.entries.flatMap(({ key, value }) =>
    (key === 'id' || key === 'name') && value.kind === 'scalar' ? [String(value.value)] : [],
  );
  const broken: Document = { ...about, kind: 'broken', names };
  if (has('correlation')) {
    const correlation = parseCorrelation(origin, tree, problems);
    return correlation === undefined ? broken : { ...about, kind: 'correlation', correlation };
  }
  if (has('filter')) {
    const filter = parseFilter(origin, tree, problems);
    return filter === undefined || problems.all.length > before ? broken : { ...about, kind: 'filter', filter };
  }
  const syntax = parseRule(origin, tree, problems);
  const rule = syntax && compileRule(syntax, problems);
  return rule === undefined || problems.all.length > before ? broken : { ...about, kind: 'rule', rule };
}
