import { describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../local/paths';

const MAX_LINES = 150;
const README = readFileSync(join(packageRoot(), 'local', 'README.md'), 'utf8');
const listed = [...README.matchAll(/^\| `((?:local|test)\/[^`]+\.ts)`/gm)].map(([, file = '']) => file);

describe('doubles of what no emulator has', () => {
  test('are all listed', () => {
    const files = readdirSync(join(packageRoot(), 'local', 'doubles')).filter((name) => name !== 'index.ts');
    const ours = listed.filter((file) => file.startsWith('local/doubles/'));

    expect(ours.sort()).toEqual(files.map((name) => `local/doubles/${name}`).sort());
  });

  test.each(listed)('%s has at most 150 lines', (file) => {
    const lines = readFileSync(join(packageRoot(), file), 'utf8').trimEnd().split('\n').length;

    expect(lines).toBeLessThanOrEqual(MAX_LINES);
  });
});
