/** Bits of a table of values. */
export const TABLE_BITS = 17;
export const TABLE_BYTES = 2 ** TABLE_BITS / 8;
/** The highest bits: every bit of a value has a part in them. */
export const HASH_SHIFT = BigInt(64 - TABLE_BITS);
/** Odd, and its bits are mixed: the golden ratio of 64 bits. */
export const HASH_STEP = 0x9e3779b97f4a7c15n;

/** So many bytes of a value are hashed; longer ones that begin alike are one. */
export const HASHED = 32;
/** Makes ASCII letters small; what it does to other bytes only makes more of them alike. */
export const FOLD = 0x20;

/** The bit of a text, as the scanner computes it. */
export function hashOf(text: string): number {
  const bytes = Buffer.alloc(HASHED);
  // Cut between bytes, not between characters: the scanner knows no characters.
  for (const [i, byte] of Buffer.from(text).subarray(0, HASHED).entries()) bytes[i] = byte | FOLD;
  let hash = 0n;
  for (let at = 0; at < HASHED; at += 8) hash = BigInt.asUintN(64, (hash ^ bytes.readBigUInt64LE(at)) * HASH_STEP);
  return Number(hash >> HASH_SHIFT);
}

/** A bit for each byte of the ends of keys, so that most keys are passed over at one look. */
export const ENDS_BYTES = 256;
export const END_STEP = 0x9e3779b1 | 0;
export const END_SHIFT = 24;

/** The entry for the last four bytes before a key's closing quotation mark, or as many as all keys have. */
export function endHash(end: number): number {
  return Math.imul(end, END_STEP) >>> END_SHIFT;
}
