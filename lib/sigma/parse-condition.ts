import type { Place, Problems } from './problems';
import type { ConditionSyntax } from './syntax';

interface Token {
  readonly text: string;
  readonly place: Place;
}

class ConditionError extends Error {
  constructor(
    readonly place: Place,
    message: string,
  ) {
    super(message);
    this.name = 'ConditionError';
  }
}

const KEYWORDS = new Set(['and', 'or', 'not', 'of']);
/** Deeper nesting than any person writes; the parser and the matcher recurse. */
const MAX_DEPTH = 50;

/** The text of a condition to its tree. `or` binds least, then `and`, `not`, `x of`, parentheses. */
export function parseCondition(text: string, start: Place, problems: Problems): ConditionSyntax | undefined {
  try {
    return new Parser(tokens(text, start), { line: start.line, column: start.column + text.length }).parse();
  } catch (error) {
    if (!(error instanceof ConditionError)) throw error;
    problems.add(error.place, error.message);
    return undefined;
  }
}

function tokens(text: string, start: Place): Token[] {
  return [...text.matchAll(/[()|]|[^\s()|]+/g)].map((match) => ({
    text: match[0],
    place: placeIn(text, match.index, start),
  }));
}

/** A condition may go over several lines (a YAML block); the column is only exact on its first. */
function placeIn(text: string, index: number, start: Place): Place {
  const before = text.slice(0, index).split('\n');
  if (before.length === 1) return { line: start.line, column: start.column + index };
  return { line: start.line + before.length - 1, column: (before.at(-1)?.length ?? 0) + 1 };
}

class Parser {
  readonly #tokens: readonly Token[];
  readonly #end: Place;
  #next = 0;
  #depth = 0;

  constructor(all: readonly Token[], end: Place) {
    this.#tokens = all;
    this.#end = end;
  }

  parse(): ConditionSyntax {
    const tree = this.#or();
    const rest = this.#tokens[this.#next];
    if (rest !== undefined) throw this.#unexpected(rest, "'and', 'or' or the end of the condition");
    return tree;
  }

  #or(): ConditionSyntax {
    return this.#chain('or', () => this.#chain('and', () => this.#not()));
  }

  #chain(kind: 'or' | 'and', operand: () => ConditionSyntax): ConditionSyntax {
    const of = [operand()];
    while (this.#take(kind)) of.push(operand());
    const [only] = of;
    return of.length === 1 && only !== undefined ? only : { kind, of };
  }

  #not(): ConditionSyntax {
    const at = this.#tokens[this.#next];
    if (++this.#depth > MAX_DEPTH)
      throw new ConditionError(at?.place ?? this.#end, `a condition is nested at most ${MAX_DEPTH} deep`);
    const tree: ConditionSyntax = this.#take('not') ? { kind: 'not', of: this.#not() } : this.#primary();
    this.#depth--;
    return tree;
  }

  #primary(): ConditionSyntax {
    const token = this.#tokens[this.#next++];
    if (token === undefined)
      throw new ConditionError(this.#end, 'the condition ends where a search identifier is expected');
    if (token.text === '(') {
      const inner = this.#or();
      const close = this.#tokens[this.#next++];
      if (close?.text !== ')')
        throw close === undefined
          ? new ConditionError(token.place, "'(' is never closed")
          : this.#unexpected(close, "')'");
      return inner;
    }
    const of = this.#tokens[this.#next];
    if (of?.text.toLowerCase() === 'of') return this.#some(token);
    if (token.text === ')' || token.text === '|' || KEYWORDS.has(token.text.toLowerCase()))
      throw this.#unexpected(token, 'a search identifier');
    if (/[*?]/.test(token.text))
      throw new ConditionError(token.place, `a pattern needs '1 of' or 'all of' before it, got '${token.text}'`);
    return { kind: 'search', name: token.text, place: token.place };
  }

  #some(count: Token): ConditionSyntax {
    this.#next++;
    const word = count.text.toLowerCase();
    if (word !== '1' && word !== 'all' && word !== 'any') {
      throw new ConditionError(count.place, `only '1 of' and 'all of' exist in Sigma 2.1, got '${count.text} of'`);
    }
    const pattern = this.#tokens[this.#next++];
    if (pattern === undefined) throw new ConditionError(this.#end, `'${count.text} of' needs a pattern or 'them'`);
    if (pattern.text === '(' || pattern.text === ')' || pattern.text === '|')
      throw this.#unexpected(pattern, "a pattern or 'them'");
    return { kind: 'some', count: word === 'all' ? 'all' : '1', pattern: pattern.text, place: pattern.place };
  }

  #take(word: string): boolean {
    if (this.#tokens[this.#next]?.text.toLowerCase() !== word) return false;
    this.#next++;
    return true;
  }

  #unexpected(token: Token, wanted: string): ConditionError {
    if (token.text === '|') return new ConditionError(token.place, this.#oldSyntax(this.#tokens.indexOf(token) + 1));
    return new ConditionError(token.place, `expected ${wanted}, got '${token.text}'`);
  }

  /** `| count(field) by group > 5` and `| near other` were Sigma 1; what they are today is told with the reason. */
  #oldSyntax(from: number): string {
    const rest = this.#tokens.slice(from).map(({ text }) => text);
    const what = (rest[0] ?? '').toLowerCase();
    const name = what === 'near' ? "'near'" : `the aggregation '| ${what}'`;
    return `${name} is the old syntax, which Sigma 2 replaced by correlation rules: not supported; give the rule a 'name' and write a correlation: ${modernCorrelation(what, rest.slice(1))}`;
  }
}

const COMPARED: Readonly<Record<string, string>> = {
  '>': 'gt',
  '>=': 'gte',
  '<': 'lt',
  '<=': 'lte',
  '=': 'eq',
  '==': 'eq',
};

function modernCorrelation(what: string, rest: readonly string[]): string {
  if (what === 'near') return '{type: temporal, rules: [<name>, <name>], group-by: [<field>], timespan: 10m}';
  const close = rest.indexOf(')');
  const field = rest[0] === '(' && close === 2 ? rest[1] : undefined;
  const by = rest.findIndex((word) => word.toLowerCase() === 'by');
  const operator = rest.findIndex((word) => Object.hasOwn(COMPARED, word));
  const group = by < 0 ? '<field>' : rest.slice(by + 1, operator < 0 ? undefined : operator).join(' ');
  const compared =
    operator < 0 ? 'gte: 10' : `${COMPARED[rest[operator] ?? ''] ?? 'gte'}: ${rest[operator + 1] ?? '10'}`;
  const types: Readonly<Record<string, string>> = { sum: 'value_sum', avg: 'value_avg' };
  const type = types[what] ?? (field === undefined ? 'event_count' : 'value_count');
  const of = field === undefined ? '' : `field: ${field}, `;
  return `{type: ${type}, rules: [<name>], group-by: [${group}], timespan: 10m, condition: {${of}${compared}}}`;
}
