import { isJsonObject, type Json, type JsonObject } from '../../model/json';

/** Marks numbers and escapes strings that would look so: JSON.parse forgets how a number was written. */
const NUMBER = '\u0000#';
const STRING = '\u0000$';
const TOKENS = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** What a comparison looks at: a string, or a number with its text. Anything else never compares. */
export type Comparable = { readonly text: string; readonly number?: number };

/** The object that a message is; undefined for anything else, which no JSON pattern matches. */
export function parseMessage(message: string): JsonObject | undefined {
  try {
    // Twice: what is no JSON must not become it by the marks.
    if (!isJsonObject(JSON.parse(message))) return undefined;
    const marked = message.replace(TOKENS, (token) => {
      if (!token.startsWith('"')) return `"\\u0000#${token}"`;
      return /^"\\u0000/i.test(token) ? `"\\u0000$${token.slice(1)}` : token;
    });
    const parsed: unknown = JSON.parse(marked);
    return isJsonObject(parsed) ? parsed : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

export function comparable(value: Json): Comparable | undefined {
  if (typeof value !== 'string') return undefined;
  if (value.startsWith(NUMBER)) {
    const text = value.slice(NUMBER.length);
    return { text, number: Number(text) };
  }
  return { text: value.startsWith(STRING) ? value.slice(STRING.length) : value };
}
