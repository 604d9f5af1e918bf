import { parseComparison } from './parse-comparison';
import type { Scanner } from './scanner';
import { MAX_DEPTH, type FieldCondition, type FieldSlot, type FilterPatternSyntax } from './syntax';

/** What ends a bare value. */
const VALUE = /[^\s()&|=!<>,\]]*/y;

/** The inside of `[ … ]`: a place for each field of the line; `...` stands for any number of them. */
export function parseFields(scanner: Scanner): FilterPatternSyntax {
  const of: FieldSlot[] = [];
  do {
    scanner.blanks();
    const start = scanner.at;
    const slot = parseSlot(scanner);
    if (slot.kind === 'ellipsis' && of.some(({ kind }) => kind === 'ellipsis'))
      throw scanner.error("'...' may stand once, or nobody could say which field is which", start);
    of.push(slot);
    scanner.blanks();
  } while (scanner.take(','));
  if (!scanner.done) throw scanner.error(`',' or ']' is expected, got '${scanner.peek()}'`);
  return { kind: 'fields', of };
}

function parseSlot(scanner: Scanner): FieldSlot {
  if (scanner.take('...')) return { kind: 'ellipsis' };
  const start = scanner.at;
  let bracket = start;
  while (scanner.text[bracket] === '(' || scanner.text[bracket] === ' ') bracket++;
  const [name = ''] = /^[A-Za-z0-9_-]+/.exec(scanner.text.slice(bracket, scanner.end)) ?? [];
  if (name === '') {
    const here = scanner.done ? 'nothing' : `'${scanner.peek()}'`;
    throw scanner.error(`a name for the field, or '...', is expected, got ${here}`);
  }
  if (bracket === start) {
    scanner.take(name);
    scanner.blanks();
    if (scanner.done || scanner.peek() === ',') return { kind: 'field', name };
    return { kind: 'field', name, condition: parseAny(scanner, name, true, 0) };
  }
  return { kind: 'field', name, condition: parseAny(scanner, name, false, 0) };
}

/** @param named the name of the first comparison was read already */
function parseAny(scanner: Scanner, name: string, named: boolean, depth: number): FieldCondition {
  if (depth > MAX_DEPTH) throw scanner.error(`parentheses are nested at most ${MAX_DEPTH} deep`);
  let first = named;
  const primary = (): FieldCondition => {
    const readName = !first;
    first = false;
    return parsePrimary(scanner, name, readName, depth);
  };
  return chain(scanner, '||', () => chain(scanner, '&&', primary));
}

function chain(scanner: Scanner, operator: '&&' | '||', operand: () => FieldCondition): FieldCondition {
  const of = [operand()];
  while (scanner.take(operator)) of.push(operand());
  const [only] = of;
  return of.length === 1 && only !== undefined ? only : { kind: operator === '&&' ? 'all' : 'any', of };
}

function parsePrimary(scanner: Scanner, name: string, readName: boolean, depth: number): FieldCondition {
  scanner.blanks();
  if (readName && scanner.take('(')) {
    const inner = parseAny(scanner, name, false, depth + 1);
    if (!scanner.take(')')) throw scanner.error("'(' is never closed; add ')'");
    scanner.blanks();
    return inner;
  }
  const start = scanner.at;
  const other = readName ? scanner.match(/[A-Za-z0-9_-]+/y) : name;
  if (other !== name)
    throw scanner.error(
      `this place is the field '${name}', got '${other}'; compare other fields in their own places`,
      start,
    );
  scanner.blanks();
  const { op, operand } = parseComparison(scanner, VALUE, "'=', '!=', '<', '>', ',' or ']'");
  scanner.blanks();
  return { kind: 'compare', op, operand };
}
