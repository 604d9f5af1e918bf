/** May stand in a filter pattern without quotes, and is neither a number nor `null`. */
export function isUsualWord(text: string): boolean {
  return /^\*?[A-Za-z][A-Za-z0-9._:/-]*\*?$/.test(text) && !/^null$/i.test(text);
}
