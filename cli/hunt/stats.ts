import type { Found } from './found';

/** What `--stats` tells. */
export class Stats {
  events = 0;
  skipped = 0;
  bytes = 0;
  matches = 0;
  problems = 0;
  readonly #started = performance.now();
  readonly #byRule = new Map<
    string,
    { readonly rule: Found['rule']; matches: number; added: number; removed: number }
  >();

  found({ rule, change }: Found): void {
    this.matches++;
    const known = this.#byRule.get(rule.id) ?? { rule, matches: 0, added: 0, removed: 0 };
    this.#byRule.set(rule.id, known);
    known.matches++;
    if (change !== undefined) known[change]++;
  }

  /** For `--json`: the last line. Rules that did not match are not named. */
  json(diff: boolean): object {
    const rules = this.#sorted().map(({ rule, matches, added, removed }) => ({
      ...rule,
      ...(diff ? { added, removed } : { matches }),
    }));
    const { events, skipped, bytes, matches, problems } = this;
    return { stats: { events, parsed: events - skipped, bytes, matches, problems, seconds: this.#seconds(), rules } };
  }

  rows(diff: boolean): string[][] {
    return this.#sorted().map(({ rule, matches, added, removed }) => [
      diff ? `+${added} -${removed}` : String(matches),
      rule.level,
      rule.id,
      rule.title,
    ]);
  }

  summary(): string {
    const seconds = this.#seconds();
    const rate = Math.round(this.events / Math.max(seconds, 0.001));
    return `${this.events} events, ${this.matches} matches, ${this.problems} problems, ${seconds.toFixed(1)} s, ${rate} events/s, ${this.events - this.skipped} parsed`;
  }

  #seconds(): number {
    return Math.round(performance.now() - this.#started) / 1000;
  }

  #sorted(): { rule: Found['rule']; matches: number; added: number; removed: number }[] {
    return [...this.#byRule.values()].sort((a, b) => b.matches - a.matches || (a.rule.id < b.rule.id ? -1 : 1));
  }
}
