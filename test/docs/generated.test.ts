import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { generatedPages } from '../../scripts/docs/pages';

const ROOT = resolve(__dirname, '../..');

describe('pages made from code', () => {
  test.each(Object.entries(generatedPages(ROOT)))('%s is as the code says now: `npm run docs`', (path, text) => {
    expect(readFileSync(join(ROOT, path), 'utf8')).toBe(text);
  });
});
