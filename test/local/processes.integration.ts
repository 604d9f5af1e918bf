import { afterAll, describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { packageRoot } from '../../local/paths';
import { startServer } from '../../local/processes';
import { isAlive } from '../../local/lock';
import { findPython } from '../../local/python';
import { eventually } from '../embedded/aws';

/** A server that starts a worker of its own, as MiniStack does; the worker ignores SIGTERM. */
const SERVER = `
import http.server, subprocess, sys
worker = subprocess.Popen([sys.executable, '-c', 'import signal,time; signal.signal(15, signal.SIG_IGN); time.sleep(600)'])
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers(); self.wfile.write(str(worker.pid).encode())
http.server.HTTPServer(('127.0.0.1', int(sys.argv[1])), Handler).serve_forever()
`;

describe('a server', () => {
  const scratch = join(packageRoot(), '.firebreak', 'test');
  mkdirSync(scratch, { recursive: true });
  const home = mkdtempSync(join(scratch, 'processes-'));
  const strays: number[] = [];
  // Only what a failed test has left behind; on success they are gone.
  afterAll(() => strays.filter(isAlive).forEach((pid) => process.kill(pid, 'SIGKILL')));

  const start = async (code = SERVER): ReturnType<typeof startServer> =>
    startServer({
      name: 'Example',
      python: (await findPython()).command,
      home,
      readyPath: '/',
      args: (port) => ['-c', code, String(port)],
      env: () => ({}),
      readyWithinMs: 10_000,
    });

  const workerOf = async (port: number): Promise<number> =>
    Number(await (await fetch(`http://127.0.0.1:${port}/`)).text());

  test('takes its workers and its folder along when it is stopped', async () => {
    const server = await start();
    const worker = await workerOf(server.port);
    strays.push(server.pid, worker);
    const run = join(home, 'run', `example-${server.port}`);
    expect(existsSync(run)).toBe(true);

    await server.stop();

    await eventually('the end of the worker', () => Promise.resolve(isAlive(worker) ? undefined : true));
    expect(existsSync(run)).toBe(false);
  });

  test('that does not start is an error with the end of its log', async () => {
    const broken = start('raise SystemExit("no licence for this planet")');

    await expect(broken).rejects.toThrow(
      /Example did not start: it ended \(exit code 1\).*\n?.*no licence for this planet/,
    );
  });

  test('leaves nothing behind when whoever started it is killed with -9', async () => {
    // GIVEN another process that starts a server
    const entry = join(home, 'starter.js');
    const source = `import { startServer } from ${JSON.stringify(join(packageRoot(), 'local/processes'))};
      const code = ${JSON.stringify(SERVER)};
      startServer({ name: 'Orphan', python: 'python3', home: ${JSON.stringify(home)}, readyPath: '/', args: (port) => ['-c', code, String(port)],
        env: () => ({}) }).then(({ pid, port }) => console.log(JSON.stringify({ pid, port })));`;
    buildSync({
      stdin: { contents: source, resolveDir: home, loader: 'ts' },
      bundle: true,
      platform: 'node',
      outfile: entry,
    });
    const starter = spawn(process.execPath, [entry], { stdio: ['ignore', 'pipe', 'inherit'] });
    const line = await new Promise<string>((resolve) => {
      starter.stdout.once('data', (data: Buffer) => resolve(data.toString()));
    });
    const { pid, port } = JSON.parse(line) as { pid: number; port: number };
    const worker = await workerOf(port);
    strays.push(pid, worker);

    // WHEN it dies without a chance to clean up
    starter.kill('SIGKILL');

    // THEN server, worker and folder are gone
    await eventually('the end of all', () => Promise.resolve(isAlive(pid) || isAlive(worker) ? undefined : true));
    expect(existsSync(join(home, 'run', `orphan-${port}`))).toBe(false);
  });
});
