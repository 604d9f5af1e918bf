/** What came of it; a refusal is an answer, not an error. */
export type RespondAnswer =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly problem: string };
