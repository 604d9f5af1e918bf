// npm run bench [-- --json] [-- --megabytes N] [-- --only NAME]
// Runs bench/run.ts with Node 24, which is what Lambda runs; with the Node of PATH where that cannot be had.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const outdir = join(root, 'dist', 'bench');
mkdirSync(outdir, { recursive: true });
await build({
  entryPoints: [join(root, 'bench/run.ts'), join(root, 'bench/detector-child.ts')],
  outdir,
  bundle: true,
  platform: 'node',
  target: 'node20',
  packages: 'external',
  logLevel: 'warning',
});
execFileSync(process.execPath, [join(root, 'scripts/bundle.mjs')], { stdio: ['ignore', 'ignore', 'inherit'] });

function node24() {
  if (process.versions.node.startsWith('24.')) return process.execPath;
  try {
    const found = execFileSync('npx', ['-y', 'node@24', '-p', 'process.execPath'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 120_000,
    });
    return found.trim();
  } catch {
    console.error(`Node 24 cannot be had; with ${process.version} instead`);
    return process.execPath;
  }
}

const { status } = spawnSync(node24(), ['--expose-gc', join(outdir, 'run.js'), ...process.argv.slice(2)], {
  stdio: 'inherit',
  cwd: root,
});
process.exitCode = status ?? 1;
