import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** The nearest folder at or above `start` for which `wanted` holds. */
function above(start: string, wanted: (folder: string) => boolean): string | undefined {
  for (let folder = resolve(start); ; folder = dirname(folder)) {
    if (wanted(folder)) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}

function isFirebreak(folder: string): boolean {
  const manifest = join(folder, 'package.json');
  return existsSync(manifest) && (JSON.parse(readFileSync(manifest, 'utf8')) as { name?: string }).name === 'firebreak';
}

/** Where Firebreak itself lies: found from source, from jest and from the bundle in `dist/` alike. */
export function packageRoot(): string {
  const root = above(__dirname, isFirebreak);
  if (root === undefined)
    throw new Error(`Firebreak's package.json was not found above ${__dirname}; reinstall firebreak`);
  return root;
}

/** A file that ships beside this one in `local/`. */
export function shippedFile(name: string): string {
  const path = join(packageRoot(), 'local', name);
  if (!existsSync(path)) throw new Error(`Firebreak's own file ${path} is missing; reinstall firebreak`);
  return path;
}

/**
 * Where the embedded AWS keeps its virtual environment, its logs and its state.
 *
 * @default - `.firebreak` in the nearest folder with a package.json, else in the working folder; FIREBREAK_HOME overrides
 */
export function firebreakHome(env: NodeJS.ProcessEnv = process.env, cwd: string = process.cwd()): string {
  if (env.FIREBREAK_HOME) return resolve(cwd, env.FIREBREAK_HOME);
  return join(above(cwd, (folder) => existsSync(join(folder, 'package.json'))) ?? cwd, '.firebreak');
}
