import type { Glob } from './glob';

const FLAGS = /^\(\?([ims]+)\)/;

/**
 * A regular expression made of texts and gaps (`.`, `.*`, `.+`, `.?`) only, as a glob; undefined for any other, of which
 * nothing is then known. Regular expressions mind the case unless they say otherwise.
 */
export function regexGlob(source: string): Glob | undefined {
  const flags = FLAGS.exec(source)?.[1] ?? '';
  const body = source.replace(FLAGS, '');
  const parts: string[] = [''];
  let head = false;
  let tail = false;
  for (let i = 0; i < body.length; i++) {
    const char = body[i] ?? '';
    const next = body[i + 1] ?? '';
    if (char === '^' && i === 0) head = true;
    else if (char === '$' && i === body.length - 1) tail = true;
    else if (char === '.') {
      if (/[*+?]/.test(next)) i++;
      // Lazy or greedy is the same here.
      if (body[i + 1] === '?' && /[*+]/.test(next)) i++;
      if (/[*+?{]/.test(body[i + 1] ?? '')) return undefined;
      if (parts.length === 1 && parts[0] === '') head = false;
      parts.push('');
    } else {
      const literal = char === '\\' ? next : char;
      if (char === '\\') i++;
      if (char === '\\' ? /[A-Za-z0-9]/.test(literal) || literal === '' : /[*+?{}()[\]|^$]/.test(literal))
        return undefined;
      if (/[*+?{]/.test(body[i + 1] ?? '')) return undefined;
      parts.push(`${parts.pop() ?? ''}${literal}`);
    }
  }
  const lines = flags.includes('m');
  return {
    head: head && !lines && parts[0] !== '',
    parts: parts.filter((part) => part !== ''),
    tail: tail && !lines && parts.at(-1) !== '',
    folded: flags.includes('i'),
  };
}
