import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { checkConventions } from '../../cli/rules/conventions';
import { readExamples, spokenBy } from '../../cli/rules/examples';
import { SigmaSchemas } from '../../cli/rules/schemas';
import { readRuleFiles } from '../../lib/detect/rule-files';
import { compileRules, formatProblem } from '../../lib/sigma';
import { describeCorpus } from '../sigma/corpus';

const folder = join(__dirname, '..', '..', 'rules');
const files = readRuleFiles(folder);
const compiled = compileRules(files);
const examplesOf = (path: string): string => path.replace(/\.ya?ml$/, '.examples.json');

test('the rules compile together, and no two have one id', () => {
  expect(compiled.problems.map(formatProblem)).toEqual([]);
});

test('the rules keep to their conventions', () => {
  expect(checkConventions(compiled, examplesOf).map(formatProblem)).toEqual([]);
});

describeCorpus('our rules and the schemas of Sigma', () => {
  test('fit', () => {
    const schemas = SigmaSchemas.open(SigmaSchemas.defaultFolder());
    expect(files.flatMap((file) => schemas?.check(file) ?? []).map(formatProblem)).toEqual([]);
    expect(schemas).toBeDefined();
  });
});

describe.each(files.map(({ path }) => [path.slice(folder.length + 1), path] as const))('%s', (_, path) => {
  const examples = readExamples(examplesOf(path));

  test('has examples of both kinds beside it', () => {
    expect([...new Set(examples.map(({ kind }) => kind))].sort()).toEqual(['ignores', 'matches']);
  });

  test.each(examples.map((example) => [example.kind, example.name, example] as const))(
    '%s %s',
    async (kind, name, example) => {
      expect([name, (await spokenBy(compiled, path, example)).length > 0]).toEqual([name, kind === 'matches']);
    },
  );
});
