import { foldAscii } from '../fold';
import { VERBS, type TextField } from './facts';
import { exactly, onlyText, type Glob } from './glob';

/** Words of a name: `Create`, `DB`, `Security`, `Group`. */
export const WORDS = /[A-Z]+(?![a-z])|[A-Z][a-z0-9]*|[^A-Z]+/g;
/** Longest run of capitals in AWS's names is that of `AssumeRoleWithSAML` and `…SAMLProvider`, and some to spare. */
const SHOUTED = /[A-Z]{7}/;
const PASCAL = /^\.?[A-Z][A-Za-z0-9]*(\.[A-Z][A-Za-z0-9]*)*\.?$/;
/** Less of a name is not worth looking for. */
const SHORTEST = 4;
/** Words that services write in two ways: `CreateDBInstance` of RDS, `CreateDbInstance` of Timestream. */
const ACRONYM = /^([A-Z]{2,}|Db|Ip|Id|Saml|Mfa|Ssh|Oidc|Ssl|Dns|Url|Acl|Vpc|Ebs|Api|Kms|Iam|Http|Ml)$/;

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
      return isWhole(glob) && known !== undefined ? exactly(known) : glob;
    }
    case 'pascal':
      return spelledName(glob);
    case 'free':
      return glob;
  }
}

function spelledName(glob: Glob): Glob {
  const [first = ''] = glob.parts;
  if (isWhole(glob)) return isUsual(first, true) ? exactly(first) : glob;
  if (glob.head) {
    const start = certain(first);
    return isUsual(start, true) ? { head: true, parts: [start], tail: false, folded: false } : glob;
  }
  // Its first letter may be inside a word there: what ends in `SetPolicy` may be `ResetPolicy`.
  const longest = glob.parts.reduce((best, part) => (part.length > best.length ? part : best), '');
  const piece = certain(longest);
  if (!isUsual(piece, false) || piece.length <= SHORTEST) return glob;
  const tail = glob.tail && piece === glob.parts.at(-1);
  return { head: false, parts: [piece.slice(1)], tail, folded: false };
}

function isWhole({ head, parts, tail }: Glob): boolean {
  return head && tail && parts.length === 1;
}

/**
 * As far as other names with these letters have them in the same case: up to an acronym, to a capital at the end, and to an
 * `s` that may begin a word (`DescribeInstances`, `DescribeInstanceStatus`).
 */
export function certain(text: string): string {
  let kept = '';
  for (const word of text.match(WORDS) ?? []) {
    if (ACRONYM.test(word) || /^[A-Z]$/.test(word)) return kept;
    if (/[^s]s$/.test(word)) return `${kept}${word.slice(0, -1)}`;
    kept += word;
  }
  return kept;
}

/** Written as AWS writes its names, as far as that can be seen without a list of them. */
export function isUsual(text: string, fromStart: boolean): boolean {
  if (!PASCAL.test(text) || SHOUTED.test(text) || !/[a-z]/.test(text)) return false;
  const [first = ''] = /^[A-Z][a-z]+/.exec(text) ?? [];
  return (
    !fromStart || !VERBS.some((verb) => first.length > verb.length && first.startsWith(verb) && !VERBS.includes(first))
  );
}

/** A name with its acronyms written in each way: two services may have both. */
export function acronymSpellings(glob: Glob): readonly Glob[] {
  const words = onlyText(glob)?.match(WORDS) ?? [];
  if (!words.some((word) => ACRONYM.test(word))) return [glob];
  const written = (change: (word: string) => string): Glob =>
    exactly(words.map((word) => (ACRONYM.test(word) ? change(word) : word)).join(''));
  const title = (word: string): string => `${word.charAt(0)}${word.slice(1).toLowerCase()}`;
  return [glob, written(title), written((word) => word.toUpperCase())];
}
