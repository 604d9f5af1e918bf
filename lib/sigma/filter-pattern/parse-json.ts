import { parseComparison } from './parse-comparison';
import { parseSelector, type WildcardCount } from './parse-selector';
import type { Scanner } from './scanner';
import { MAX_DEPTH, type FilterPatternSyntax, type JsonCondition, type Selector } from './syntax';

/** What ends a bare value. */
const VALUE = /[^\s()&|=!<>,{}[\]]*/y;

/** The inside of `{ … }`: comparisons joined by `&&` and `||`, of which `&&` binds more. */
export function parseJson(scanner: Scanner): FilterPatternSyntax {
  const wildcards = { count: 0 };
  scanner.blanks();
  if (scanner.done)
    throw scanner.error(
      'a JSON pattern needs a comparison, such as { $.level = "error" }; leave the pattern empty to match everything',
    );
  const condition = parseAny(scanner, wildcards, 0);
  if (scanner.peek() !== '') throw unexpected(scanner);
  return { kind: 'json', condition };
}

function parseAny(scanner: Scanner, wildcards: WildcardCount, depth: number): JsonCondition {
  if (depth > MAX_DEPTH) throw scanner.error(`parentheses are nested at most ${MAX_DEPTH} deep`);
  return chain(scanner, '||', () => chain(scanner, '&&', () => parsePrimary(scanner, wildcards, depth)));
}

function chain(scanner: Scanner, operator: '&&' | '||', operand: () => JsonCondition): JsonCondition {
  const of = [operand()];
  while (scanner.take(operator)) of.push(operand());
  const [only] = of;
  return of.length === 1 && only !== undefined ? only : { kind: operator === '&&' ? 'all' : 'any', of };
}

/** A comparison or a parenthesis, and the blanks behind it. */
function parsePrimary(scanner: Scanner, wildcards: WildcardCount, depth: number): JsonCondition {
  scanner.blanks();
  const open = scanner.at;
  if (scanner.take('(')) {
    const inner = parseAny(scanner, wildcards, depth + 1);
    if (!scanner.take(')')) {
      throw scanner.done ? scanner.error("'(' is never closed; add ')'", open) : unexpected(scanner);
    }
    scanner.blanks();
    return inner;
  }
  if (scanner.peek() === '!')
    throw scanner.error("'!' does not exist; write '!=', 'IS FALSE' or 'NOT EXISTS' behind a selector");
  if (scanner.peek() !== '$') {
    const here = scanner.done ? 'the end of the pattern' : `'${scanner.peek()}'`;
    throw scanner.error(`a selector such as '$.eventName' is expected, got ${here}`);
  }
  const condition = parseTest(scanner, parseSelector(scanner, wildcards));
  scanner.blanks();
  return condition;
}

function parseTest(scanner: Scanner, selector: Selector): JsonCondition {
  scanner.blanks();
  const at = scanner.at;
  const words = scanner.match(/[A-Za-z]+(\s+[A-Za-z]+)*/y);
  switch (words) {
    case 'IS NULL':
    case 'IS TRUE':
    case 'IS FALSE':
      return { kind: 'is', selector, what: words.slice(3) as 'NULL' | 'TRUE' | 'FALSE' };
    case 'NOT EXISTS':
      return { kind: 'missing', selector };
    case '':
      return parseCompared(scanner, selector);
    default:
      throw scanner.error(refusedWords(words), at);
  }
}

function parseCompared(scanner: Scanner, selector: Selector): JsonCondition {
  const { op, operand, at } = parseComparison(scanner, VALUE, "'IS NULL', 'NOT EXISTS', '=', '!=', '<' or '>'");
  if (operand.kind === 'text' && /^null$/i.test(operand.text) && scanner.text[at] !== '"')
    throw scanner.error("null is compared by 'IS NULL'; a missing field by 'NOT EXISTS'", at);
  return { kind: 'compare', selector, op, operand };
}

/** Told apart by what was most likely meant. */
function refusedWords(words: string): string {
  const normal = words.replace(/\s+/g, ' ');
  const upper = normal.toUpperCase();
  if (/^IS (NULL|TRUE|FALSE)$/.test(upper) || upper === 'NOT EXISTS')
    return `'${words}' is written '${upper}', in capitals and with one blank`;
  if (upper === 'EXISTS') return "'EXISTS' does not exist, only 'NOT EXISTS'; '= *' holds for any string or number";
  if (upper.startsWith('IS NOT')) return "'IS NOT' does not exist; 'IS' goes with NULL, TRUE and FALSE";
  if (/^(AND|OR)\b/.test(upper)) return "a comparison is missing before it; conditions are joined by '&&' and '||'";
  return `a comparison is expected, got '${normal}'; there are = != < <= > >=, IS NULL, IS TRUE, IS FALSE and NOT EXISTS`;
}

function unexpected(scanner: Scanner): Error {
  const word = scanner.match(/[A-Za-z]+/y);
  if (/^(and|or)$/i.test(word))
    return scanner.error(`conditions are joined by '&&' and '||', got '${word}'`, scanner.at - word.length);
  const next = word === '' ? scanner.peek() : word;
  return scanner.error(`'&&', '||' or the end is expected, got '${next}'`, scanner.at - word.length);
}
