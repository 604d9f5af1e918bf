import { assertNever } from '../../model/assert-never';
import type { Json } from '../../model/json';
import type { Condition, FieldCondition, KeywordCondition } from '../compiled-rules';
import { foldAscii } from '../fold';
import { OPERATORS } from '../operators';
import { textsOf } from '../texts';
import { Literals } from './literals';
import type { Slot, Slots } from './slots';

/** Tells whether the record at hand holds. */
export type Holds = () => boolean;
type Leaf = FieldCondition | KeywordCondition;

/** From so many alternatives on, a set or one pass over the text is faster than asking one by one. */
const MANY = 3;
const MANY_LITERALS = 6;

/** A condition made ready over shared slots. The same answers as the interpreter's, which is the oracle in tests. */
export function prepare(condition: Condition, slots: Slots): Holds {
  switch (condition.kind) {
    case 'all':
      return all(condition.of.map((part) => prepare(part, slots)));
    case 'any':
      return any(alternatives(condition.of, slots));
    case 'not': {
      const inner = prepare(condition.of, slots);
      return () => !inner();
    }
    case 'field':
    case 'keyword':
      return leaf(condition, slots);
    default:
      return assertNever(condition);
  }
}

function all(of: readonly Holds[]): Holds {
  const [first, second] = of;
  if (of.length === 1 && first !== undefined) return first;
  if (of.length === 2 && first !== undefined && second !== undefined) return () => first() && second();
  return () => {
    for (const part of of) if (!part()) return false;
    return true;
  };
}

function any(of: readonly Holds[]): Holds {
  const [first, second] = of;
  if (of.length === 1 && first !== undefined) return first;
  if (of.length === 2 && first !== undefined && second !== undefined) return () => first() || second();
  return () => {
    for (const part of of) if (part()) return true;
    return false;
  };
}

function leaf(condition: Leaf, slots: Slots): Holds {
  const make = OPERATORS.get(condition.op);
  if (make === undefined)
    throw new Error(`the compiled rules use operator '${condition.op}', which this matcher does not know`);
  const test = make(condition.value, condition.cased === true);
  const slot = slotOf(condition, slots);
  return () => test(slot.values(), slots.record);
}

/** Alternatives that compare the same field in the same way become one question. */
function alternatives(of: readonly Condition[], slots: Slots): Holds[] {
  const groups = new Map<string, Leaf[]>();
  const rest: Condition[] = [];
  for (const part of of) {
    if ((part.kind === 'field' || part.kind === 'keyword') && (part.op === 'equals' || part.op === 'contains')) {
      const key = JSON.stringify([part.kind === 'field' ? part.path : null, part.op, part.cased === true]);
      groups.set(key, [...(groups.get(key) ?? []), part]);
    } else {
      rest.push(part);
    }
  }
  return [...groups.values()]
    .flatMap((group) => grouped(group, slots))
    .concat(rest.map((part) => prepare(part, slots)));
}

function grouped(group: readonly Leaf[], slots: Slots): Holds[] {
  const [first] = group;
  if (first === undefined || group.length < (first.op === 'equals' ? MANY : MANY_LITERALS))
    return group.map((one) => leaf(one, slots));
  const fold = first.cased === true ? (text: string): string => text : foldAscii;
  const wanted = group.map(({ value }) => fold(String(value)));
  const slot = slotOf(first, slots);
  const set = new Set(wanted);
  const literals = first.op === 'contains' ? new Literals([...set]) : undefined;
  const fits = (text: string): boolean => literals?.anyIn(fold(text)) ?? set.has(fold(text));
  return [() => someText(slot.values(), fits)];
}

function someText(values: readonly Json[], fits: (text: string) => boolean): boolean {
  for (const value of values) {
    if (typeof value === 'string' ? fits(value) : textsOf(value).some(fits)) return true;
  }
  return false;
}

function slotOf(condition: Leaf, slots: Slots): Slot {
  return condition.kind === 'field' ? slots.at(condition.path) : slots.everywhere();
}
