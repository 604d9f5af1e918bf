/** One piece of a Sigma string: text to be found as it is, or a wildcard. */
export type Piece = { readonly text: string } | { readonly wildcard: '*' | '?' };

/**
 * Sigma's escapes: `\*` and `\?` are the characters themselves, `\\` is one backslash, any other backslash is
 * itself. Source: Sigma specification 2.1.0, "Escaping".
 */
export function parsePattern(value: string): Piece[] {
  const pieces: Piece[] = [];
  let text = '';
  for (let i = 0; i < value.length; i++) {
    const char = value[i] ?? '';
    const next = value[i + 1];
    if (char === '\\' && (next === '*' || next === '?' || next === '\\')) {
      text += next;
      i++;
    } else if (char === '*' || char === '?') {
      if (text !== '') pieces.push({ text });
      text = '';
      pieces.push({ wildcard: char });
    } else {
      text += char;
    }
  }
  if (text !== '') pieces.push({ text });
  return pieces;
}

/** The text of a pattern without wildcards; undefined where it has one. */
export function plainText(value: string): string | undefined {
  const pieces = parsePattern(value);
  if (pieces.length === 0) return '';
  const [only] = pieces;
  return pieces.length === 1 && only !== undefined && 'text' in only ? only.text : undefined;
}

/** The pattern that stands for exactly this text. */
export function escapePattern(text: string): string {
  return text.replace(/[\\*?]/g, '\\$&');
}

/**
 * Tells whether a whole text fits a pattern. A segment between stars is looked for from left to right and never
 * looked for again, so the time is at most text × pattern: a hostile text cannot make it explode.
 */
export function compilePattern(value: string, fold: (text: string) => string): (actual: string) => boolean {
  const segments: (string | null)[][] = [[]];
  for (const piece of parsePattern(value)) {
    if ('text' in piece) segments.at(-1)?.push(...codePoints(fold(piece.text)));
    else if (piece.wildcard === '?') segments.at(-1)?.push(null);
    else segments.push([]);
  }
  const first = segments[0] ?? [];
  const last = segments.at(-1) ?? [];
  const middle = segments.slice(1, -1);
  const shortest = segments.reduce((sum, segment) => sum + segment.length, 0);
  return (actual) => {
    const chars = codePoints(fold(actual));
    if (chars.length < shortest || !fits(chars, first, 0)) return false;
    if (segments.length === 1) return chars.length === first.length;
    let from = first.length;
    const end = chars.length - last.length;
    if (!fits(chars, last, end)) return false;
    for (const segment of middle) {
      const found = find(chars, segment, from, end);
      if (found < 0) return false;
      from = found + segment.length;
    }
    return from <= end;
  };
}

/** `?` stands for one of these, so that it never matches half an emoji. */
function codePoints(text: string): string[] {
  return Array.from(text);
}

function fits(chars: readonly string[], segment: readonly (string | null)[], at: number): boolean {
  return segment.every((want, index) => want === null || want === chars[at + index]);
}

function find(chars: readonly string[], segment: readonly (string | null)[], from: number, end: number): number {
  for (let at = from; at + segment.length <= end; at++) if (fits(chars, segment, at)) return at;
  return -1;
}
