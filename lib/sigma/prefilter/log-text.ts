import { isFolded, type Glob } from './glob';
import { isUsualWord } from './plain-word';
import type { Atom } from './need';

/** Longer pieces of text without a known case cost four characters a letter and keep away hardly more. */
const FOLDED_LETTERS = 8;

/** `{…}` of one atom without a regular expression; undefined where there is no such. */
export function plainAtom(atom: Atom): string | undefined {
  const at = `$.${atom.path}`;
  switch (atom.kind) {
    case 'missing':
      return `${at} NOT EXISTS`;
    case 'present':
      return `${at}=*`;
    case 'flag':
      return `${at} IS ${atom.value ? 'TRUE' : 'FALSE'}`;
    case 'text': {
      const values = atom.globs.map(plainValue);
      if (values.includes(undefined)) return undefined;
      const of = values.map((value) => `${at}=${value ?? ''}`);
      return of.length === 1 ? of[0] : `(${of.join('||')})`;
    }
  }
}

function plainValue(glob: Glob): string | undefined {
  const [only] = glob.parts;
  if (only === undefined || glob.parts.length > 1 || isFolded(glob)) return undefined;
  // A star at either end would be a wildcard.
  if (only.startsWith('*') || only.endsWith('*') || /[^\x20-\x7e]/.test(only)) return undefined;
  const text = `${glob.head ? '' : '*'}${only}${glob.tail ? '' : '*'}`;
  return isUsualWord(text) ? text : `"${text.replace(/[\\"]/g, '\\$&')}"`;
}

/** `$.a=%…%` with every glob as an alternative. */
export function regexAtom(path: string, globs: readonly Glob[]): string {
  return `$.${path}=%${globs.map(regexOf).join('|')}%`;
}

/** Widened to what a regular expression of filter patterns can say. */
export function regexOf(glob: Glob): string {
  const cut = isFolded(glob) ? shortened(glob) : glob;
  const parts = cut.parts.map((part) => Array.from(part, (char) => escaped(char, cut.folded)).join(''));
  return `${cut.head ? '^' : ''}${parts.join('.*')}${cut.tail ? '$' : ''}`;
}

function escaped(char: string, folded: boolean): string {
  if (folded && /[A-Za-z]/.test(char)) return `[${char.toUpperCase()}${char.toLowerCase()}]`;
  if (/[A-Za-z0-9:_#=@/;,-]/.test(char)) return char;
  if (/[$^?[\]{}|\\*+.]/.test(char)) return `\\${char}`;
  const code = char.codePointAt(0) ?? 0;
  // One character outside ASCII may be several to the service.
  return code > 0x7f ? '.*' : `\\x${code.toString(16).padStart(2, '0')}`;
}

/** The first letters of the longest part are enough of a text that people make up. */
function shortened(glob: Glob): Glob {
  const longest = glob.parts.reduce((best, part) => (part.length > best.length ? part : best), '');
  if (glob.parts.length === 1 && longest.length <= FOLDED_LETTERS) return glob;
  const first = glob.parts[0] === longest;
  return { head: glob.head && first, parts: [longest.slice(0, FOLDED_LETTERS)], tail: false, folded: true };
}
