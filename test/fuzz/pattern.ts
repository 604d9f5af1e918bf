import fc from 'fast-check';
import { compileFilterPattern, FilterPatternError } from '../../lib/sigma/filter-pattern';
import { anyCondition, holdsFor, message, written } from './pattern-oracle';
import type { Properties } from './targets';

/** Patterns have 1,024 characters at most: anything slower hangs. */
const MOST_MS = 2_000;

const PIECES = [
  ...['{', '}', '[', ']', '(', ')', '$.', '$', 'a', 'eventName', '.', '..', '*', '[0]', '[*]', '[-1]', "['a.b']"],
  ...['=', '!=', '<', '>=', '==', '!', '&&', '||', '&', ' ', '  ', '\t', ',', '...', '?', '-', '%', '"', '\\', '\\"'],
  ...[' IS NULL', ' IS TRUE', ' NOT EXISTS', ' EXISTS', ' is ', 'AND', '1', '-1.5e3', '1e999', 'null', 'true', 'x*'],
  ...['%a|b%', '%[a-z]+%', '%(a)%', '%a{1000}%', '%\\x41%', '%\\%', 'é', '\u0000', '\uFEFF', '\ud800', '__proto__'],
];

const text = fc
  .array(fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...PIECES) }, { weight: 1, arbitrary: fc.string() }), {
    maxLength: 25,
  })
  .map((parts) => parts.join(''));
const wrapped = fc
  .tuple(
    fc.constantFrom('{', '[', '{ $.a = ', '{ $.', '[a=', '%', '"'),
    text,
    fc.constantFrom('}', ']', '%', '"', ' }'),
  )
  .map((parts) => parts.join(''));

/**
 * The parser refuses with a place inside the pattern or takes; what it takes answers for every message, in time. Patterns
 * that were written from a tree are taken, and say what a plain reading of the tree says.
 */
export function patternProperties(): Properties {
  const answers = (arbitrary: fc.Arbitrary<string>): fc.IRawProperty<unknown> =>
    fc.property(
      arbitrary,
      fc.oneof(
        message.map((value) => JSON.stringify(value)),
        fc.string(),
        text,
      ),
      (pattern, line) => {
        const start = performance.now();
        answer(pattern, line);
        const took = performance.now() - start;
        if (took > MOST_MS) throw new Error(`took ${Math.round(took)} ms`);
      },
    );
  return {
    'pieces of patterns': answers(text),
    'pieces within brackets': answers(wrapped),
    'trees, against a plain reading': fc.property(
      anyCondition,
      fc.array(message, { maxLength: 5 }),
      (tree, messages) => {
        const test = compileFilterPattern(`{${written(tree)}}`);
        for (const value of messages)
          if (test(JSON.stringify(value)) !== holdsFor(tree, value))
            throw new Error(`{${written(tree)}} is wrong about ${JSON.stringify(value)}`);
      },
    ),
  };
}

function answer(pattern: string, line: string): void {
  try {
    const verdict: unknown = compileFilterPattern(pattern)(line);
    if (typeof verdict !== 'boolean') throw new Error('no answer');
  } catch (error) {
    if (!(error instanceof FilterPatternError)) throw error;
    if (!(error.column >= 1 && error.column <= pattern.length + 1)) throw new Error(`column ${error.column}`);
    if (error.reason === '') throw new Error('no reason');
  }
}
