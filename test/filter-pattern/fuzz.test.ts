import { test } from '@jest/globals';
import fc from 'fast-check';
import { patternProperties } from '../fuzz/pattern';

/** A short sample; `npm run fuzz -- pattern --minutes N` goes on. */
test.each(Object.entries(patternProperties()))('filter patterns hold: %s', async (_name, property) => {
  await fc.assert(property, { numRuns: 2_000 });
});
