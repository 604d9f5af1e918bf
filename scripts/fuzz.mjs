// npm run fuzz -- <target> [--minutes N] [--seed N]
// Runs one target of test/fuzz/targets.ts on random input until the time is up. The work is done in a child
// process, so that input which hangs it is told as well: nothing heard for a minute is a failure.
import { fork } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const HANG_MS = 60_000;

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { minutes: { type: 'string', default: '1' }, seed: { type: 'string' } },
});
const minutes = Number(values.minutes);
const [target] = positionals;
if (target === undefined || !(minutes > 0)) {
  console.error('usage: npm run fuzz -- <target> [--minutes N] [--seed N]; the targets are in test/fuzz/targets.ts');
  process.exit(2);
}

// Below the project, so that packages are found from there.
const outfile = join(root, 'dist', 'fuzz', 'run.js');
mkdirSync(dirname(outfile), { recursive: true });
await build({
  entryPoints: [join(root, 'test/fuzz/run.ts')],
  outfile,
  bundle: true,
  platform: 'node',
  target: 'node20',
  packages: 'external',
  logLevel: 'warning',
});

const seed = values.seed ?? String(Date.now() % 2 ** 31);
const child = fork(outfile, [target, String(minutes), seed], { stdio: 'inherit' });
let heard = Date.now();
let hung = false;
child.on('message', () => (heard = Date.now()));
const watch = setInterval(() => {
  if (Date.now() - heard < HANG_MS) return;
  hung = true;
  console.error(`${target}: nothing heard for ${HANG_MS / 1000} s, so some input hangs it; seed ${seed}`);
  child.kill('SIGKILL');
}, 1_000);
child.on('exit', (code) => {
  clearInterval(watch);
  process.exitCode = hung ? 1 : (code ?? 1);
});
