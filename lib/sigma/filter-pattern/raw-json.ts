import { isJsonObject, type Json, type JsonObject } from '../../model/json';

/** Marks numbers and escapes strings that would look so: JSON.parse forgets how a number was written. */
const NUMBER = '\u0000#';
const STRING = '\u0000$';
const TOKEN = /"|-?\d[\d.eE+-]*/g;

/** What a comparison looks at: a string, or a number with its text. Anything else never compares. */
export type Comparable = { readonly text: string; readonly number?: number };

/** The object that a message is; undefined for anything else, which no JSON pattern matches. */
export function parseMessage(message: string): JsonObject | undefined {
  try {
    // Twice: what is no JSON must not become it by the marks.
    if (!isJsonObject(JSON.parse(message))) return undefined;
    const marked = withMarks(message);
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

/** Without one expression for a whole string: those run out of stack at some megabytes. */
function withMarks(json: string): string {
  const pieces: string[] = [];
  let done = 0;
  TOKEN.lastIndex = 0;
  for (let found = TOKEN.exec(json); found !== null; found = TOKEN.exec(json)) {
    const [token] = found;
    if (token === '"') {
      TOKEN.lastIndex = endOfString(json, found.index);
      if (!/^\\u0000/i.test(json.slice(found.index + 1, found.index + 7))) continue;
      pieces.push(json.slice(done, found.index), '"\\u0000$');
      done = found.index + 1;
    } else {
      pieces.push(json.slice(done, found.index), `"\\u0000#${token}"`);
      done = found.index + token.length;
    }
  }
  pieces.push(json.slice(done));
  return pieces.join('');
}

/** Behind the quote that closes the string: one with an even number of backslashes before it. */
function endOfString(json: string, open: number): number {
  for (let close = json.indexOf('"', open + 1); close > 0; close = json.indexOf('"', close + 1)) {
    let before = close - 1;
    while (json[before] === '\\') before--;
    if ((close - before) % 2 === 1) return close + 1;
  }
  return json.length;
}
