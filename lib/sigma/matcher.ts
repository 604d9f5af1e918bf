import type { Because } from '../model/alert';
import { assertNever } from '../model/assert-never';
import type { Json, JsonObject } from '../model/json';
import { foldAscii } from './fold';
import { OPERATORS } from './operators';
import { compilePath, leaves } from './paths';
import { PROGRAM_VERSION, type CompiledRule, type Condition, type Logsource, type Program } from './compiled-rules';

export interface Match {
  readonly rule: CompiledRule;
  readonly because: readonly Because[];
}

/** A condition made ready: tests are asked for every event, explanations only for matches. */
interface Ready {
  readonly test: (record: JsonObject) => boolean;
  readonly explain: (record: JsonObject) => Because[];
}

/** What an explanation shows of a value; the whole record is in the evidence. */
const MAX_SHOWN = 256;
const MAX_ROWS = 30;

/**
 * The plain interpreter: asks every rule, one after the other. What is deployed is the IndexedMatcher, and this is
 * what it is held against.
 */
export class Matcher {
  readonly #rules: readonly { readonly rule: CompiledRule; readonly ready: Ready }[];

  /** Throws where the program was written by another version of the compiler. */
  constructor(program: Program) {
    checkVersion(program);
    this.#rules = program.rules.map((rule) => ({ rule, ready: prepare(rule.condition) }));
  }

  /** The rules that look at this log source and match the record, in the order of the program. */
  match(record: JsonObject, logsource: Logsource): Match[] {
    return this.#rules
      .filter(({ rule, ready }) => covers(rule.logsource, logsource) && ready.test(record))
      .map(({ rule, ready }) => ({ rule, because: ready.explain(record).slice(0, MAX_ROWS) }));
  }
}

/** Throws where the program was written by another version of the compiler. */
export function checkVersion(program: Program): void {
  if (program.version === PROGRAM_VERSION) return;
  throw new Error(
    `the compiled rules have version ${program.version}, this matcher reads ${PROGRAM_VERSION}; compile them again`,
  );
}

/** Tells why a condition holds for a record; to be asked only where it does. */
export function explainer(condition: Condition): (record: JsonObject) => readonly Because[] {
  const ready = prepare(condition);
  return (record) => ready.explain(record).slice(0, MAX_ROWS);
}

const matchers = new WeakMap<Program, Matcher>();

/** Matches one record; the program is made ready at its first use. */
export function match(program: Program, record: JsonObject, logsource: Logsource): Match[] {
  const matcher = matchers.get(program) ?? new Matcher(program);
  matchers.set(program, matcher);
  return matcher.match(record, logsource);
}

/** Each part that the rule names must be that of the event. */
export function covers(wanted: Logsource, actual: Logsource): boolean {
  return (['product', 'category', 'service'] as const).every(
    (part) => wanted[part] === undefined || foldAscii(wanted[part]) === foldAscii(actual[part] ?? ''),
  );
}

function prepare(condition: Condition): Ready {
  switch (condition.kind) {
    case 'all': {
      const of = condition.of.map(prepare);
      return {
        test: (record) => of.every((part) => part.test(record)),
        explain: (record) => of.flatMap((part) => part.explain(record)),
      };
    }
    case 'any': {
      const of = condition.of.map(prepare);
      return {
        test: (record) => of.some((part) => part.test(record)),
        // The first that holds is reason enough.
        explain: (record) => of.find((part) => part.test(record))?.explain(record) ?? [],
      };
    }
    case 'not':
      return negated(condition.of);
    case 'field':
    case 'keyword':
      return leaf(condition, false);
    default:
      return assertNever(condition);
  }
}

function negated(condition: Condition): Ready {
  const inner = prepare(condition);
  const leaves = leavesOf(condition).map((part) => leaf(part, true));
  return {
    test: (record) => !inner.test(record),
    explain: (record) => leaves.filter((part) => part.test(record)).flatMap((part) => part.explain(record)),
  };
}

type Leaf = Extract<Condition, { kind: 'field' | 'keyword' }>;

/** The leaves under a `not`: those that do not hold are why the whole does not. A `not` inside speaks for itself. */
function leavesOf(condition: Condition): Leaf[] {
  switch (condition.kind) {
    case 'all':
    case 'any':
      return condition.of.flatMap(leavesOf);
    case 'not':
      return [];
    case 'field':
    case 'keyword':
      return [condition];
    default:
      return assertNever(condition);
  }
}

function leaf(condition: Leaf, negate: boolean): Ready {
  const make = OPERATORS.get(condition.op);
  if (make === undefined)
    throw new Error(`the compiled rules use operator '${condition.op}', which this matcher does not know`);
  const test = make(condition.value, condition.cased === true);
  const values = condition.kind === 'field' ? compilePath(condition.path) : leaves;
  const path = condition.kind === 'field' ? condition.path : '(anywhere)';
  return {
    test: (record) => test(values(record), record) !== negate,
    explain: (record) => {
      const found = values(record);
      const decided = negate ? found[0] : (found.find((value) => test([value], record)) ?? found[0]);
      const actual = negate && condition.kind === 'keyword' ? '(not found)' : shown(decided);
      return [{ path, op: `${negate ? 'not ' : ''}${condition.op}`, value: shown(condition.value), actual }];
    },
  };
}

function shown(value: Json | undefined): string {
  if (value === undefined) return '(missing)';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length <= MAX_SHOWN ? text : `${text.slice(0, MAX_SHOWN)}… (${text.length} characters)`;
}
