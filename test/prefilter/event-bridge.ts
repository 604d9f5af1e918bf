import { isJsonObject, type Json, type JsonObject } from '../../lib/model/json';

/** Event patterns as EventBridge's user guide tells them, as far as they are emitted; anything else throws. */
export function matchesEventPattern(pattern: JsonObject, event: Json | undefined): boolean {
  return Object.entries(pattern).every(([key, wanted]) => {
    if (key === '$or') return (wanted as JsonObject[]).some((branch) => matchesEventPattern(branch, event));
    const value = isJsonObject(event) && Object.hasOwn(event, key) ? event[key] : undefined;
    if (isJsonObject(wanted)) return matchesEventPattern(wanted, value);
    if (!Array.isArray(wanted) || wanted.length === 0) throw new Error(`'${key}' must be a list of alternatives`);
    return wanted.some((alternative) => holds(alternative, value));
  });
}

function holds(alternative: Json, value: Json | undefined): boolean {
  if (isJsonObject(alternative) && 'exists' in alternative)
    // Leaves only: an object is no leaf.
    return alternative.exists === (value !== undefined && !isJsonObject(value));
  const values = Array.isArray(value) ? value : [value];
  return values.some((each) => leafHolds(alternative, each));
}

function leafHolds(alternative: Json, value: Json | undefined): boolean {
  if (!isJsonObject(alternative)) return alternative === value;
  if (typeof value !== 'string') return false;
  const [[op, operand] = ['', null], ...more] = Object.entries(alternative);
  if (more.length > 0) throw new Error('an alternative has one operator');
  if (op === 'anything-but' && Array.isArray(operand)) return !operand.includes(value);
  const insensitive = isJsonObject(operand) || op === 'equals-ignore-case';
  const wanted = isJsonObject(operand) ? operand['equals-ignore-case'] : operand;
  if (typeof wanted !== 'string') throw new Error(`a text is needed, got ${JSON.stringify(wanted)}`);
  const [actual, text] = insensitive ? [value.toLowerCase(), wanted.toLowerCase()] : [value, wanted];
  switch (op) {
    case 'equals-ignore-case':
      return actual === text;
    case 'prefix':
      return actual.startsWith(text);
    case 'suffix':
      return actual.endsWith(text);
    case 'wildcard':
      if (/\*\*|\\/.test(text)) throw new Error(`no escapes and no two stars in a row are emitted, got ${text}`);
      return wildcard(text).test(value);
    default:
      throw new Error(`operator '${op}' is not known`);
  }
}

function wildcard(text: string): RegExp {
  const literally = (part: string) => part.replaceAll(/[^\w]/g, '\\$&');
  return new RegExp(`^${text.split('*').map(literally).join('.*')}$`, 's');
}
