import fc from 'fast-check';
import type { Json, JsonObject } from '../../lib/model/json';

/** How one piece of JSON is spelled: taken from the list again and again. */
type Choices = () => number;

const SPACES = ['', '', '', '', ' ', '\t', '  ', '\r'];

/** A record in one of its legal spellings: escapes, order of keys, white space, keys that stand there twice. */
export function spelled(records: fc.Arbitrary<JsonObject>): fc.Arbitrary<{ record: JsonObject; text: string }> {
  return fc
    .tuple(records, fc.array(fc.nat(1_000), { minLength: 1, maxLength: 60 }), fc.nat(3))
    .map(([record, list, odd]) => {
      let next = 0;
      // Most spellings are plain, or everything would be unclear to the shortcut.
      const choose: Choices = () => (odd === 0 ? (list[next++ % list.length] ?? 0) : 999);
      const text = spell(record, choose);
      return { record: JSON.parse(text) as JsonObject, text };
    });
}

function spell(value: Json, choose: Choices): string {
  const space = (): string => SPACES[choose() % SPACES.length] ?? '';
  if (Array.isArray(value))
    return `[${space()}${value.map((item) => spell(item, choose)).join(`${space()},`)}${space()}]`;
  if (typeof value === 'object' && value !== null) {
    const pairs = Object.entries(value).flatMap(([key, item]) => {
      const pair = `${space()}${spellText(key, choose)}${space()}:${space()}${spell(item ?? null, choose)}${space()}`;
      // The last of two wins; the first may say anything.
      return choose() % 40 === 0 ? [`${spellText(key, choose)}:"CreateUser"`, pair] : [pair];
    });
    if (choose() % 3 === 0) pairs.reverse();
    return `{${pairs.join(',')}${space()}}`;
  }
  if (typeof value === 'string') return spellText(value, choose);
  if (value === 1 && choose() % 3 === 0) return '1.0e0';
  return JSON.stringify(value);
}

function spellText(text: string, choose: Choices): string {
  // Both halves of a surrogate pair are spelled in the same way, or the text is not UTF-8.
  const spellings = Array.from(text, (char) => {
    const choice = choose();
    if (choice % 61 === 0)
      return char
        .split('')
        .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
        .join('');
    if (char === '/' && choice % 2 === 0) return '\\/';
    return JSON.stringify(char).slice(1, -1);
  });
  return `"${spellings.join('')}"`;
}
