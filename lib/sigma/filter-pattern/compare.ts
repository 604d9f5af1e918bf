import { assertNever } from '../../model/assert-never';
import type { Comparable } from './raw-json';
import { compileRegex } from './regex';
import type { ComparisonOp, Operand } from './syntax';

/** One comparison made ready. A value that cannot be compared is for the caller: `!=` does not hold for it either. */
export function compileComparison(op: ComparisonOp, operand: Operand): (value: Comparable) => boolean {
  const equal = compileEquals(operand);
  const want = operand.kind === 'number' ? operand.value : Number.NaN;
  switch (op) {
    case '=':
      return equal;
    case '!=':
      return (value) => !equal(value);
    case '<':
      return ({ number = Number.NaN }) => number < want;
    case '<=':
      return ({ number = Number.NaN }) => number <= want;
    case '>':
      return ({ number = Number.NaN }) => number > want;
    case '>=':
      return ({ number = Number.NaN }) => number >= want;
    default:
      return assertNever(op);
  }
}

export function compileEquals(operand: Operand): (value: Comparable) => boolean {
  switch (operand.kind) {
    case 'number':
      return ({ text, number }) => (number === undefined ? text === operand.text : number === operand.value);
    case 'regex': {
      const matches = compileRegex(operand.source);
      return ({ text }) => matches(text);
    }
    case 'text': {
      const { text: want, head, tail } = operand;
      if (head && tail) return ({ text }) => text.includes(want);
      if (head) return ({ text }) => text.endsWith(want);
      if (tail) return ({ text }) => text.startsWith(want);
      return ({ text }) => text === want;
    }
    default:
      return assertNever(operand);
  }
}
