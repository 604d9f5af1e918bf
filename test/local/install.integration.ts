import { describe, expect, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { install } from '../../local/install';
import { packageRoot } from '../../local/paths';

const scratch = join(packageRoot(), '.firebreak', 'test');

/** Nothing to download: what is tried here is the way, not the packages. */
function emptyHome(): { home: string; requirements: string } {
  mkdirSync(scratch, { recursive: true });
  const home = mkdtempSync(join(scratch, 'install-'));
  const requirements = join(home, 'requirements.txt');
  writeFileSync(requirements, '# nothing\n');
  return { home, requirements };
}

describe('install', () => {
  test('two at the same time make one installation, and the next reuses it', async () => {
    const options = emptyHome();

    const [first, second] = await Promise.all([install(options), install(options)]);

    expect([first.fresh, second.fresh].sort()).toEqual([false, true]);
    expect(first.python).toBe(second.python);
    expect(await install(options)).toEqual({ python: first.python, fresh: false });
    expect(readdirSync(options.home).filter((name) => name.startsWith('venv-'))).toHaveLength(1);
    rmSync(options.home, { recursive: true });
  }, 60_000);

  test('an interrupted one is done again', async () => {
    const options = emptyHome();
    const { python } = await install(options);
    rmSync(join(python, '..', '..', 'installed')); // As if it had been killed before its end.

    expect(await install(options)).toEqual({ python, fresh: true });
    rmSync(options.home, { recursive: true });
  }, 60_000);

  test('a package without the right hash is refused', async () => {
    const options = emptyHome();
    writeFileSync(options.requirements, `six==1.17.0 --hash=sha256:${'0'.repeat(64)}\n`);

    await expect(install(options)).rejects.toThrow(/installing the emulators failed[^]*FIREBREAK_AWS_ENDPOINT/);
    rmSync(options.home, { recursive: true });
  }, 60_000);
});
