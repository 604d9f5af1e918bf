import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, test } from '@jest/globals';
import type { JsonObject } from '../../lib/model/json';
import type { RuleFile } from '../../lib/sigma';

const root = resolve(process.env.FIREBREAK_CORPUS ?? join(__dirname, '..', '..', '..', 'shared', 'corpus'));

/** Tests over data that is not in the repository; where it is missing they are skipped, and the summary names them. */
export const describeCorpus: (name: string, body: () => void) => void = existsSync(join(root, 'README.md'))
  ? describe
  : (name) =>
      describe.skip(`${name} (no corpus at ${root}; set FIREBREAK_CORPUS)`, () => {
        // The body would read the corpus while jest collects its tests.
        test('waits for the corpus', () => undefined);
      });

export function corpusText(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

export function corpusJson(path: string): JsonObject {
  return JSON.parse(corpusText(path)) as JsonObject;
}

export function corpusLines(path: string): JsonObject[] {
  return corpusText(path)
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as JsonObject);
}

export function corpusFiles(folder: string, ending: string): RuleFile[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => ({ path: name, text: corpusText(join(folder, name)) }));
}
