import { RE2JS } from 're2js';
import { FilterPatternError } from './pattern-error';

/** Source: user guide, "Supported regular expressions (regex) syntax". Anything else is refused. */
const PLAIN = /[A-Za-z0-9:_#=@/;,\-^$?[\]{}|*+.]/;
const CLASSES = /[dDsSwW]/;
/** A symbol or an operator, taken as it is. */
const ESCAPABLE = /[:_#=@/;,\-^$?[\]{}|*+.\\]/;

/** @param start where the expression begins in the pattern */
export function checkRegex(source: string, start: number): void {
  const refuse = (index: number, reason: string): FilterPatternError =>
    new FilterPatternError(start + index + 1, reason);
  if (source === '') throw refuse(0, 'the regular expression is empty; leave the pattern empty to match everything');
  for (let i = 0; i < source.length; i++) {
    const char = source[i] ?? '';
    if (char === '\\') {
      const next = source[++i] ?? '';
      if (CLASSES.test(next) || ESCAPABLE.test(next)) continue;
      if (next === 'x' && /^[0-9a-fA-F]{2}/.test(source.slice(i + 1))) {
        i += 2;
        continue;
      }
      throw refuse(
        i - 1,
        `'\\${next}' is not supported in a regular expression; there are \\d \\D \\s \\S \\w \\W, \\xhh, and a symbol behind a backslash`,
      );
    }
    if (PLAIN.test(char)) continue;
    throw refuse(i, `${shown(char)} is not supported in a regular expression; ${remedy(char)}`);
  }
  try {
    RE2JS.compile(source);
  } catch (error) {
    throw refuse(0, `not a regular expression: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function shown(char: string): string {
  return char === ' ' ? 'a space' : `'${char}'`;
}

function remedy(char: string): string {
  if (char === '(' || char === ')')
    return "groups do not exist: write alternatives out with '|', or '\\x28' for the character";
  const code = char.charCodeAt(0);
  if (code > 0x7f) return "only ASCII is: write '.' in its place";
  return `write '\\x${code.toString(16).padStart(2, '0')}'`;
}

/** Unanchored, in time linear in the text: a hostile message cannot make it hang. */
export function compileRegex(source: string): (text: string) => boolean {
  const compiled = RE2JS.compile(source);
  return (text) => compiled.matcher(text).find();
}
