/** What a construct finds wrong names no file: whoever wrote it has only that. */
export function atPlace<T>(path: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw new Error(`${path}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
