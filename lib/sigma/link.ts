import type { CompiledCorrelation, CompiledRule, Condition } from './compiled-rules';
import { inOrder, resolveCorrelation } from './correlation/resolve';
import type { Document } from './compile';
import { applyFilters, compileFilter, sameLogsource } from './filter/apply';
import { didYouMean } from './suggest';

export interface Linked {
  readonly rules: readonly CompiledRule[];
  readonly correlations: readonly CompiledCorrelation[];
  readonly origins: ReadonlyMap<string, { readonly path: string; readonly line: number }>;
}

/** What documents say about each other: ids and names, filters, correlations, and which rules are silent. */
export function link(documents: readonly Document[]): Linked {
  const registry = new Names();
  const kept = documents.filter((document) => registry.take(document));
  const rules = filtered(kept, registry);
  const correlations = correlated(kept, registry);
  const silent = silenced(kept, registry);
  const quiet = <T extends { readonly id: string }>(rule: T): T =>
    silent.has(rule.id) ? { ...rule, silent: true } : rule;
  return { rules: rules.map(quiet), correlations: correlations.map(quiet), origins: registry.origins };
}

/** Ids and names of all documents; each is used once. */
class Names {
  readonly origins = new Map<string, { path: string; line: number }>();
  readonly #ids = new Map<string, string>();
  readonly #broken = new Set<string>();

  take(document: Document): boolean {
    if (document.kind === 'filter') return true;
    if (document.kind === 'broken') {
      for (const name of document.names) this.#broken.add(name.toLowerCase());
      return false;
    }
    const { id, name } = document.kind === 'rule' ? document.rule : document.correlation;
    const { path, place, problems } = document;
    const other = this.origins.get(id);
    if (other !== undefined) {
      problems.add(place, `rule id ${id} is already used in ${other.path}:${other.line}; give one of them a new UUID`);
      return false;
    }
    const named = name === undefined ? undefined : this.#ids.get(name.toLowerCase());
    if (named !== undefined) {
      const at = this.origins.get(named);
      problems.add(
        place,
        `the name '${name ?? ''}' is already used in ${at?.path ?? '?'}:${at?.line ?? 0}; a name is for one rule`,
      );
      return false;
    }
    this.origins.set(id, { path, line: place.line });
    this.#ids.set(id, id);
    if (name !== undefined) this.#ids.set(name.toLowerCase(), id);
    return true;
  }

  find(reference: string): string | undefined {
    return this.#ids.get(reference.toLowerCase());
  }

  /** It is there and has mistakes, which were told. */
  isBroken(reference: string): boolean {
    return this.#broken.has(reference.toLowerCase());
  }

  get known(): Iterable<string> {
    return this.#ids.keys();
  }
}

function filtered(documents: readonly Document[], names: Names): CompiledRule[] {
  const rules = new Map(documents.flatMap((one) => (one.kind === 'rule' ? [[one.rule.id, one.rule] as const] : [])));
  const excluded = new Map<string, Condition[]>();
  for (const document of documents) {
    if (document.kind !== 'filter') continue;
    const { filter, problems } = document;
    const condition = compileFilter(filter, problems);
    for (const { reference, place } of filter.rules) {
      const rule = rules.get(names.find(reference) ?? '');
      if (rule === undefined) {
        if (names.find(reference) !== undefined)
          problems.add(place, `'${reference}' is a correlation; filter the rules that it correlates`);
        else if (!names.isBroken(reference))
          problems.add(place, `no rule has the id or name '${reference}'${didYouMean(reference, names.known)}`);
      } else if (!sameLogsource(filter, rule)) {
        problems.add(
          place,
          `the rule '${reference}' looks at another log source than this filter, which would do nothing`,
        );
      } else if (condition !== undefined) excluded.set(rule.id, [...(excluded.get(rule.id) ?? []), condition]);
    }
  }
  return [...rules.values()].map((rule) => applyFilters(rule, excluded.get(rule.id) ?? []));
}

function correlated(documents: readonly Document[], names: Names): CompiledCorrelation[] {
  const found = documents.flatMap((document) => {
    if (document.kind !== 'correlation') return [];
    // What it names has mistakes of its own: those are enough.
    if (document.correlation.rules.some(({ reference }) => names.isBroken(reference))) return [];
    return resolveCorrelation(document.correlation, names, document.problems) ?? [];
  });
  return inOrder(found, (correlation, message) => {
    const document = documents.find((one) => one.kind === 'correlation' && one.correlation.id === correlation.id);
    document?.problems.add(document.place, message);
  });
}

/** Rules that only correlations use: none of those generates them. Source: Sigma 2.1, correlations, "Generate". */
function silenced(documents: readonly Document[], names: Names): ReadonlySet<string> {
  const referenced = documents.flatMap((document) => (document.kind === 'correlation' ? [document.correlation] : []));
  const ids = (generate: boolean): (string | undefined)[] =>
    referenced
      .filter((one) => one.generate === generate)
      .flatMap(({ rules }) => rules.map(({ reference }) => names.find(reference)));
  const loud = new Set(ids(true));
  return new Set(ids(false).filter((id): id is string => id !== undefined && !loud.has(id)));
}
