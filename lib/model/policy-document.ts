import { canonicalJson } from './canonical-json';
import type { Json } from './json';

/** IAM gives policy documents URL-encoded; some of what speaks its protocol does not. */
export function decodePolicy(document: string): string {
  return document.trimStart().startsWith('{') ? document : decodeURIComponent(document);
}

/** Do two documents say the same? Absent is null, and equals only absent. */
export function samePolicy(a: string | null, b: string | null): boolean {
  if (a === null || b === null || a === b) return a === b;
  try {
    return canonicalJson(JSON.parse(a) as Json) === canonicalJson(JSON.parse(b) as Json);
  } catch {
    // What is not JSON is no policy of ours.
    return false;
  }
}
