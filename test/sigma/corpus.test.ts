import { expect, test } from '@jest/globals';
import type { JsonObject } from '../../lib/model/json';
import { compileRules, formatProblem, Matcher } from '../../lib/sigma';
import { CLOUDTRAIL } from './one-rule';
import { corpusFiles, corpusLines, describeCorpus } from './corpus';

describeCorpus('the corpus of Sigma rules', () => {
  test.each([
    ['sigma/aws', 57],
    ['sigma/other', 446],
  ])('every rule of %s compiles (%d)', (folder, count) => {
    const { program, problems } = compileRules(corpusFiles(folder, '.yml'));
    expect(problems.map(formatProblem)).toEqual([]);
    expect(program.rules).toHaveLength(count);
  });

  test.each([
    ['sigma/placeholder', "modifier 'expand' is not supported"],
    ['sigma/unsupported', 'is the old syntax'],
  ])('every rule of %s is refused with a clear reason', (folder, reason) => {
    const files = corpusFiles(folder, '.yml');
    const { program, problems } = compileRules(files);
    expect(program.rules).toEqual([]);
    expect([...new Set(problems.map(({ path }) => path))]).toEqual(files.map(({ path }) => path));
    for (const { message } of problems) expect(message).toContain(reason);
  });

  test('the 57 rules say nothing false about shape: every match explains itself', () => {
    const matcher = new Matcher(compileRules(corpusFiles('sigma/aws', '.yml')).program);
    const events = corpusLines('events/stratus-detonations.jsonl').map(({ event }) => event as JsonObject);
    const matches = events.flatMap((event) => matcher.match(event, CLOUDTRAIL));
    expect(matches.length).toBeGreaterThan(0);
    expect(matches.filter(({ because }) => because.length === 0)).toEqual([]);
  });
});
