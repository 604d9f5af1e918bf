import type { Json, JsonObject } from '../model/json';
import { assertNever } from '../model/assert-never';
import { compileSearch, matchingNames } from './compile-rule';
import type { Condition } from './compiled-rules';
import { OPERATORS } from './operators';
import { parseRule } from './parse-rule';
import { compilePath, leaves } from './paths';
import { Problems } from './problems';
import type { ConditionSyntax, RuleSyntax } from './syntax';
import { expandCollection } from './collection';
import { parseYaml } from './yaml';

/** A part of a rule's condition, and whether it held for a record. */
export interface Explained {
  /** What the part is, in the words of the rule: `selection`, `not`, `1 of filter_*`, `eventName|equals`. */
  readonly part: string;
  readonly held: boolean;
  /** Of a comparison: what the rule wants. */
  readonly value?: Json;
  /** Of a comparison: what the record has there; empty where the field is missing. */
  readonly actual?: readonly Json[];
  readonly parts?: readonly Explained[];
}

export interface ExplainedRule {
  readonly id: string;
  readonly title: string;
  readonly held: boolean;
  readonly condition: Explained;
}

/** The rules of one file, each with every part of its condition for this record. Broken documents are left out. */
export function explainRules(path: string, text: string, record: JsonObject): ExplainedRule[] {
  const problems = new Problems(path);
  const documents = expandCollection(parseYaml(text, problems), problems);
  return documents.flatMap((tree, number) => {
    if (tree.kind !== 'map' || !tree.entries.some(({ key }) => key === 'detection')) return [];
    const rule = parseRule({ path, number }, tree, problems);
    if (rule === undefined) return [];
    const parts = rule.conditions.map((condition) => explainCondition(condition, rule, record, problems));
    const [only] = parts;
    const condition = parts.length === 1 && only !== undefined ? only : any('any of the conditions', parts);
    return [{ id: rule.id, title: rule.title, held: condition.held, condition }];
  });
}

function explainCondition(
  condition: ConditionSyntax,
  rule: RuleSyntax,
  record: JsonObject,
  problems: Problems,
): Explained {
  const explain = (part: ConditionSyntax): Explained => explainCondition(part, rule, record, problems);
  switch (condition.kind) {
    case 'or':
      return any('or', condition.of.map(explain));
    case 'and':
      return all('and', condition.of.map(explain));
    case 'not': {
      const part = explain(condition.of);
      return { part: 'not', held: !part.held, parts: [part] };
    }
    case 'search':
      return explainSearch(condition.name, rule, record, problems);
    case 'some': {
      const names = matchingNames(condition.pattern, [...rule.searches.keys()]);
      const parts = names.map((name) => explainSearch(name, rule, record, problems));
      const part = `${condition.count} of ${condition.pattern}`;
      return condition.count === 'all' ? all(part, parts) : any(part, parts);
    }
    default:
      return assertNever(condition);
  }
}

function explainSearch(name: string, rule: RuleSyntax, record: JsonObject, problems: Problems): Explained {
  const search = rule.searches.get(name);
  const compiled = search && compileSearch(search, problems);
  if (compiled === undefined) return { part: name, held: false };
  const inner = explainCompiled(compiled, record);
  // `all` and `any` of a search are the search itself; a single comparison stays under its name.
  return { part: name, held: inner.held, parts: inner.part === 'all' ? (inner.parts ?? []) : [inner] };
}

function explainCompiled(condition: Condition, record: JsonObject): Explained {
  switch (condition.kind) {
    case 'all':
      return all(
        'all',
        condition.of.map((part) => explainCompiled(part, record)),
      );
    case 'any':
      return any(
        'any',
        condition.of.map((part) => explainCompiled(part, record)),
      );
    case 'not': {
      const part = explainCompiled(condition.of, record);
      return { part: 'not', held: !part.held, parts: [part] };
    }
    case 'field':
    case 'keyword': {
      const found = condition.kind === 'field' ? compilePath(condition.path)(record) : leaves(record);
      const test = OPERATORS.get(condition.op)?.(condition.value, condition.cased === true);
      const path = condition.kind === 'field' ? condition.path : '(anywhere)';
      return {
        part: `${path}|${condition.op}${condition.cased ? '|cased' : ''}`,
        held: test?.(found, record) ?? false,
        value: condition.value,
        // Keywords look at everything, and everything is no answer.
        ...(condition.kind === 'field' && { actual: found }),
      };
    }
    default:
      return assertNever(condition);
  }
}

function all(part: string, parts: readonly Explained[]): Explained {
  return { part, held: parts.every(({ held }) => held), parts };
}

function any(part: string, parts: readonly Explained[]): Explained {
  return { part, held: parts.some(({ held }) => held), parts };
}
