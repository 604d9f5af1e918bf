import type { Report } from './report';

/** When the first alert was raised, which is before it was written down; undefined where a person opened the incident. */
export function firstAlertAt({
  firstEventAt,
  timings: { detect_ms: detect },
}: Pick<Report, 'firstEventAt' | 'timings'>): string | undefined {
  return detect === null ? undefined : new Date(Date.parse(firstEventAt) + detect).toISOString();
}
