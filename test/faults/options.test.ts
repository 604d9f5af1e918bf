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

  test('a part is one of so many', () => {
    expect(parseOptions(['--part', '2/3']).part).toEqual({ number: 2, of: 3 });
    expect(parseOptions([]).part).toEqual({ number: 1, of: 1 });
    for (const bad of ['3', '4/3', '0/3', '1/2/3']) expect(() => parseOptions(['--part', bad])).toThrow(/--part takes/);
  });

  test('what a mutant makes bad is no result', () => {
    expect(() => parseOptions(['--mutant', '--resume', 'x'])).toThrow('--mutant takes no --resume');
    expect(() => parseOptions(['--mutant', '--workers', '2'])).toThrow('--mutant takes no --workers');
  });
});

describe('the mutants', () => {
  test.each(Object.entries(MUTANTS))('%s has its place in the source, once', (_, { file, find }) => {
    expect(readFileSync(join(__dirname, '../..', file), 'utf8').split(find)).toHaveLength(2);
  });
});
