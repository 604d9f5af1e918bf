import { assertNever } from '../../model/assert-never';
import type { Condition, FieldCondition } from '../compiled-rules';
import { foldAscii } from '../fold';
import { escapePattern } from '../pattern';
import { FLAG_FIELDS, TEXT_FIELDS, type TextField } from './facts';
import { fitsAll, globOf, type Glob } from './glob';
import { all, any, TRUE, type Need } from './need';
import { regexGlob } from './regex-glob';
import { spelled } from './spelling';

/** A condition to what is necessary for it. `holds` is false under an odd number of `not`. */
export function needOf(condition: Condition, holds = true): Need {
  switch (condition.kind) {
    case 'all':
    case 'any': {
      const of = condition.of.map((part) => needOf(part, holds));
      return (condition.kind === 'all') === holds ? all(of) : any(of);
    }
    case 'not':
      return needOf(condition.of, !holds);
    case 'keyword':
      return TRUE;
    case 'field':
      return leaf(condition, holds);
    default:
      return assertNever(condition);
  }
}

function leaf(condition: FieldCondition, holds: boolean): Need {
  if (FLAG_FIELDS.includes(condition.path)) return flag(condition, holds);
  const field = TEXT_FIELDS.find(({ path }) => path === condition.path);
  if (field === undefined) return TRUE;
  switch (condition.op) {
    case 'null':
      return presence(field, !holds);
    case 'exists':
      return presence(field, (condition.value === true) === holds);
    default: {
      const glob = globFor(condition);
      if (glob === undefined) return TRUE;
      if (fitsAll(glob)) return holds || fitsEveryText(condition) ? presence(field, holds) : TRUE;
      return holds ? { kind: 'text', path: field.path, globs: [spelled(field, glob)] } : TRUE;
    }
  }
}

/** Does every text fit that is not empty? Then what does not fit is not there. */
function fitsEveryText({ op, value }: FieldCondition): boolean {
  if (op === 'contains' || op === 'startswith' || op === 'endswith') return true;
  return op === 'like' && /^\*+\??\**$|^\?\*+$/.test(String(value));
}

function presence({ path, missingMeansNone }: TextField, present: boolean): Need {
  if (missingMeansNone === undefined) return TRUE;
  return { kind: present ? 'present' : 'missing', path };
}

function globFor({ op, value, cased }: FieldCondition): Glob | undefined {
  const folded = cased !== true;
  const text = String(value);
  switch (op) {
    case 'equals':
      return globOf(escapePattern(text), folded);
    case 'contains':
      return globOf(`*${escapePattern(text)}*`, folded);
    case 'startswith':
      return globOf(`${escapePattern(text)}*`, folded);
    case 'endswith':
      return globOf(`*${escapePattern(text)}`, folded);
    case 'like':
      return globOf(text, folded);
    case 're':
      return regexGlob(text);
    default:
      return undefined;
  }
}

/** Booleans, which rules write as booleans and as texts. */
function flag({ path, op, value }: FieldCondition, holds: boolean): Need {
  const text = foldAscii(String(value));
  if (op !== 'equals' || (text !== 'true' && text !== 'false')) return TRUE;
  if (holds) return { kind: 'flag', path, value: text === 'true' };
  return any([
    { kind: 'flag', path, value: text !== 'true' },
    { kind: 'missing', path },
  ]);
}
