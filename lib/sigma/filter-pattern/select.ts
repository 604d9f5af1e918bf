import { isJsonObject, type Json, type JsonObject } from '../../model/json';
import { assertNever } from '../../model/assert-never';
import type { Selector, SelectorStep } from './syntax';

/** All values at a selector: one, none, or several where it has a wildcard. */
export function select(object: JsonObject, selector: Selector): Json[] {
  return selector.reduce<Json[]>((values, step) => values.flatMap((value) => next(value, step)), [object]);
}

function next(value: Json, step: SelectorStep): Json[] {
  switch (step.kind) {
    case 'key': {
      // Own keys only: `constructor` is no field of a message.
      const found = isJsonObject(value) && Object.hasOwn(value, step.key) ? value[step.key] : undefined;
      return found === undefined ? [] : [found];
    }
    case 'index': {
      const found = Array.isArray(value) ? value[step.index] : undefined;
      return found === undefined ? [] : [found];
    }
    case 'wildcard':
      // Of objects as well, however it is written: so it was seen.
      if (Array.isArray(value)) return value;
      return isJsonObject(value) ? Object.values(value).filter((item) => item !== undefined) : [];
    default:
      return assertNever(step);
  }
}
