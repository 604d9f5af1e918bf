/** Ends an exhaustive switch: the compiler refuses a call with a case left over. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value ${JSON.stringify(value)}`);
}
