import { join } from 'node:path';
import { packageRoot } from '../prebuilt-code';
import { compileRules, type RuleFile } from '../sigma/compile';
import { formatProblem } from '../sigma/problems';
import type { CompiledRule, Program } from '../sigma/compiled-rules';
import { readRuleFiles } from './rule-files';

/**
 * Sigma rules, compiled. A rule that cannot be compiled fails the synth, with every mistake of every file listed.
 */
export class RuleSet {
  /**
   * The rules that come with Firebreak, and that turn every GuardDuty finding into an alert.
   */
  public static builtIn(): RuleSet {
    return RuleSet.directory(join(packageRoot(), 'rules'));
  }

  /**
   * All Sigma rules (`.yml`, `.yaml`) in a folder and the folders in it.
   *
   * @param path relative to the working directory, or absolute
   * @throws Error with every mistake of every file, also for rule ids that are used twice
   */
  public static directory(path: string): RuleSet {
    return new RuleSet(readRuleFiles(path));
  }

  private readonly files: RuleFile[];
  private readonly program: Program;

  private constructor(files: RuleFile[]) {
    const { program, problems } = compileRules(files);
    if (problems.length > 0) {
      const count = problems.length === 1 ? 'a mistake' : `${problems.length} mistakes`;
      throw new Error(`the rules have ${count}:\n${problems.map(formatProblem).join('\n')}`);
    }
    this.files = files;
    this.program = program;
  }

  /**
   * These rules and others.
   *
   * @throws Error where both have a rule of the same id
   */
  public combine(other: RuleSet): RuleSet {
    return new RuleSet([...this.files, ...other.files]);
  }

  /**
   * These rules and one of Firebreak's own.
   *
   * @internal
   */
  public _with(path: string, text: string): RuleSet {
    return new RuleSet([...this.files, { path, text }]);
  }

  /** How many rules there are, correlations among them. */
  public get size(): number {
    return this.ruleIds.length;
  }

  /** Ids of the rules, in the order in which they are looked at; correlations come last. */
  public get ruleIds(): string[] {
    return [...this.program.rules, ...(this.program.correlations ?? [])].map((rule) => rule.id);
  }

  /**
   * Ids and levels.
   *
   * @internal
   */
  public get _known(): { readonly id: string; readonly level: CompiledRule['level'] }[] {
    return [...this.program.rules, ...(this.program.correlations ?? [])].map(({ id, level }) => ({ id, level }));
  }

  /** @internal */
  public get _program(): Program {
    return this.program;
  }
}
