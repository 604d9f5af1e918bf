/** asl-validator 4.0.0 comes without types. */
declare module 'asl-validator' {
  interface Verdict {
    readonly isValid: boolean;
    readonly errors: readonly unknown[];
    errorsText(separator?: string): string;
  }
  function aslValidator(
    definition: unknown,
    options?: { readonly checkArn?: boolean; readonly checkPaths?: boolean },
  ): Verdict;
  export = aslValidator;
}
