/** Characters; what is longer is cut and says so. */
const DEFAULT_LENGTH = 500;

/**
 * Escape sequences of terminals, whole: colours, cursor movements, window titles, links. Only the first character
 * would be neutralised otherwise, and its parameters would stay as noise.
 */
const TERMINAL =
  /\u001b\][^\u0007\u001b\u009c]{0,2000}(?:\u0007|\u001b\\|\u009c)?|(?:\u001b\[|\u009b)[0-?]{0,40}[ -/]{0,10}[@-~]?/gu;

/** White space in all its forms, line and paragraph separators included: a record is one line. */
const SPACES = /[\s\u0085\u2028\u2029]+/gu;

/**
 * Control, format (bidirectional marks, zero-width, tags), private-use and unassigned characters, lone surrogates,
 * fillers that look like nothing, and the variation selectors that hide data.
 */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\u115f\u1160\u2800\u3164\uffa0\u{e0100}-\u{e01ef}]/gu;

/** More marks on one letter than any language needs: they grow over the lines around them. */
const STACKED_MARKS = /(\p{M}{4})\p{M}+/gu;

/**
 * Makes text harmless that an attacker may have written (user agents, names, tags, log text), for any place where it
 * is shown as plain text: one line; terminal sequences gone; what is invisible or turns the reading direction is
 * shown as `[U+202E]`; cut after `maxLength` characters, 500 unless said.
 *
 * It does not escape: HTML, Markdown and JSON are escaped by what writes them.
 */
export function neutralText(value: unknown, maxLength = DEFAULT_LENGTH): string {
  const whole = textOf(value);
  // What is far too long is cut first, so that a megabyte costs nothing.
  const text = whole
    .slice(0, maxLength * 4)
    .replace(TERMINAL, '')
    .replace(SPACES, ' ')
    .replace(INVISIBLE, codePoint)
    .replace(STACKED_MARKS, '$1')
    .trim();
  const characters = Array.from(text);
  if (characters.length <= maxLength && whole.length <= maxLength * 4) return text;
  return `${characters.slice(0, maxLength).join('')}… (cut, ${whole.length} characters)`;
}

/**
 * For mail and chat programs, which make links of what looks like one: `hxxps[:]//evil.example` is read, not clicked.
 * Our own links are added after it.
 */
export function defang(text: string): string {
  return text
    .replace(/\bhttp(s?):\/\//giu, 'hxxp$1[:]//')
    .replace(/:\/\//gu, '[:]//')
    .replace(/\b(www)\./giu, '$1[.]');
}

function codePoint(character: string): string {
  return `[U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`;
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : `${value as number | boolean}`;
}
