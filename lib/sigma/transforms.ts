import { OperandError } from './operand-error';
import { escapePattern, plainText } from './pattern';

/** A Sigma string (with its escapes), or bytes on their way to base64. */
export type Encoded = string | Uint8Array;

/** As in Sigma's appendix: hyphen, slash, en dash, em dash, horizontal bar. */
const DASHES = ['-', '/', '–', '—', '―'];
/** 5 dashes at 4 places are 625 values; more is a mistake, not a rule. */
const MAX_DASHES = 4;

/** All ways to write the option dashes: those before a word and not inside one. */
export function dashes(value: Encoded): string[] {
  const text = needText(value, 'windash');
  const parts = text.split(/(?<![\p{L}\p{N}_])[-/–—―](?=[\p{L}\p{N}_])/u);
  if (parts.length - 1 > MAX_DASHES)
    throw new OperandError(`'windash' takes at most ${MAX_DASHES} dashes a value, got ${parts.length - 1}`);
  return parts
    .slice(1)
    .reduce<string[]>(
      (texts, part) => texts.flatMap((before) => DASHES.map((dash) => `${before}${dash}${part}`)),
      [parts[0] ?? ''],
    );
}

export function base64(value: Encoded): string[] {
  return [escapePattern(Buffer.from(bytes(value, 'base64')).toString('base64'))];
}

/** The part of the encoding that does not depend on what stands before or after, for each of the three offsets. */
export function base64Offsets(value: Encoded): string[] {
  const raw = Buffer.from(bytes(value, 'base64offset'));
  return [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), raw]).toString('base64');
    const start = [0, 2, 3][offset] ?? 0;
    const end = [0, -3, -2][(raw.length + offset) % 3] ?? 0;
    return escapePattern(end === 0 ? encoded.slice(start) : encoded.slice(start, end));
  });
}

export function utf16(value: Encoded, order: 'le' | 'be' | 'bom'): Uint8Array[] {
  const encoded = Buffer.from(literal(needText(value, 'utf16'), 'utf16'), 'utf16le');
  if (order === 'be') encoded.swap16();
  return [order === 'bom' ? Buffer.concat([Buffer.from([0xff, 0xfe]), encoded]) : encoded];
}

function bytes(value: Encoded, name: string): Uint8Array {
  return typeof value === 'string' ? Buffer.from(literal(value, name), 'utf8') : value;
}

function needText(value: Encoded, name: string): string {
  if (typeof value === 'string') return value;
  throw new OperandError(`'${name}' cannot follow 'utf16' and its kin; put 'base64' or 'base64offset' after them`);
}

function literal(value: string, name: string): string {
  const text = plainText(value);
  if (text === undefined)
    throw new OperandError(`'${name}' cannot encode a wildcard; write '\\*' for the character itself`);
  return text;
}
