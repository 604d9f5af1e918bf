import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../local/paths';

/** What is tried, and what tries it: a judge that was mended has to judge again. */
const CODE = ['dist/lambdas', 'dist/bin/app.js', 'dist/faults/run.js', 'dist/faults/worker.js'];

/** A hash of the bundles; results of another one are stale. */
export function versionOfCode(root = packageRoot()): string {
  const hash = createHash('sha256');
  for (const path of CODE) add(root, path, hash);
  return hash.digest('hex').slice(0, 16);
}

function add(root: string, path: string, hash: ReturnType<typeof createHash>): void {
  const full = join(root, path);
  if (!existsSync(full)) throw new Error(`'${path}' is not there; start the matrix by 'npm run test:faults'`);
  if (statSync(full).isDirectory()) {
    for (const name of readdirSync(full).sort()) add(root, `${path}/${name}`, hash);
  } else {
    hash.update(`${path}\0`).update(readFileSync(full)).update('\0');
  }
}
