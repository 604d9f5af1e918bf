/**
 * An environment variable that the stack sets. Read once, at cold start.
 *
 * @throws Error where it is missing: the stack and the bundle are of different versions.
 */
export function requireEnv(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') {
    throw new Error(
      `environment variable '${name}' is not set; deploy the stack and its Lambda bundles from one version`,
    );
  }
  return value;
}
