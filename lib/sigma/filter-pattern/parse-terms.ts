import type { Scanner } from './scanner';
import type { FilterPatternSyntax, Term } from './syntax';

/** Letters and digits of any script, and what was not seen to be refused; the rest needs quotes. */
const WORD = /[\p{L}\p{N}_./@#-]*/uy;

/** `a b` both, `?a ?b` one of them, `-a` not that one, `"a b"` a phrase, `%a|b%` a regular expression. */
export function parseTerms(scanner: Scanner): FilterPatternSyntax {
  const of: Term[] = [];
  while (!scanner.done) {
    of.push(parseTerm(scanner));
    scanner.blanks();
  }
  return { kind: 'terms', of };
}

function parseTerm(scanner: Scanner): Term {
  const start = scanner.at;
  const role = scanner.take('?') ? 'optional' : scanner.take('-') ? 'excluded' : 'needed';
  if (scanner.peek() === '%') return { role, operand: scanner.regex() };
  const text = scanner.peek() === '"' ? scanner.quoted() : scanner.match(WORD);
  const after = scanner.peek();
  if (after !== '' && !/\s/.test(after) && !(after === '"' || after === '%')) {
    const why = after === '*' ? 'terms are substrings anyway: leave it out' : 'put the term in double quotes';
    throw scanner.error(`'${after}' cannot stand in a term; ${why}`);
  }
  if (after === '"' || after === '%')
    throw scanner.error(`a blank is needed before '${after}'; or put the whole term in double quotes`);
  if (text === '') throw scanner.error('a term is empty; take it away', start);
  return { role, operand: { kind: 'text', text, head: true, tail: true } };
}
