import type { Containment } from '../../../lib/model/containment';
import type { JsonObject } from '../../../lib/model/json';
import type { TimelineEntry, TimelineKind } from '../../../lib/model/timeline';

/** What a timeline record may hold beside its text stays well under 4 KB. */
const MAX_DETAIL_CHARACTERS = 3_000;
const MAX_TEXT_CHARACTERS = 600;

/** A timeline entry about a containment, with the ids that reports look for. */
export function containEntry(
  containment: Containment,
  kind: TimelineKind,
  text: string,
  by: string,
  details: JsonObject = {},
): TimelineEntry {
  return {
    stage: 'contain',
    kind,
    text: shorten(text, MAX_TEXT_CHARACTERS),
    by,
    details: {
      containmentId: containment.id,
      runbook: containment.runbook,
      target: { ...containment.target },
      generation: containment.generation,
      attempt: containment.attempt,
      ...details,
    },
  };
}

export function shorten(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 1)}…`;
}

/** As many of the lines as a timeline record holds, or as fit into less; says how many more there are. */
export function boundedLines(lines: readonly string[], characters = MAX_DETAIL_CHARACTERS): string[] {
  const kept: string[] = [];
  let left = characters;
  for (const line of lines) {
    const short = shorten(line, 300);
    // An ellipsis or any other character may take three bytes and be escaped.
    left -= JSON.stringify(short).length + 2;
    if (left < 0) return [...kept, `and ${lines.length - kept.length} more`];
    kept.push(short);
  }
  return kept;
}

/** A mark of something that is said once for each attempt. */
export function attemptMark(containment: Containment, what: string): string {
  return `${containment.id}#${containment.generation}#${containment.attempt}#${what}`;
}
