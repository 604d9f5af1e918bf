import type { Scanner } from './scanner';
import { COMPARISONS, type ComparisonOp, type Operand } from './syntax';

/** `= value`, and its kin. The order operators want a number. */
export function parseComparison(
  scanner: Scanner,
  stop: RegExp,
  expected: string,
): { op: ComparisonOp; operand: Operand; at: number } {
  const op = COMPARISONS.find((candidate) => scanner.take(candidate));
  if (op === undefined) {
    const here = scanner.done ? 'the end of the pattern' : `'${scanner.peek()}'`;
    throw scanner.error(`${expected} is expected, got ${here}`);
  }
  scanner.blanks();
  const at = scanner.at;
  const operand = scanner.operand(stop);
  if (op !== '=' && op !== '!=' && operand.kind !== 'number')
    throw scanner.error(`'${op}' compares with a number, and this is none; '=' and '!=' look at texts`, at);
  return { op, operand, at };
}
