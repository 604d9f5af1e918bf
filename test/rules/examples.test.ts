import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { readRuleFiles } from '../../lib/detect/rule-files';
import type { JsonObject } from '../../lib/model/json';
import { compileRules, formatProblem, match } from '../../lib/sigma';

interface Example {
  readonly name: string;
  readonly event: JsonObject;
}
interface Examples {
  readonly matches: readonly Example[];
  readonly ignores: readonly Example[];
}

const folder = join(__dirname, '..', '..', 'rules');

describe.each(readRuleFiles(folder).map((file) => [file.path.slice(folder.length + 1), file] as const))(
  '%s',
  (_, file) => {
    const { program, problems } = compileRules([file]);
    const rule = program.rules[0];
    const beside = file.path.replace(/\.yml$/, '.examples.json');

    test('compiles, and says what a reader needs', () => {
      expect(problems.map(formatProblem)).toEqual([]);
      expect(rule).toMatchObject({ author: 'Firebreak', description: expect.stringMatching(/\S/) });
      expect(rule?.tags.some((tag) => tag.startsWith('attack.'))).toBe(true);
      expect(rule?.falsepositives.length).toBeGreaterThan(0);
    });

    test('has examples of both kinds beside it', () => {
      expect(existsSync(beside)).toBe(true);
      const { matches, ignores } = JSON.parse(readFileSync(beside, 'utf8')) as Examples;
      expect(matches.length).toBeGreaterThan(0);
      expect(ignores.length).toBeGreaterThan(0);
    });

    const examples = JSON.parse(readFileSync(beside, 'utf8')) as Examples;
    test.each(examples.matches)('matches $name', ({ event }) => {
      expect(match(program, event, rule?.logsource ?? {})).toHaveLength(1);
    });
    test.each(examples.ignores)('ignores $name', ({ event }) => {
      expect(match(program, event, rule?.logsource ?? {})).toHaveLength(0);
    });
  },
);

test('the rules together have no two of one id', () => {
  expect(compileRules(readRuleFiles(folder)).problems.map(formatProblem)).toEqual([]);
});
