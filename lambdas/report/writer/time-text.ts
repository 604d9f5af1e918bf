const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * `2026-11-21 03:12:45.123 UTC`: as exact as it is known, like every time of a report. Cut, and next to one that is not,
 * it would seem to come before what it followed. CloudTrail knows whole seconds only: `2026-11-21 03:12:45 UTC`.
 */
export function utc(iso: string): string {
  return valid(iso) ? `${dayOf(iso)} ${timeOfDay(iso).replace(/\.0+$/, '')} UTC` : iso;
}

/** `2026-11-21 03:12:45 UTC`, for messages in which all times are cut alike. */
export function utcSecond(iso: string): string {
  return valid(iso) ? `${dayOf(iso)} ${iso.slice(11, 19)} UTC` : iso;
}

/** `03:12:45.123` */
export function timeOfDay(iso: string): string {
  return valid(iso) ? iso.slice(11, 23).replace('Z', '') : iso;
}

export function dayOf(iso: string): string {
  return iso.slice(0, 10);
}

/** Two units at most: `840 ms`, `2.4 s`, `4 min 3 s`, `3 h 12 min`, `2 d 4 h`. */
export function span(ms: number): string {
  if (ms < 0) return `−${span(-ms)}`;
  if (ms < SECOND) return `${Math.round(ms)} ms`;
  if (ms < MINUTE) return `${(ms / SECOND).toFixed(1).replace(/\.0$/, '')} s`;
  if (ms < HOUR) return two(ms, MINUTE, 'min', SECOND, 's');
  if (ms < DAY) return two(ms, HOUR, 'h', MINUTE, 'min');
  return two(ms, DAY, 'd', HOUR, 'h');
}

function two(ms: number, large: number, largeName: string, small: number, smallName: string): string {
  const rest = Math.floor((ms % large) / small);
  const first = `${Math.floor(ms / large)} ${largeName}`;
  return rest === 0 ? first : `${first} ${rest} ${smallName}`;
}

function valid(iso: string): boolean {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(iso);
}
