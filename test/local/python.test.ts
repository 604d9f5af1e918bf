import { describe, expect, test } from '@jest/globals';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findPython, isNewEnough } from '../../local/python';

/** A folder with programs that answer the probe as the given Pythons would. */
function pathWith(pythons: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const folder = mkdtempSync(join(tmpdir(), 'firebreak-python-'));
  for (const [name, answer] of Object.entries(pythons)) {
    writeFileSync(join(folder, name), `#!/bin/sh\necho ${answer}\n`, { mode: 0o755 });
  }
  return { PATH: folder };
}

describe('findPython', () => {
  test('takes the first one that is new enough and can make virtual environments', async () => {
    const env = pathWith({ python3: '3.9.2 venv', 'python3.12': '3.12.1 venv' });

    expect(await findPython(env)).toEqual({ command: 'python3.12', version: '3.12.1' });
  });

  test('says what to install when there is none', async () => {
    await expect(findPython(pathWith({}))).rejects.toThrow(
      /Python 3.10 or newer .* no Python was found on PATH: install python3 and python3-venv .*FIREBREAK_AWS_ENDPOINT/,
    );
  });

  test('says what was found when it is too old or lacks venv', async () => {
    const env = pathWith({ python3: '3.11.2 none', python: '3.9.2 venv' });

    await expect(findPython(env)).rejects.toThrow('python3 3.11.2 without venv, python 3.9.2');
  });

  test('compares versions by number', () => {
    expect(['3.9.18', '3.10.0', '3.14.1', '2.7.18', '4.0.0'].map(isNewEnough)).toEqual([
      false,
      true,
      true,
      false,
      true,
    ]);
  });
});
