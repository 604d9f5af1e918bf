import type { Scanner } from './scanner';
import { MAX_WILDCARDS, MAX_WILDCARDS_PER_SELECTOR, type Selector, type SelectorStep } from './syntax';

/** Wildcards of all selectors of one pattern so far. */
export interface WildcardCount {
  count: number;
}

/** `$` is next. */
export function parseSelector(scanner: Scanner, wildcards: WildcardCount): Selector {
  const start = scanner.at;
  scanner.take('$');
  const steps: SelectorStep[] = [];
  for (let step = parseStep(scanner, steps.length === 0); step !== undefined; step = parseStep(scanner, false)) {
    steps.push(step);
    if (step.kind !== 'wildcard') continue;
    if (steps.filter(({ kind }) => kind === 'wildcard').length > MAX_WILDCARDS_PER_SELECTOR)
      throw scanner.error(
        `a selector has at most ${MAX_WILDCARDS_PER_SELECTOR} wildcard; name a key or an index in place of the other`,
        start,
      );
    if (++wildcards.count > MAX_WILDCARDS)
      throw scanner.error(`a pattern has at most ${MAX_WILDCARDS} selectors with a wildcard, this is one more`, start);
  }
  if (steps.length === 0)
    throw scanner.error("a selector names a field: '$.eventName', '$.a[0]' or \"$.['a.b']\"", start);
  return steps;
}

function parseStep(scanner: Scanner, first: boolean): SelectorStep | undefined {
  if (scanner.peek() === '[' && !first) return parseBrackets(scanner);
  if (!scanner.take('.')) return undefined;
  if (scanner.peek() === '.') throw scanner.error("'..' does not exist; name every key on the way");
  if (scanner.take('*')) return { kind: 'wildcard' };
  if (scanner.peek(2) === "['") return parseQuotedKey(scanner);
  const key = scanner.match(/[A-Za-z0-9_-]+/y);
  if (key !== '') return { kind: 'key', key };
  throw scanner.error(`a key has letters, digits, '_' and '-', got '${scanner.peek()}'; write any other as $.['key']`);
}

function parseBrackets(scanner: Scanner): SelectorStep {
  const open = scanner.at;
  if (scanner.peek(2) === "['") throw scanner.error("a key in brackets has a dot before it: $.['a.b']", open);
  scanner.take('[');
  if (scanner.take('*]')) return { kind: 'wildcard' };
  const index = scanner.match(/\d{1,9}/y);
  if (index !== '' && scanner.take(']')) return { kind: 'index', index: Number(index) };
  throw scanner.error("an index is a number from 0, or '*'; there are no negative ones and no slices", open);
}

function parseQuotedKey(scanner: Scanner): SelectorStep {
  const open = scanner.at;
  const [, key = ''] = /^\['([^']+)'\]$/.exec(scanner.match(/\['[^']*'\]/y)) ?? [];
  if (key === '') throw scanner.error("a key in brackets is written ['key'] and not empty", open);
  return { kind: 'key', key };
}
