// npm run bench [-- --json] [--part matching|detector|hunt] [--megabytes N] [--rounds N]
// Measures what bench/README.md tells. Runs under Node 24, which is what Lambda runs, fetched by npx where this is
// another; all but hunt on one core where the system can hold a process to one. Exit code 1: a bound does not hold.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const root = resolve(fileURLToPath(import.meta.url), '..', '..');
const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    part: { type: 'string' },
    megabytes: { type: 'string', default: '200' },
    rounds: { type: 'string', default: '7' },
  },
});

const outfile = join(root, 'dist', 'bench', 'run.js');
await build({
  entryPoints: [join(root, 'bench/run.ts')],
  outfile,
  bundle: true,
  platform: 'node',
  target: 'node20',
  external: ['esbuild'],
  logLevel: 'warning',
});
execFileSync(process.execPath, [join(root, 'scripts', 'bundle.mjs')], { stdio: 'inherit' });

const node = node24();
const version = execFileSync(node, ['-v'], { encoding: 'utf8' }).trim();
const taskset = spawnSync('taskset', ['-c', '0', 'true']).status === 0 ? ['taskset', '-c', '0'] : [];
const parts = values.part === undefined ? ['matching', 'detector', 'hunt'] : [values.part];
const results = parts.flatMap((part) => {
  const [command, ...rest] = [
    ...(part === 'hunt' ? [] : taskset),
    node,
    outfile,
    part,
    values.megabytes,
    values.rounds,
  ];
  const { status, stdout } = spawnSync(command, rest, { stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8' });
  if (status !== 0) throw new Error(`part '${part}' of the benchmark ended with ${status}`);
  return JSON.parse(stdout);
});

const machine = `Node ${version}, ${cpus().length} cores, ${cpus()[0]?.model ?? 'unknown'}`;
if (values.json) {
  console.log(JSON.stringify({ machine, date: new Date().toISOString(), results }));
} else {
  console.log(
    `${machine}${taskset.length > 0 ? ', held to one' : ''}, ${values.megabytes} MB, ${values.rounds} rounds\n`,
  );
  for (const { name, value, unit, bound, holds, more } of results)
    console.log(
      `${holds ? 'ok  ' : 'MISS'} ${name}: ${value} ${unit} (${bound})${more === undefined ? '' : `\n       ${more}`}`,
    );
}
process.exitCode = results.every(({ holds }) => holds) ? 0 : 1;

/** Lambda's Node, or this one where it cannot be had; the figures say which. */
function node24() {
  if (process.versions.node.startsWith('24.')) return process.execPath;
  const found = spawnSync('npx', ['-y', 'node@24', '-p', 'process.execPath'], { encoding: 'utf8' });
  if (found.status === 0) return found.stdout.trim();
  console.error(`Node 24 cannot be fetched, so this is Node ${process.versions.node}`);
  return process.execPath;
}
