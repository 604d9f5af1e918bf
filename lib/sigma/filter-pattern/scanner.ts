import { FilterPatternError } from './pattern-error';
import { checkRegex } from './regex';
import { MAX_REGEXES, type Operand, type RegexOperand, type TextOperand } from './syntax';

/** JSON's own numbers: `4*` and `10.0.0.1` are texts. */
const NUMBER = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;

/** Goes through a pattern from left to right; knows what all three kinds of patterns share. */
export class Scanner {
  #at: number;
  #regexes = 0;

  constructor(
    readonly text: string,
    start: number,
    readonly end: number,
  ) {
    this.#at = start;
  }

  get at(): number {
    return this.#at;
  }

  get done(): boolean {
    return this.#at >= this.end;
  }

  /** The next characters, as many as are asked for. */
  peek(length = 1): string {
    return this.text.slice(this.#at, Math.min(this.end, this.#at + length));
  }

  blanks(): void {
    this.match(/\s*/y);
  }

  /** Takes exactly this, or nothing. */
  take(word: string): boolean {
    if (this.peek(word.length) !== word) return false;
    this.#at += word.length;
    return true;
  }

  /** Takes what a sticky expression finds here; '' where that is nothing. */
  match(sticky: RegExp): string {
    sticky.lastIndex = this.#at;
    const found = (sticky.exec(this.text)?.[0] ?? '').slice(0, this.end - this.#at);
    this.#at += found.length;
    return found;
  }

  error(reason: string, at = this.#at): FilterPatternError {
    return new FilterPatternError(at + 1, reason);
  }

  /** `"…"`, in which `\"` and `\\` are a quote and a backslash. The quote is next. */
  quoted(): string {
    const start = this.#at++;
    let value = '';
    while (!this.done) {
      const char = this.text[this.#at++] ?? '';
      if (char === '"') return value;
      const next = this.text[this.#at] ?? '';
      if (char === '\\' && (next === '"' || next === '\\')) {
        value += next;
        this.#at++;
      } else {
        value += char;
      }
    }
    throw this.error(`the quote is never closed; end the text by '"', and write '\\"' for a quote in it`, start);
  }

  /** `%…%`. The percent sign is next. */
  regex(): RegexOperand {
    const start = this.#at++;
    const close = this.text.indexOf('%', this.#at);
    if (close < 0 || close >= this.end)
      throw this.error("the regular expression is never closed; end it by '%', and write '\\x25' for one in it", start);
    if (++this.#regexes > MAX_REGEXES)
      throw this.error(
        `a pattern holds at most ${MAX_REGEXES} regular expressions, this is number ${this.#regexes}; join them by '|', or use '*'`,
        start,
      );
    const source = this.text.slice(this.#at, close);
    checkRegex(source, this.#at);
    this.#at = close + 1;
    return { kind: 'regex', source };
  }

  /** What stands behind a comparison; `stop` are characters that end a bare word. */
  operand(stop: RegExp): Operand {
    const start = this.#at;
    if (this.peek() === '%') return this.regex();
    if (this.peek() === '"') return wildcards(this.quoted());
    if (this.peek() === '=')
      throw this.error("'==' is no comparison of filter patterns; write a single '='", Math.max(0, start - 1));
    const word = this.match(stop);
    if (word === '') {
      const here = this.done ? 'the end of the pattern' : `'${this.peek()}'`;
      throw this.error(
        `a value is expected here, got ${here}; put it in double quotes where it has special characters`,
      );
    }
    const bad = /["%'`\\;]/.exec(word);
    if (bad !== null)
      throw this.error(`'${bad[0]}' needs double quotes around the whole value: "…"`, start + bad.index);
    return NUMBER.test(word) ? { kind: 'number', value: Number(word), text: word } : wildcards(word);
  }
}

/** `*` at the start and at the end stands for any text; anywhere else, and `?` everywhere, is itself. */
function wildcards(word: string): TextOperand {
  const head = word.startsWith('*');
  const tail = word.endsWith('*');
  // `*` by itself is both.
  const text = word === '*' ? '' : word.slice(head ? 1 : 0, tail ? -1 : undefined);
  return { kind: 'text', text, head, tail };
}
