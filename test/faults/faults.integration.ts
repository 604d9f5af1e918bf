import { expect, jest, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

// It starts an embedded AWS of its own: the faults of the one that tests share would strike them as well.
jest.setTimeout(600_000);

/** A few cells; `npm run test:faults` runs them all. */
function matrix(...args: readonly string[]): { readonly cells: number; readonly bad: number; readonly told: string } {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(AWS_|FIREBREAK_TEST_)/.test(name)));
  const script = join(__dirname, '../../scripts/faults.mjs');
  const { stdout, stderr } = spawnSync(process.execPath, [script, '--json', ...args], {
    env: { ...env, FIREBREAK_BUNDLED: 'yes' },
    encoding: 'utf8',
  });
  const last = stdout.trim().split('\n').at(-1) ?? '';
  return { ...(JSON.parse(last) as { cells: number; bad: number }), told: stderr };
}

test('a sample of the fault matrix ends as it must', () => {
  const { cells, bad, told } = matrix('--runbook', 'disable-access-key', '--shapes', '2', '--sample', '20');

  expect({ cells, bad, told: bad === 0 ? '' : told }).toEqual({ cells: 20, bad: 0, told: '' });
});

test('a mutant that swallows an error turns the matrix red', () => {
  const { bad } = matrix(
    '--runbook',
    'disable-access-key',
    '--shapes',
    '1',
    '--mutant=undo-not-written',
    '--only',
    'PutItem: access-denied',
  );

  expect(bad).toBeGreaterThan(0);
});
