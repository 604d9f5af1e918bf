import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readRuleFiles } from '../lib/detect/rule-files';
import type { RuleFile } from '../lib/sigma/compile';
import { UsageError } from './command-error';
import type { Io } from './io';

/** The rule files that were named, or lie in folders that were. */
export function ruleFiles(io: Io, paths: readonly string[]): RuleFile[] {
  return paths.flatMap((path) => {
    const full = resolve(io.cwd, path);
    if (!existsSync(full))
      throw new UsageError(`'${path}' does not exist; name rule files (.yml) or folders with them`);
    if (statSync(full).isDirectory())
      return readRuleFiles(full).map((file) => ({ ...file, path: join(path, file.path.slice(full.length + 1)) }));
    return [{ path, text: readFileSync(full, 'utf8') }];
  });
}
