import { foldAscii } from '../fold';
import { VERBS, type TextField } from './facts';
import type { Glob } from './glob';

/** Longest run of capitals in AWS's names is that of `AssumeRoleWithSAML` and `…SAMLProvider`, and some to spare. */
const SHOUTED = /[A-Z]{7}/;
const PASCAL = /^\.?[A-Z][A-Za-z0-9]*(\.[A-Z][A-Za-z0-9]*)*\.?$/;

/** A glob as a rule wrote it, to one in the spelling of AWS; folded where that is not known. */
export function spelled(field: TextField, glob: Glob): Glob {
  // The rule itself minds the case.
  if (!glob.folded) return glob;
  switch (field.spelling.kind) {
    case 'lower':
      return { ...glob, parts: glob.parts.map(foldAscii), folded: false };
    case 'known': {
      const [only = ''] = glob.parts;
      const known = field.spelling.values.find((value) => foldAscii(value) === foldAscii(only));
      const whole = glob.head && glob.tail && glob.parts.length === 1;
      return whole && known !== undefined ? { ...glob, parts: [known], folded: false } : glob;
    }
    case 'pascal':
      return glob.parts.every((part, index) => isUsual(part, index === 0 && glob.head))
        ? { ...glob, folded: false }
        : glob;
    case 'free':
      return glob;
  }
}

/** Written as AWS writes its names, as far as that can be seen without a list of them. */
export function isUsual(text: string, fromStart: boolean): boolean {
  if (!PASCAL.test(text) || SHOUTED.test(text)) return false;
  if (text.length > 1 && !/[a-z]/.test(text)) return false;
  const [first = ''] = /^[A-Z][a-z]+/.exec(text) ?? [];
  return (
    !fromStart || !VERBS.some((verb) => first.length > verb.length && first.startsWith(verb) && !VERBS.includes(first))
  );
}
