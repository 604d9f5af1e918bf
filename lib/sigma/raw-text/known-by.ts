import { foldAscii } from '../fold';
import { parsePattern } from '../pattern';
import { textsOfRegex } from '../regex-texts';
import type { KeyNeed } from './needs';

/** How a value that fits an operator can be known: as a whole, or by eight characters that must be in it (four where it has no more); folded. */
export type Known = { readonly whole: string } | { readonly group: string };

/** Undefined where a value that fits may be anything. Values that are not plain ASCII are told in any case. */
export function knownBy({ op, value }: KeyNeed['atoms'][number]): Known | undefined {
  const text = String(value);
  switch (op) {
    case 'equals':
      return { whole: foldAscii(text) };
    case 'contains':
    case 'startswith':
    case 'endswith':
      return groupIn([text]);
    case 'like':
      return groupIn(parsePattern(text).flatMap((piece) => ('text' in piece ? [piece.text] : [])));
    case 're':
      return groupIn(textsOfRegex(text));
    default:
      return undefined;
  }
}

/** Stands in nearly every record, so that it tells nothing. */
const COMMON = 'arn:aws:iam::aws:sts::assumed-role/:role/:user/:root.amazonaws.com console.amazonaws.com';

/** Characters of one of the texts, all of which are in the value; rather such as are not in every record. */
function groupIn(texts: readonly string[]): Known | undefined {
  const plain = texts.flatMap((text) => text.match(/[ !#-[\]-~]{4,}/g) ?? []);
  const groups = [8, 4].map((size) => plain.flatMap((text) => windows(foldAscii(text), size)));
  // The last of a text says most: what comes before is often the beginning of an ARN.
  const rare = groups.map((some) => some.findLast((one) => !COMMON.includes(one)));
  const group = rare.find((one) => one !== undefined) ?? groups.flat()[0];
  return group === undefined ? undefined : { group };
}

function windows(text: string, size: number): string[] {
  return Array.from({ length: Math.max(0, text.length - size + 1) }, (_, i) => text.slice(i, i + size));
}
