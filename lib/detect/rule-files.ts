import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { RuleFile } from '../sigma/compile';

/** The rule files (`.yml`, `.yaml`) of a folder and of all folders in it, sorted by path. */
export function readRuleFiles(folder: string): RuleFile[] {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new Error(
      `rules are read from a folder, and '${folder}' is none; give the path of a folder with Sigma rules (.yml)`,
    );
  }
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .map((name) => ({ path: join(folder, name), text: readFileSync(join(folder, name), 'utf8') }));
  if (files.length === 0)
    throw new Error(`'${folder}' holds no Sigma rule (.yml, .yaml); a detector without rules detects nothing`);
  return files;
}
