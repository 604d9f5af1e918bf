import { canonicalJson } from '../../../lib/model/canonical-json';
import type { JsonObject } from '../../../lib/model/json';

/** A rule of a replication or lifecycle configuration, as plain JSON. S3 gives every rule an ID. */
export type Rule = JsonObject & { readonly ID?: string; readonly Status?: string };

export function ruleId(rule: Rule): string {
  return rule.ID ?? '';
}

/** The same rules, those with these ids switched off. */
export function switchOff(rules: readonly Rule[], ids: readonly string[]): Rule[] {
  return rules.map((rule) => (ids.includes(ruleId(rule)) ? { ...rule, Status: 'Disabled' } : rule));
}

export interface GivenBack {
  readonly rules: Rule[];
  /** What is switched on again. */
  readonly restored: string[];
  /** What somebody else changed or deleted meanwhile: it is left alone. */
  readonly left: string[];
}

/** The rules as they are, with those switched on again that are still as they were but for being off. */
export function switchOnAgain(before: readonly Rule[], now: readonly Rule[], ids: readonly string[]): GivenBack {
  const restored: string[] = [];
  const rules = now.map((rule) => {
    const id = ruleId(rule);
    const earlier = before.find((candidate) => ruleId(candidate) === id);
    if (!ids.includes(id) || !earlier || !sameButStatus(rule, earlier) || rule.Status === earlier.Status) return rule;
    restored.push(id);
    return { ...rule, Status: earlier.Status };
  });
  return { rules, restored, left: changedIds(before, now, ids) };
}

/** Of these rules, those that are gone or say something else by now. */
export function changedIds(before: readonly Rule[], now: readonly Rule[], ids: readonly string[]): string[] {
  return ids.filter((id) => {
    const earlier = before.find((rule) => ruleId(rule) === id);
    const rule = now.find((candidate) => ruleId(candidate) === id);
    return !earlier || !rule || !sameButStatus(rule, earlier);
  });
}

function sameButStatus(a: Rule, b: Rule): boolean {
  return canonicalJson({ ...a, Status: undefined }) === canonicalJson({ ...b, Status: undefined });
}

/** What the SDK gives, as what an undo record holds: plain JSON, times as ISO 8601. */
export function plain(value: object): unknown {
  return JSON.parse(JSON.stringify(value));
}
