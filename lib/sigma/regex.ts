import { RE2JS } from 're2js';
import { OperandError } from './operand-error';
import { textsOfRegex } from './regex-texts';

/** Steps of the longest regular expression of the 560 rules that we know: 36. Each may cost a step for each letter. */
const MAX_STEPS = 2_000;
/** Counted repetitions are written out when a regex is compiled; refused before that takes seconds. */
const MAX_WRITTEN_OUT = 200_000;

/**
 * RE2 takes time linear in the text, and a limit on its size makes that short: no rule and no record can make a
 * detector hang.
 *
 * @throws OperandError where it is none, or too large
 */
export function regex(source: string): (actual: string) => boolean {
  if (repetitions(source) * source.length > MAX_WRITTEN_OUT) throw new OperandError(tooLarge());
  const compiled = compile(source);
  const steps = compiled.programSize();
  if (steps > MAX_STEPS) throw new OperandError(tooLarge(steps));
  // Found quickly in most texts not to be there, where the expression would be tried at every place.
  const needed = textsOfRegex(source).reduce((longest, one) => (one.length > longest.length ? one : longest), '');
  return (actual) => actual.includes(needed) && compiled.matcher(actual).find();
}

function compile(source: string): RE2JS {
  try {
    return RE2JS.compile(source);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new OperandError(
      `not a regular expression of RE2 (which has no look-around and no back references): ${reason}`,
    );
  }
}

/** What is counted in `{n}` and `{n,m}`, all together; RE2 takes up to 1,000 each. */
function repetitions(source: string): number {
  return [...source.matchAll(/\{(\d{1,9})(?:,(\d{0,9}))?\}/g)].reduce(
    (sum, [, least, most]) => sum + Math.max(Number(least), Number(most ?? 0)),
    0,
  );
}

function tooLarge(steps?: number): string {
  const got = steps === undefined ? '' : `, got ${steps}`;
  return `the regular expression is too large to be fast: at most ${MAX_STEPS} steps${got}; count less in {} and split it`;
}
