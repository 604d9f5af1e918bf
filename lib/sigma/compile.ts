import { compileRule } from './compile-rule';
import { parseRule } from './parse-rule';
import { Problems, type Problem } from './problems';
import { PROGRAM_VERSION, type CompiledRule, type Program } from './compiled-rules';
import { parseYaml } from './yaml';

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
}

/** Larger than any rule that a person wrote. */
const MAX_FILE = 1_000_000;

/** Compiles rule files. Never throws for what is in a file: what is wrong is told, the other files go on. */
export function compileRules(files: readonly RuleFile[]): Compiled {
  const rules: CompiledRule[] = [];
  const problems: Problem[] = [];
  const seen = new Map<string, string>();
  for (const file of files) {
    const found = new Problems(file.path);
    if (file.text.length > MAX_FILE) {
      found.add({ line: 1, column: 1 }, `a rule file has at most ${MAX_FILE} characters, got ${file.text.length}`);
    } else {
      const trees = parseYaml(file.text, found);
      if (trees.length === 0 && found.all.length === 0) found.add({ line: 1, column: 1 }, 'the file holds no rule');
      for (const tree of trees) {
        const before = found.all.length;
        const syntax = parseRule(file.path, tree, found);
        const rule = syntax && compileRule(syntax, found);
        if (syntax === undefined || rule === undefined || found.all.length > before) continue;
        const other = seen.get(rule.id);
        if (other !== undefined) {
          found.add(syntax.place, `rule id ${rule.id} is already used in ${other}; give one of them a new UUID`);
          continue;
        }
        seen.set(rule.id, `${file.path}:${syntax.place.line}`);
        rules.push(rule);
      }
    }
    found.all.sort((a, b) => a.line - b.line || a.column - b.column);
    problems.push(...found.all);
  }
  return { program: { version: PROGRAM_VERSION, rules }, problems };
}
