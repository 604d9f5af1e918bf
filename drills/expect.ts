import { isDeepStrictEqual } from 'node:util';
import type { Expectation } from './scenario';

/** One expectation, with what was observed. */
export function expectThat(text: string, passed: boolean, observed: string): Expectation {
  return { text, passed, observed };
}

/** Expects that what the API says now equals what it said before; tells what differs. */
export function expectSame(text: string, before: unknown, now: unknown): Expectation {
  const passed = isDeepStrictEqual(before, now);
  return { text, passed, observed: passed ? 'equal to before' : differences(before, now).slice(0, 5).join('; ') };
}

/** The paths at which two values differ, with both. */
export function differences(before: unknown, now: unknown, path = ''): string[] {
  if (isDeepStrictEqual(before, now)) return [];
  if (!isPlain(before) || !isPlain(now)) {
    return [`${path || 'it'} was ${written(before)}, is ${written(now)}`];
  }
  const keys = new Set([...Object.keys(before), ...Object.keys(now)]);
  return [...keys].flatMap((key) => differences(before[key], now[key], path === '' ? key : `${path}.${key}`));
}

export function written(value: unknown): string {
  return value === undefined ? 'absent' : JSON.stringify(value);
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
