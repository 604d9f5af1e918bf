import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MUTANTS } from './mutants';
import { parseOptions } from './options';

describe('the options of the fault matrix', () => {
  test('`--mutant` by itself plants each', () => {
    expect(parseOptions(['--mutant', '--json'])).toMatchObject({ json: true, mutants: Object.keys(MUTANTS) });
    expect(parseOptions(['--mutant=undo-not-written']).mutants).toEqual(['undo-not-written']);
  });

  test('what is not understood is refused with what there is', () => {
    expect(() => parseOptions(['--mutant=none'])).toThrow(/no mutant 'none'; there are undo-not-written/);
    expect(() => parseOptions(['--sample', '0'])).toThrow("--sample takes a whole number from 1, got '0'");
  });
});

describe('the mutants', () => {
  test.each(Object.entries(MUTANTS))('%s has its place in the source, once', (_, { file, find }) => {
    expect(readFileSync(join(__dirname, '../..', file), 'utf8').split(find)).toHaveLength(2);
  });
});
