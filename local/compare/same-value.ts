/**
 * Whether two values mean the same. APIs give numbers and booleans as texts, policies as encoded JSON texts, one item
 * where the template has a list of one, and lists in an order of their own.
 */
export function sameValue(template: unknown, api: unknown): boolean {
  return normal(template) === normal(api);
}

function normal(value: unknown): string {
  if (typeof value === 'string') return normalText(value);
  if (value === undefined || value === null) return 'none';
  if (typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) {
    const items = value.map(normal).sort();
    return items.length === 1 ? (items[0] ?? '') : `[${items.join(',')}]`;
  }
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return `{${entries
    .map(([key, item]) => `${key}:${normal(item)}`)
    .sort()
    .join(',')}}`;
}

function normalText(text: string): string {
  const decoded = text.startsWith('%7B') ? decodeURIComponent(text) : text;
  if (!decoded.startsWith('{') && !decoded.startsWith('[')) return decoded;
  try {
    return normal(JSON.parse(decoded));
  } catch {
    return decoded; // A filter pattern begins like JSON, too.
  }
}
