// npm run test:faults [-- --json] [--runbook ID] [--sample N] [--mutant [ID]] [--only TEXT] [--resume FILE] [--minutes N] [--workers N]
// npm run bench:containment [-- --runs N] [--runbook ID] [--json]
// Bundles and runs test/faults/run.ts, the fault matrix, or bench/containment.ts, which deploys in the same way.
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const outdir = join(root, 'dist', 'faults');
// Tests that run beside others do not write anew what those are reading.
if (process.env.FIREBREAK_BUNDLED === undefined) {
  execFileSync(process.execPath, [join(root, 'scripts/bundle.mjs')], { stdio: ['ignore', 'ignore', 'inherit'] });
}
const { metafile } = await build({
  entryPoints: {
    run: join(root, 'test/faults/run.ts'),
    worker: join(root, 'test/faults/worker.ts'),
    containment: join(root, 'bench/containment.ts'),
  },
  outdir,
  bundle: true,
  platform: 'node',
  target: 'node20',
  packages: 'external',
  logLevel: 'warning',
  absWorkingDir: root,
  metafile: true,
});
writeFileSync(join(outdir, 'sources.json'), JSON.stringify(sourcesOf(metafile, ['run.js', 'worker.js'])));
const [first, ...others] = process.argv.slice(2);
const [program, args] = first === 'bench' ? ['containment.js', others] : ['run.js', process.argv.slice(2)];
const { status } = spawnSync(process.execPath, [join(outdir, program), ...args], {
  stdio: 'inherit',
  cwd: root,
});
process.exitCode = status ?? 1;

/** Hashes of the files that bundles were made of: by them results are told from those of an older harness. */
function sourcesOf({ outputs }, bundles) {
  const files = bundles.flatMap((bundle) => Object.keys(outputs[`dist/faults/${bundle}`].inputs));
  const hash = (file) =>
    createHash('sha256')
      .update(readFileSync(join(root, file)))
      .digest('hex');
  return Object.fromEntries([...new Set(files)].sort().map((file) => [file, hash(file)]));
}
