/** Texts that must be in whatever a regular expression finds: of the simplest ones only, without groups and classes. */
export function textsOfRegex(source: string): string[] {
  if (/[()[\]{}|\\]/.test(source)) return [];
  // What is followed by ? or * need not be there; a second ? only makes it lazy.
  return source.replace(/.[?*]+/gu, '\n').split(/[.+^$\n]/);
}
