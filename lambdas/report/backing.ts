import type { Report } from './writer/report';

/** A part of a report that says something, and the names of the records that it says it by. */
export interface Statement {
  /** Where it stands in the report: `/clocks/0`. */
  readonly path: string;
  readonly records: readonly string[];
}

/** Every part of a report that names records. */
export function statementsOf(report: Report): Statement[] {
  return statements(report, '');
}

function statements(value: unknown, path: string): Statement[] {
  if (typeof value !== 'object' || value === null) return [];
  const below = Object.entries(value).flatMap(([key, inner]) => statements(inner, `${path}/${key}`));
  const { records } = value as { readonly records?: unknown };
  return Array.isArray(records) ? [{ path, records: records as readonly string[] }, ...below] : below;
}

/** Parts that no record backs, or that name one which is not there, each in words; a report that is sound has none. */
export function unbacked(report: Report): string[] {
  const names = new Set(report.timeline.map(({ name }) => name));
  // Nobody has said when these were, and the report says just that.
  const unsaid = report.moments.flatMap(({ at }, index) => (at === undefined ? [`/moments/${index}`] : []));
  const silent = statementsOf(report)
    .filter(({ path, records }) => records.length === 0 && !unsaid.includes(path))
    .map(({ path }) => `${path} names no record`);
  // Of a very long timeline the middle is left out.
  const missing =
    report.omittedRows > 0
      ? []
      : statementsOf(report).flatMap(({ path, records }) =>
          records.filter((name) => !names.has(name)).map((name) => `${path} names record ${name}, which is not there`),
        );
  const rows = [...report.failures, ...report.pauses]
    .filter(({ name }) => !names.has(name) && report.omittedRows === 0)
    .map(({ name }) => `row ${name} is not on the timeline`);
  return [...silent, ...missing, ...rows];
}
