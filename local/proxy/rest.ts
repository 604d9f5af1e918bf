/** Method, path and name of an operation of a REST API; a named group is a name in the path. */
export type RestOperation = readonly [method: string, path: RegExp, name: string];

export interface Found {
  readonly operation: string;
  readonly path: Record<string, string>;
}

/** The first operation that matches. */
export function findOperation(all: readonly RestOperation[], method: string, path: string): Found | undefined {
  for (const [verb, pattern, operation] of all) {
    const found = verb === method ? pattern.exec(path) : null;
    if (found !== null) {
      const named = Object.entries(found.groups ?? {}).map(([key, value]) => [key, decodeURIComponent(value)]);
      return { operation, path: Object.fromEntries(named) as Record<string, string> };
    }
  }
  return undefined;
}
