import { BlockList, isIP } from 'node:net';
import type { Json, JsonObject } from '../model/json';
import { foldAscii } from './fold';
import { compilePath } from './paths';
import { compilePattern } from './pattern';
import type { OperandValue } from './compiled-rules';
import { OperandError } from './operand-error';
import { regex } from './regex';
import { textsOf } from './texts';
import { datePart, DATE_PARTS, DATE_RANGES, type DatePart } from './date-parts';

/** Does any of the values at the path fit? No values: the field is missing. */
export type Test = (found: readonly Json[], record: JsonObject) => boolean;

/** One row: makes the test once, at load. Throws OperandError where the value makes no sense for it. */
export type Operator = (value: OperandValue, cased: boolean) => Test;

type Fold = (text: string) => string;
const asIs: Fold = (text) => text;

/** The operators of programs. Adding one is adding a row here, and a modifier that leads to it in modifiers.ts. */
export const OPERATORS: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ['equals', equality],
  ['contains', texts((want, fold) => (actual) => fold(actual).includes(want))],
  ['startswith', texts((want, fold) => (actual) => fold(actual).startsWith(want))],
  ['endswith', texts((want, fold) => (actual) => fold(actual).endsWith(want))],
  ['like', (value, cased) => anyText(compilePattern(String(value), cased ? asIs : foldAscii))],
  ['re', (value) => anyText(regex(text(value, 're')))],
  ['cidr', (value) => anyText(cidr(text(value, 'cidr')))],
  ['lt', numbers((actual, want) => actual < want)],
  ['lte', numbers((actual, want) => actual <= want)],
  ['gt', numbers((actual, want) => actual > want)],
  ['gte', numbers((actual, want) => actual >= want)],
  // Rules write `errorCode: null` for "the call did not fail", and CloudTrail then leaves the field out.
  ['null', () => (found) => found.length === 0 || found.includes(null)],
  ['exists', existence],
  ['fieldref', reference((actual, other) => actual === other)],
  ['fieldref-contains', reference((actual, other) => other !== '' && actual.includes(other))],
  ['fieldref-startswith', reference((actual, other) => other !== '' && actual.startsWith(other))],
  ['fieldref-endswith', reference((actual, other) => other !== '' && actual.endsWith(other))],
  ...DATE_PARTS.map((part): [string, Operator] => [part, dates(part)]),
]);

/** Folding keeps the length, and what is written as in the rule need not be folded: both spare the time of folding. */
function equality(value: OperandValue, cased: boolean): Test {
  const exact = String(value);
  const want = foldAscii(exact);
  return anyText(
    (actual) => actual === exact || (!cased && actual.length === want.length && foldAscii(actual) === want),
  );
}

function existence(value: OperandValue): Test {
  const want = boolean(value);
  return (found) => found.length > 0 === want;
}

function anyText(test: (actual: string) => boolean): Test {
  return (found) => found.some((value) => (typeof value === 'string' ? test(value) : textsOf(value).some(test)));
}

function texts(make: (want: string, fold: Fold) => (actual: string) => boolean): Operator {
  return (value, cased) => {
    const fold = cased ? asIs : foldAscii;
    return anyText(make(fold(String(value)), fold));
  };
}

function numbers(holds: (actual: number, want: number) => boolean): Operator {
  return (value) => {
    const want = number(value);
    return (found) =>
      found.some((actual) => {
        const read = typeof actual === 'string' && actual.trim() !== '' ? Number(actual) : actual;
        return typeof read === 'number' && Number.isFinite(read) && holds(read, want);
      });
  };
}

function dates(part: DatePart): Operator {
  return (value) => {
    const want = number(value);
    const [from, to] = DATE_RANGES[part];
    if (!Number.isInteger(want) || want < from || want > to)
      throw new OperandError(`'${part}' is a whole number from ${from} to ${to}, got ${want}`);
    return (found) => found.some((actual) => typeof actual === 'string' && datePart(actual, part) === want);
  };
}

function reference(holds: (actual: string, other: string) => boolean): Operator {
  return (value, cased) => {
    const other = compilePath(text(value, 'fieldref'));
    const fold = cased ? asIs : foldAscii;
    return (found, record) => {
      const others = other(record).flatMap(textsOf).map(fold);
      return found.flatMap(textsOf).some((actual) => others.some((want) => holds(fold(actual), want)));
    };
  };
}

function cidr(source: string): (actual: string) => boolean {
  const [address = '', bits = '', ...more] = source.split('/');
  const version = isIP(address);
  const prefix = bits === '' ? (version === 6 ? 128 : 32) : Number(bits);
  if (
    version === 0 ||
    more.length > 0 ||
    !Number.isInteger(prefix) ||
    prefix < 0 ||
    prefix > (version === 6 ? 128 : 32)
  ) {
    throw new OperandError(`not an IPv4 or IPv6 network in CIDR notation: '${source}'`);
  }
  const family = version === 6 ? 'ipv6' : 'ipv4';
  const list = new BlockList();
  list.addSubnet(address, prefix, family);
  // An address of the other family is outside; `0.0.0.0/0` and `::/0` are different worlds.
  return (actual) => isIP(actual) === version && list.check(actual, family);
}

function text(value: OperandValue, operator: string): string {
  if (typeof value === 'string') return value;
  throw new OperandError(`'${operator}' needs a text, got ${JSON.stringify(value)}`);
}

function number(value: OperandValue): number {
  const read = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof read === 'number' && Number.isFinite(read)) return read;
  throw new OperandError(`a number is needed here, got ${JSON.stringify(value)}`);
}

function boolean(value: OperandValue): boolean {
  if (typeof value === 'boolean') return value;
  throw new OperandError(`'exists' needs true or false, got ${JSON.stringify(value)}`);
}

/** `contains` and its kin with wildcards in their value become one pattern. */
export function asPattern(op: string, value: string): string {
  const before = op === 'contains' || op === 'endswith' ? '*' : '';
  const after = op === 'contains' || op === 'startswith' ? '*' : '';
  return `${before}${value}${after}`;
}
