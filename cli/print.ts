import { neutralText } from '../lambdas/shared/neutral-text';
import type { Io } from './io';

/** One JSON document with `--json`, else lines for people: nothing else is ever written to standard output. */
export function print(
  io: Io,
  options: { readonly json?: boolean },
  document: unknown,
  lines: () => readonly string[],
): void {
  io.out(
    options.json
      ? `${JSON.stringify(document, null, 2)}\n`
      : lines()
          .map((line) => `${line}\n`)
          .join(''),
  );
}

/** Text that an attacker may have written, for a terminal. */
export function safe(value: unknown, maxLength = 300): string {
  return neutralText(value, maxLength);
}

/** Columns side by side, two spaces between; the last one is not padded. Colours are put on after, by `paint`. */
export function columns(
  rows: readonly (readonly string[])[],
  paint: (cell: string, column: number) => string = (cell) => cell,
): string[] {
  const widths = rows.reduce<number[]>((known, row) => row.map((cell, i) => Math.max(known[i] ?? 0, cell.length)), []);
  return rows.map((row) =>
    row
      .map((cell, i) => paint(cell, i) + (i === row.length - 1 ? '' : ' '.repeat((widths[i] ?? 0) - cell.length)))
      .join('  '),
  );
}

/** `850 ms`, `2.3 s`, `4 min 10 s`, `3 h 2 min`; a dash where it is not known. */
export function duration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return '–';
  if (Math.abs(ms) < 1000) return `${Math.round(ms)} ms`;
  if (Math.abs(ms) < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const minutes = Math.trunc(ms / 60_000);
  if (Math.abs(minutes) < 60) return `${minutes} min ${Math.round(Math.abs(ms % 60_000) / 1000)} s`;
  return `${Math.trunc(minutes / 60)} h ${Math.abs(minutes % 60)} min`;
}

/** `2026-11-21 01:20:33Z`. */
export function time(iso: string | undefined): string {
  return iso === undefined
    ? '–'
    : safe(iso, 40)
        .replace('T', ' ')
        .replace(/\.\d+Z$/, 'Z');
}
