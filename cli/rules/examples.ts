import { existsSync, readFileSync } from 'node:fs';
import { isJsonObject, textAt, type JsonObject } from '../../lib/model/json';
import type { Compiled } from '../../lib/sigma/compile';
import { Correlator } from '../../lib/sigma/correlation/correlator';
import { MemoryCorrelationState } from '../../lib/sigma/correlation/memory';
import { Matcher } from '../../lib/sigma/matcher';
import { UsageError } from '../command-error';

/** One event, or several in their order for a correlation. */
export interface Example {
  readonly kind: 'matches' | 'ignores';
  readonly name: string;
  readonly events: readonly JsonObject[];
}

/** The examples in a file: `{ "matches": [{ "name", "event" | "events" }], "ignores": [...] }`. */
export function readExamples(path: string): Example[] {
  if (!existsSync(path)) return [];
  const examples: unknown = JSON.parse(readFileSync(path, 'utf8'));
  return (['matches', 'ignores'] as const).flatMap((kind) => {
    const list = isJsonObject(examples) ? examples[kind] : undefined;
    if (!Array.isArray(list)) throw new UsageError(`${path}: '${kind}' must be a list of {name, event}`);
    return list.map((item, index): Example => {
      const events = !isJsonObject(item) ? [] : Array.isArray(item.events) ? item.events : [item.event];
      if (!isJsonObject(item) || events.length === 0 || !events.every(isJsonObject))
        throw new UsageError(`${path}: ${kind}[${index}] must be {name, event} or {name, events}`);
      return { kind, name: typeof item.name === 'string' ? item.name : `${kind}[${index}]`, events };
    });
  });
}

/** Ids of the rules of one file that an example makes speak: its correlation where it has one, else its rules. */
export async function spokenBy(compiled: Compiled, path: string, { events }: Example): Promise<string[]> {
  const { program, origins } = compiled;
  const ofFile = (id: string): boolean => origins.get(id)?.path === path;
  const correlations = (program.correlations ?? []).filter(({ id }) => ofFile(id));
  const rules = new Map(program.rules.map((rule) => [rule.id, rule]));
  const matcher = new Matcher(program);
  const correlator = new Correlator(program, new MemoryCorrelationState());
  const spoken = new Set<string>();
  for (const [index, record] of events.entries()) {
    // The log source is that of the rule in question: an example says nothing about where it was read.
    const matched = [...rules.values()].flatMap((rule) =>
      matcher.match(record, rule.logsource).some((match) => match.rule.id === rule.id) ? [rule.id] : [],
    );
    if (correlations.length === 0) for (const id of matched.filter(ofFile)) spoken.add(id);
    const time = Date.parse(textAt(record, 'eventTime') ?? textAt(record, 'time') ?? '') || 0;
    const id = textAt(record, 'eventID') ?? textAt(record, 'id') ?? `event-${index}`;
    for (const { rule } of await correlator.observe({ id, time, record }, matched))
      if (ofFile(rule.id)) spoken.add(rule.id);
  }
  return [...spoken];
}
