import { assertNever } from '../../model/assert-never';
import type { Json, JsonObject } from '../../model/json';
import { compileComparison } from './compare';
import { comparable, parseMessage } from './raw-json';
import { select } from './select';
import type { JsonCondition } from './syntax';

type Test = (object: JsonObject) => boolean;

/** Only a JSON object can match: not a list, not half of one, not a text. */
export function compileJson(condition: JsonCondition): (message: string) => boolean {
  const test = compileCondition(condition);
  return (message) => {
    const object = parseMessage(message);
    return object !== undefined && test(object);
  };
}

function compileCondition(condition: JsonCondition): Test {
  switch (condition.kind) {
    case 'all': {
      const of = condition.of.map(compileCondition);
      return (object) => of.every((test) => test(object));
    }
    case 'any': {
      const of = condition.of.map(compileCondition);
      return (object) => of.some((test) => test(object));
    }
    case 'compare': {
      const holds = compileComparison(condition.op, condition.operand);
      return some(condition.selector, (value) => {
        const found = comparable(value);
        return found !== undefined && holds(found);
      });
    }
    case 'is':
      return some(condition.selector, IS[condition.what]);
    case 'missing':
      return (object) => select(object, condition.selector).length === 0;
    default:
      return assertNever(condition);
  }
}

const IS: Record<'NULL' | 'TRUE' | 'FALSE', (value: Json) => boolean> = {
  // Seen for null only: a list that holds one counts as well.
  NULL: (value) => value === null || (Array.isArray(value) && value.includes(null)),
  TRUE: (value) => value === true,
  FALSE: (value) => value === false,
};

function some(selector: Parameters<typeof select>[1], holds: (value: Json) => boolean): Test {
  return (object) => select(object, selector).some(holds);
}
