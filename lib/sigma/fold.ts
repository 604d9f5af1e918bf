/**
 * Folds the case of ASCII letters only. `toLowerCase` would turn the Kelvin sign (U+212A) into k, so that two
 * texts that AWS keeps apart would be one, and a text could change its length.
 */
export function foldAscii(text: string): string {
  if (!/[A-Z]/.test(text)) return text;
  // Without characters outside ASCII the built-in does the same, faster.
  return NON_ASCII.test(text) ? text.replace(/[A-Z]+/g, (upper) => upper.toLowerCase()) : text.toLowerCase();
}

const NON_ASCII = /[^\x00-\x7f]/;
