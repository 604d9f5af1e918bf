/** What one way through the input took. */
export interface Run {
  /** Processor time of this process, all its threads: on a machine that others use too, the clock says little. */
  readonly seconds: number;
  readonly events: number;
  readonly matches: number;
  /** Share of lines that were parsed. */
  readonly parsed: number;
}

/** One statement about speed, with the figure that it was held against. */
export interface Result {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly bound: string;
  readonly holds: boolean;
  readonly more?: string;
}

export function cpuSeconds(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Every variant once a round, so that whatever disturbs the machine disturbs them alike; the first round warms up. */
export function interleaved<Name extends string, R>(
  variants: Readonly<Record<Name, () => R>>,
  rounds: number,
): Record<Name, R[]> {
  const runs = {} as Record<Name, R[]>;
  const names = Object.keys(variants) as Name[];
  for (const name of names) runs[name] = [];
  for (let round = 0; round <= rounds; round++) {
    for (const name of names) {
      const run = variants[name]();
      if (round > 0) runs[name].push(run);
    }
  }
  return runs;
}

/** The median, over the rounds, of how much longer `a` took than `b` in the same round. */
export function timesAsLong(a: readonly { seconds: number }[], b: readonly { seconds: number }[]): number {
  return median(a.map(({ seconds }, round) => seconds / (b[round]?.seconds ?? Number.NaN)));
}

export function atLeast(name: string, value: number, bound: number, more?: string): Result {
  return result(name, value, 'times', `at least ${bound}`, value >= bound, more);
}

export function atMost(name: string, value: number, unit: string, bound: number, more?: string): Result {
  return result(name, value, unit, `at most ${bound}`, value <= bound, more);
}

function result(name: string, value: number, unit: string, bound: string, holds: boolean, more?: string): Result {
  return { name, value: Math.round(value * 1000) / 1000, unit, bound, holds, ...(more !== undefined && { more }) };
}
