/**
 * Whether a file holds JSON documents (an array, `Records`, records over several lines) and not a record a line. By
 * its beginning, so that nothing of it has to be kept.
 */
export function holdsDocuments(beginning: Buffer, name: string): boolean {
  const text = beginning
    .toString('latin1')
    .replace(/^\xef\xbb\xbf/, '')
    .trimStart();
  if (text.startsWith('[') || /^\{\s*"Records"\s*:\s*\[/.test(text)) return true;
  if (/\.jsonl(?:\.gz)?$/i.test(name)) return false;
  const feed = text.indexOf('\n');
  // One line, as far as can be seen: whatever is behind it is found as well.
  if (feed < 0) return true;
  const first = text.slice(0, feed).trimEnd();
  // The first line of a record that was printed for people.
  return /^\{$|[,{[]$/.test(first);
}
