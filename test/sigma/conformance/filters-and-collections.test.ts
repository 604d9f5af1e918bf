import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../../lib/model/json';
import { match } from '../../../lib/sigma';
import { compileDocuments, correlation, named, problemsOf, programOf } from '../correlation/documents';
import { APPLICATION } from '../correlation/run';

const filter = (section: string, logsource = 'product: application'): string =>
  `title: A filter\nlogsource:\n  ${logsource}\nfilter:\n${section
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n')}\n`;
const titles = (documents: readonly string[], record: JsonObject): string[] =>
  match(programOf(...documents), record, APPLICATION).map(({ rule }) => rule.title);

describe('Sigma Filters Specification', () => {
  const ADMINS = 'rules: [a]\nselection:\n  user|startswith: adm_\ncondition: selection';

  test('suppresses matches of the rules it names, and of no other', () => {
    const documents = [named('a'), named('b'), filter(ADMINS)];
    expect(titles(documents, { kind: 'a', user: 'adm_x' })).toEqual([]);
    expect(titles(documents, { kind: 'a', user: 'bob' })).toEqual(['a']);
    expect(titles(documents, { kind: 'a' })).toEqual(['a']);
    expect(titles(documents, { kind: 'b', user: 'adm_x' })).toEqual(['b']);
  });

  test('`not selection`, as other tools write it, suppresses the same and not the opposite', () => {
    const documents = [named('a'), filter(ADMINS.replace('condition: selection', 'condition: not selection'))];
    expect(titles(documents, { kind: 'a', user: 'adm_x' })).toEqual([]);
    expect(titles(documents, { kind: 'a', user: 'bob' })).toEqual(['a']);
  });

  test.each([
    ['one and not two', { user: 'adm_x', host: 'h' }, []],
    ['one and not two', { user: 'adm_x', host: 'bad' }, ['a']],
    ['not one and not two', { user: 'adm_x', host: 'h' }, []],
    ['not one and not two', { user: 'bob', host: 'h' }, ['a']],
    ['not 1 of *', { user: 'bob', host: 'bad' }, []],
    ['one or two', { user: 'bob', host: 'bad' }, []],
    ['1 of them', { user: 'bob', host: 'h' }, ['a']],
  ])('condition %s on %j', (condition, record, left) => {
    const section = `rules: [a]\none:\n  user|startswith: adm_\ntwo:\n  host: bad\ncondition: ${condition}`;
    expect(titles([named('a'), filter(section)], { kind: 'a', ...record })).toEqual(left);
  });

  test('several filters add up, wherever they are written', () => {
    const hosts = filter('rules: [a]\nselection:\n  host: bad\ncondition: selection');
    const documents = [hosts, named('a'), filter(ADMINS)];
    expect(titles(documents, { kind: 'a', user: 'adm_x' })).toEqual([]);
    expect(titles(documents, { kind: 'a', host: 'bad' })).toEqual([]);
    expect(titles(documents, { kind: 'a', host: 'h' })).toEqual(['a']);
  });

  test.each([
    ['rules: [zzz]\nselection:\n  x: 1\ncondition: selection', "no rule has the id or name 'zzz'"],
    [
      'rules: []\nselection:\n  x: 1\ncondition: selection',
      "'rules' must list the ids or names of the rules that are filtered",
    ],
    ['rules: [a]\nselection:\n  x: 1', "'filter' has no 'condition'"],
    ['rules: [a]\ncondition: selection', "'filter' has no search identifier"],
    [
      'rules: [a]\nselection:\n  x: 1\ncondition: selektion',
      "unknown search identifier 'selektion'; did you mean 'selection'?",
    ],
    [
      'rules: [top]\nselection:\n  x: 1\ncondition: selection',
      "'top' is a correlation; filter the rules that it correlates",
    ],
  ])('%j is told', (section, message) => {
    const top = correlation('type: event_count\nrules: [a]\ngroup-by: [user]\ntimespan: 1m\ncondition: {gte: 2}');
    expect(problemsOf(named('a'), top, filter(section))).toContainEqual(expect.stringContaining(message));
  });

  test('a filter for another log source, which would do nothing, is told', () => {
    expect(problemsOf(named('a'), filter(ADMINS, 'product: windows'))).toEqual([
      expect.stringContaining("the rule 'a' looks at another log source than this filter"),
    ]);
  });

  test('a filter has no level or status', () => {
    expect(problemsOf(named('a'), `${filter(ADMINS)}level: high\n`)).toEqual([
      expect.stringContaining("a filter has no 'level'"),
    ]);
  });
});

describe('rule collections', () => {
  const GLOBAL = 'action: global\nlogsource: {product: application}\nlevel: high\n';
  const rule = (title: string, value: number, more = ''): string =>
    `title: ${title}\ndetection:\n  s: {x: ${value}}\n  condition: s\n${more}`;

  test('global is merged into all documents that follow; what they say themselves wins', () => {
    const program = programOf(GLOBAL, rule('one', 1), rule('two', 2, 'level: low\n'));
    expect(program.rules.map(({ title, level }) => [title, level])).toEqual([
      ['one', 'high'],
      ['two', 'low'],
    ]);
  });

  test('several global documents add up, key by key', () => {
    const program = programOf(
      GLOBAL,
      'action: global\nauthor: me\ndetection:\n  f: {y: 1}\n',
      rule('one', 1).replace('condition: s', 'condition: s and not f'),
    );
    expect(program.rules[0]).toMatchObject({ author: 'me', level: 'high' });
    expect(match(program, { x: 1, y: 1 }, APPLICATION)).toEqual([]);
  });

  test('reset ends it', () => {
    expect(problemsOf(GLOBAL, rule('one', 1), 'action: reset\n', rule('two', 2))).toEqual([
      expect.stringContaining("'logsource' must be a map"),
    ]);
  });

  test('repeat is the document before, changed', () => {
    const program = programOf(GLOBAL, rule('one', 1), 'action: repeat\ntitle: two\ndetection:\n  s: {x: 2}\n');
    expect(match(program, { x: 2 }, APPLICATION).map(({ rule: { title } }) => title)).toEqual(['two']);
    expect(match(program, { x: 1 }, APPLICATION).map(({ rule: { title } }) => title)).toEqual(['one']);
  });

  test.each([
    ['action: repeat\ntitle: x\n', "'action: repeat' needs a rule before it in the same file"],
    ['action: glboal\n', "'action' must be one of global, reset, repeat, got 'glboal'; did you mean 'global'?"],
  ])('%j is told', (text, message) => {
    expect(compileDocuments(text).problems.map((problem) => problem.message)).toContain(message);
  });
});
