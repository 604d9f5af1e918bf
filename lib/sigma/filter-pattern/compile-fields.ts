import { assertNever } from '../../model/assert-never';
import { compileComparison } from './compare';
import type { Comparable } from './raw-json';
import type { FieldCondition, FieldSlot } from './syntax';

type Test = (value: Comparable) => boolean;
interface Field {
  /** Without quotes or brackets around it. */
  readonly text: string;
  readonly start: number;
}

/**
 * Fields are parted by blanks; `"…"` and `[…]` are one field. The last name takes the rest of the line, and a line
 * with fewer fields than names does not match.
 */
export function compileFields(slots: readonly FieldSlot[]): (message: string) => boolean {
  const gap = slots.findIndex(({ kind }) => kind === 'ellipsis');
  const tests = slots.flatMap((slot) => (slot.kind === 'field' ? [compileSlot(slot)] : []));
  return (message) => {
    const fields = split(message);
    if (fields.length < tests.length) return false;
    // Behind `...` names are counted from the end of the line.
    const skipped = gap < 0 ? 0 : fields.length - tests.length;
    return tests.every((test, index) => {
      const behind = gap >= 0 && index >= gap;
      const field = fields[behind ? index + skipped : index];
      const takesRest = gap < 0 && index === tests.length - 1 && fields.length > tests.length;
      return field !== undefined && test(value(takesRest ? message.slice(field.start).trimEnd() : field.text));
    });
  };
}

function compileSlot(slot: Extract<FieldSlot, { kind: 'field' }>): Test {
  return slot.condition === undefined ? () => true : compileCondition(slot.condition);
}

function compileCondition(condition: FieldCondition): Test {
  switch (condition.kind) {
    case 'all':
    case 'any': {
      const of = condition.of.map(compileCondition);
      return condition.kind === 'all' ? (it) => of.every((test) => test(it)) : (it) => of.some((test) => test(it));
    }
    case 'compare':
      return compileComparison(condition.op, condition.operand);
    default:
      return assertNever(condition);
  }
}

function split(message: string): Field[] {
  return [...message.matchAll(/"([^"]*)"(?=\s|$)|\[([^\]]*)\](?=\s|$)|\S+/g)].map((found) => ({
    text: found[1] ?? found[2] ?? found[0],
    start: found.index,
  }));
}

/** A line holds texts only; one that is a number can be compared as such. */
function value(text: string): Comparable {
  return /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text) ? { text, number: Number(text) } : { text };
}
