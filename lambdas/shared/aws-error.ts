/** The name of an AWS error (`ConditionalCheckFailedException`, `NoSuchEntity` …), or of any other. */
export function errorName(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}

export function errorText(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

export function isNamed(error: unknown, ...names: readonly string[]): boolean {
  return names.includes(errorName(error));
}
