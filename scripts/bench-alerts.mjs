// npm run bench:alerts [-- --alerts N] [-- --minutes N]
// Runs bench/alert-flood.ts against an embedded AWS of its own.
import { execFileSync, spawnSync } from 'node:child_process';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const outfile = join(root, 'dist', 'bench', 'alert-flood.js');
execFileSync(process.execPath, [join(root, 'scripts/bundle.mjs')], { stdio: ['ignore', 'ignore', 'inherit'] });
await build({
  entryPoints: [join(root, 'bench/alert-flood.ts')],
  outfile,
  bundle: true,
  platform: 'node',
  target: 'node20',
  packages: 'external',
  logLevel: 'warning',
});
const { status } = spawnSync(process.execPath, [outfile, ...process.argv.slice(2)], { stdio: 'inherit', cwd: root });
process.exitCode = status ?? 1;
