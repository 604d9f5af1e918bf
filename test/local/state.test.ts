import { afterAll, expect, test } from '@jest/globals';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readState, writeState } from '../../local/state';

const home = mkdtempSync(join(tmpdir(), 'firebreak-state-'));
afterAll(() => rmSync(home, { recursive: true }));

/** Long enough that it is not written at once. */
const servers = Array.from({ length: 2_000 }, (_, port) => ({ name: 'moto', pid: 1, port }));
const state = { pid: process.pid, endpoint: 'http://127.0.0.1:1', startedAt: '2026-11-22T00:00:00Z', servers };

test('whoever reads the state while it is written finds all of it, or that of before', async () => {
  await writeState(home, state);
  const again = async (): Promise<void> => {
    for (let i = 0; i < 100; i++) await writeState(home, state);
  };
  const counts: (number | undefined)[] = [];
  const read = async (): Promise<void> => {
    for (let i = 0; i < 200; i++) counts.push((await readState(home))?.servers.length);
  };
  await Promise.all([again(), read()]);

  expect(counts).toEqual(Array.from({ length: 200 }, () => servers.length));
  expect(readdirSync(home)).toEqual(['local.json']);
});
