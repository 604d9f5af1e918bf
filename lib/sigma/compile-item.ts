import { assertNever } from '../model/assert-never';
import { MODIFIERS } from './modifiers';
import { OperandError } from './operand-error';
import { asPattern, OPERATORS } from './operators';
import { plainText } from './pattern';
import type { Problems } from './problems';
import type { Condition, OperandValue } from './compiled-rules';
import { didYouMean } from './suggest';
import type { ItemSyntax, ValueSyntax } from './syntax';
import type { Encoded } from './transforms';

/** What the modifiers of one item ask for. */
interface Plan {
  readonly op: string;
  readonly reference: boolean;
  readonly all: boolean;
  readonly cased: boolean;
  readonly neq: boolean;
  readonly letters: string;
  readonly transforms: readonly ((value: Encoded) => readonly Encoded[])[];
}

/** One `field|modifiers: values` to a condition; values are alternatives unless `all` is given. */
export function compileItem(item: ItemSyntax, problems: Problems): Condition | undefined {
  const plan = planOf(item, problems);
  if (plan === undefined) return undefined;
  const of: Condition[] = [];
  for (const value of item.values) {
    try {
      of.push(compileValue(item, value, plan));
    } catch (error) {
      if (!(error instanceof OperandError)) throw error;
      problems.add(value.place, error.message);
    }
  }
  const [only] = of;
  if (only === undefined) return undefined;
  if (plan.neq) return { kind: 'not', of: of.length === 1 ? only : { kind: 'any', of } };
  return of.length === 1 ? only : { kind: plan.all ? 'all' : 'any', of };
}

function planOf(item: ItemSyntax, problems: Problems): Plan | undefined {
  const operators: string[] = [];
  const flags = new Set<string>();
  const transforms: Plan['transforms'][number][] = [];
  let letters = '';
  const before = problems.all.length;
  const complain = (message: string): void => problems.add(item.place, message);
  for (const name of item.modifiers) {
    const modifier = MODIFIERS.get(name);
    if (modifier === undefined) {
      complain(`unknown modifier '${name}'${didYouMean(name, MODIFIERS.keys())}`);
      continue;
    }
    switch (modifier.kind) {
      case 'operator':
        operators.push(modifier.op);
        break;
      case 'flag':
        flags.add(modifier.flag);
        break;
      case 'transform':
        transforms.push(modifier.apply);
        break;
      case 'regex-flag':
        if (operators.at(-1) !== 're') complain(`modifier '${name}' belongs after 're'`);
        letters += modifier.letter;
        break;
      case 'refused':
        complain(`modifier '${name}' is not supported: ${modifier.why}`);
        break;
      default:
        assertNever(modifier);
    }
  }
  const reference = operators.includes('fieldref');
  const compared = operators.filter((op) => op !== 'fieldref');
  if (compared.length > 1) complain(`a field is compared in one way, got '${compared.join("' and '")}'`);
  const op = compared[0] ?? (item.field === undefined ? 'contains' : 'equals');
  if (reference && !['equals', 'contains', 'startswith', 'endswith'].includes(op))
    complain(`'fieldref' does not go with '${op}'`);
  if (item.field === undefined && (reference || op === 'exists')) complain('a keyword has no field to look at');
  if (op === 're' && flags.has('cased')) complain("'re' minds the case already; take 'cased' away");
  // "Single item values are not allowed to have an `all` modifier" (Sigma Modifiers, Generic Modifiers).
  if (flags.has('all') && item.values.length === 1) complain("'all' is about several values, got one; take 'all' away");
  if (problems.all.length > before) return undefined;
  return {
    op,
    reference,
    all: flags.has('all'),
    cased: flags.has('cased'),
    neq: flags.has('neq'),
    letters,
    transforms,
  };
}

function compileValue(item: ItemSyntax, written: ValueSyntax, plan: Plan): Condition {
  const of = transformed(written.value, plan).map((value) => leaf(item, value, plan));
  const [only] = of;
  return of.length === 1 && only !== undefined ? only : { kind: 'any', of };
}

function transformed(value: OperandValue, plan: Plan): readonly OperandValue[] {
  if (plan.transforms.length === 0) return [value];
  if (value === null || typeof value === 'boolean')
    throw new OperandError(`a text is needed here, got ${JSON.stringify(value)}`);
  const encoded = plan.transforms.reduce<readonly Encoded[]>((values, apply) => values.flatMap(apply), [String(value)]);
  return encoded.map((result) => {
    if (typeof result === 'string') return result;
    throw new OperandError("'utf16' and its kin need 'base64' or 'base64offset' after them");
  });
}

function leaf(item: ItemSyntax, value: OperandValue, plan: Plan): Condition {
  const [op, operand] = operation(value, plan);
  // Made and thrown away: what cannot be made at load is a mistake to be told at compile time.
  const make = OPERATORS.get(op);
  if (make === undefined) throw new OperandError(`unknown operator '${op}'`);
  make(operand, plan.cased);
  const rest = { op, value: operand, ...(plan.cased && { cased: true as const }) };
  return item.field === undefined ? { kind: 'keyword', ...rest } : { kind: 'field', path: item.field, ...rest };
}

function operation(value: OperandValue, plan: Plan): [string, OperandValue] {
  if (plan.reference) return [plan.op === 'equals' ? 'fieldref' : `fieldref-${plan.op}`, value];
  switch (plan.op) {
    case 'equals':
    case 'contains':
    case 'startswith':
    case 'endswith': {
      if (value === null) {
        if (plan.op === 'equals') return ['null', null];
        throw new OperandError(`'${plan.op}' needs a text, got null`);
      }
      if (typeof value !== 'string') return [plan.op, value];
      const plain = plainText(value);
      return plain === undefined ? ['like', asPattern(plan.op, value)] : [plan.op, plain];
    }
    case 're':
      return ['re', plan.letters === '' || typeof value !== 'string' ? value : `(?${plan.letters})${value}`];
    default:
      return [plan.op, value];
  }
}
