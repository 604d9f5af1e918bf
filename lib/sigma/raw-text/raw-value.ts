/** What stands behind a key in the raw text of JSON. `unclear` where only a parser could tell. */
export type RawValue = string | boolean | null | typeof UNCLEAR | typeof NO_KEY;
export const UNCLEAR = Symbol('only a parser could tell');
/** A text that happens to end like the key, or ends in it and is no key. */
export const NO_KEY = Symbol('not a key');

const QUOTE = 0x22;
const COLON = 0x3a;

/**
 * Reads the value behind a key.
 *
 * @param text bytes as Latin-1
 * @param quote where the key's closing quotation mark is
 * @param end where the record ends
 */
export function rawValue(text: string, quote: number, end: number): RawValue {
  let at = skipSpace(text, quote + 1, end);
  if (text.charCodeAt(at) !== COLON || at >= end) return NO_KEY;
  at = skipSpace(text, at + 1, end);
  if (at >= end) return UNCLEAR;
  switch (text.charCodeAt(at)) {
    case QUOTE: {
      const close = text.indexOf('"', at + 1);
      if (close < 0 || close >= end) return UNCLEAR;
      const value = text.slice(at + 1, close);
      // Escapes, and letters that are several bytes: the parser's.
      return SIMPLE.test(value) ? value : UNCLEAR;
    }
    case 0x6e:
      return text.startsWith('null', at) ? null : UNCLEAR;
    case 0x74:
      return text.startsWith('true', at) ? true : UNCLEAR;
    case 0x66:
      return text.startsWith('false', at) ? false : UNCLEAR;
    default:
      // Numbers have many spellings; objects and arrays hold more values.
      return UNCLEAR;
  }
}

/** ASCII without a backslash and without control characters, which JSON does not allow in a string. */
const SIMPLE = /^[ -[\]-~]*$/;

function skipSpace(text: string, from: number, end: number): number {
  let at = from;
  for (; at < end; at++) {
    const unit = text.charCodeAt(at);
    if (unit !== 0x20 && unit !== 0x09 && unit !== 0x0a && unit !== 0x0d) break;
  }
  return at;
}
