import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { isAlive } from '../../local/lock';
import { packageRoot } from '../../local/paths';
import { ProxyClient } from '../../local/proxy-client';

interface Answer {
  readonly code: number;
  readonly said: { running: boolean; endpoint?: string; stopped?: boolean; servers?: { pid: number }[] };
}

describe('firebreak local', () => {
  const root = packageRoot();
  const scratch = join(root, '.firebreak', 'test');
  mkdirSync(scratch, { recursive: true });
  const home = mkdtempSync(join(scratch, 'local-'));
  const program = join(home, 'firebreak.js');

  beforeAll(async () => {
    // The installation of this test run, in a home of its own.
    for (const name of readdirSync(join(root, '.firebreak')).filter((entry) => /^venv-[0-9a-f]+$/.test(entry))) {
      symlinkSync(join(root, '.firebreak', name), join(home, name));
    }
    const contents = `import { Command } from 'commander'; import { registerLocal } from './cli/local';
      const program = new Command(); registerLocal(program); void program.parseAsync();`;
    await build({
      stdin: { contents, resolveDir: root, loader: 'ts' },
      bundle: true,
      platform: 'node',
      outfile: program,
    });
  });

  afterAll(async () => {
    await firebreak('stop');
    rmSync(home, { recursive: true, force: true });
  });

  const firebreak = (...args: string[]): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const env = { ...process.env, FIREBREAK_HOME: home };
      execFile(process.execPath, [program, 'local', ...args, '--json'], { env }, (error, stdout, stderr) => {
        const code = error === null ? 0 : Number(error.code);
        if (stdout === '') reject(new Error(`local ${args.join(' ')} ended with ${code} and said only: ${stderr}`));
        else resolve({ code, said: JSON.parse(stdout) as Answer['said'] });
      });
    });

  test('start returns while it runs on, start again finds it, stop ends all of it', async () => {
    expect(await firebreak('status')).toEqual({ code: 1, said: { running: false } });

    const started = await firebreak('start', '--wait-scale', '0.01');
    const endpoint = started.said.endpoint ?? '';
    expect(await new ProxyClient(endpoint).isThere()).toBe(true);

    expect((await firebreak('start')).said.endpoint).toBe(endpoint);
    const status = await firebreak('status');
    expect(status).toMatchObject({ code: 0, said: { running: true, endpoint } });

    expect((await firebreak('stop')).said).toEqual({ running: false, stopped: true });
    expect((status.said.servers ?? []).map(({ pid }) => isAlive(pid))).toEqual([false, false]);
    expect((await firebreak('status')).code).toBe(1);
    expect((await firebreak('stop')).said).toEqual({ running: false, stopped: false });
  }, 60_000);
});
