import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../../lib/model/json';
import { compileRules, formatProblem, match } from '../../../lib/sigma';
import { corpusFiles, corpusLines, describeCorpus } from '../corpus';
import { SigmaSchemas } from '../../../cli/rules/schemas';
import { compile, CLOUDTRAIL, problemsOf } from '../one-rule';

type Case = readonly [sentence: string, detection: string, record: JsonObject, matches: boolean];

/** The sentences of "Sigma Rules Specification" 2.1 that say what a detection matches, in their order. */
const RULES: readonly Case[] = [
  ['All values are treated as case-insensitive strings', 's:\n  a: Value\ncondition: s', { a: 'vALUE' }, true],
  ['All values are treated as … strings', "s:\n  a: '7'\ncondition: s", { a: 7 }, true],
  ['You can use wildcard characters * and ? in strings', "s:\n  a: 'b*d?'\ncondition: s", { a: 'bxxde' }, true],
  ['Regular expressions are case-sensitive by default', "s:\n  a|re: 'B'\ncondition: s", { a: 'b' }, false],
  ['? replaces a single mandatory character', "s:\n  a: 'prog?.exe'\ncondition: s", { a: 'prog.exe' }, false],
  ['? replaces a single mandatory character: there', "s:\n  a: 'prog?.exe'\ncondition: s", { a: 'progA.exe' }, true],
  [
    '* replaces an unbounded length, also none',
    "s:\n  a: 'antivirus_V*.exe'\ncondition: s",
    { a: 'antivirus_V.exe' },
    true,
  ],
  ['Plain backslash not followed by a wildcard: single', "s:\n  a: 'a\\b'\ncondition: s", { a: 'a\\b' }, true],
  ['Plain backslash not followed by a wildcard: double', "s:\n  a: 'a\\\\b'\ncondition: s", { a: 'a\\b' }, true],
  [
    'A wildcard has to be escaped to be handled as a plain character',
    "s:\n  a: 'x\\*'\ncondition: s",
    { a: 'x*' },
    true,
  ],
  ['… and is then no wildcard', "s:\n  a: 'x\\?'\ncondition: s", { a: 'xy' }, false],
  ['backslash followed by a wildcard: \\\\*', "s:\n  a: 'x\\\\*'\ncondition: s", { a: 'x\\anything' }, true],
  ['Three backslashes: both are plain', "s:\n  a: 'x\\\\\\*'\ncondition: s", { a: 'x\\*' }, true],
  ['Three backslashes are handled as double backslash', "s:\n  a: 'x\\\\\\y'\ncondition: s", { a: 'x\\\\y' }, true],
  ['Four backslashes are handled as double backslash', "s:\n  a: 'x\\\\\\\\y'\ncondition: s", { a: 'x\\\\y' }, true],
  [
    'Lists of strings are applied to the full log message, linked with OR',
    's:\n  - EVIL\n  - svchost.exe -n evil\ncondition: s',
    { x: { y: 'an Evil thing' } },
    true,
  ],
  [
    'Lists of maps are linked with OR',
    "s:\n  - Image|endswith: '\\example.exe'\n  - Description|contains: test\ncondition: s",
    { Description: 'a test' },
    true,
  ],
  ['All elements of a map are joined with AND', 's:\n  a: 1\n  b: 2\ncondition: s', { a: 1 }, false],
  [
    '… and a list of values with OR',
    's:\n  a: Security\n  b:\n    - 517\n    - 1102\ncondition: s',
    { a: 'security', b: 1102 },
    true,
  ],
  ["An empty value is defined with ''", "s:\n  a: ''\ncondition: s", { a: '' }, true],
  ['A null value is defined with null', 's:\n  a: null\ncondition: s', { a: null }, true],
  ["null is not ''", 's:\n  a: null\ncondition: s', { a: '' }, false],
  [
    'not null by another selection that is negated',
    's:\n  a: 1\nf:\n  b: null\ncondition: s and not f',
    { a: 1, b: 'x' },
    true,
  ],
  ['exists checks whether a field is there', 's:\n  b|exists: true\ncondition: s', { b: null }, true],
  [
    'Value modifiers are applied in the given order',
    's:\n  a|utf16le|base64: cmd\ncondition: s',
    { a: Buffer.from('cmd', 'utf16le').toString('base64') },
    true,
  ],
  ['field: %name% handles %name% as literal value', "s:\n  a: '%name%'\ncondition: s", { a: '%name%' }, true],
  [
    "Keywords with '|all' are linked with AND",
    "k:\n  '|all':\n    - one\n    - two\ncondition: k",
    { a: 'one', b: 'two' },
    true,
  ],
  ['… and one of them is not enough', "k:\n  '|all':\n    - one\n    - two\ncondition: k", { a: 'one' }, false],
  ['Logical AND/OR', 'a:\n  x: 1\nb:\n  y: 1\ncondition: a or b', { y: 1 }, true],
  ['1 of them', 'a:\n  x: 1\nb:\n  y: 1\ncondition: 1 of them', { y: 1 }, true],
  ['all of them', 'a:\n  x: 1\nb:\n  y: 1\ncondition: all of them', { y: 1 }, false],
  ['them: not those that start with an underscore', 'a:\n  x: 1\n_b:\n  y: 1\ncondition: all of them', { x: 1 }, true],
  ['1 of a pattern, with * anywhere', 'sel_a:\n  x: 1\nother:\n  y: 1\ncondition: 1 of s*a', { x: 1 }, true],
  ['all of a pattern', 'sel_a:\n  x: 1\nsel_b:\n  y: 1\ncondition: all of sel_*', { x: 1 }, false],
  ['Negation with not', 'a:\n  x: 1\nf:\n  y: 1\ncondition: a and not f', { x: 1, y: 1 }, false],
  ['not 1 of a pattern', 'a:\n  x: 1\nf_1:\n  y: 1\nf_2:\n  z: 1\ncondition: a and not 1 of f_*', { x: 1 }, true],
  ['Brackets', 'a:\n  x: 1\nb:\n  y: 1\nc:\n  z: 1\ncondition: a and (b or c)', { x: 1, z: 1 }, true],
  ['Precedence: and binds more than or', 'a:\n  x: 1\nb:\n  y: 1\nc:\n  z: 1\ncondition: a or b and c', { x: 1 }, true],
  ['Precedence: not binds more than and', 'a:\n  x: 1\nb:\n  y: 1\ncondition: not a and b', { y: 1 }, true],
  ['The condition can be a list, linked with OR', 'a:\n  x: 1\nb:\n  y: 1\ncondition:\n  - a\n  - b', { y: 1 }, true],
];

/** The sentences of the appendix "Sigma Modifiers" 2.1.0. */
const MODIFIERS: readonly Case[] = [
  ['all changes OR to AND', 's:\n  a|contains|all:\n    - x\n    - y\ncondition: s', { a: 'x alone' }, false],
  ['all with all of them', 's:\n  a|contains|all:\n    - x\n    - y\ncondition: s', { a: 'y and x' }, true],
  ['startswith: at the beginning', 's:\n  a|startswith: adm_\ncondition: s', { a: 'ADM_bob' }, true],
  ['endswith: at the end', "s:\n  a|endswith: '\\cmd.exe'\ncondition: s", { a: 'C:\\cmd.exe' }, true],
  ['contains: anywhere', 's:\n  a|contains: mid\ncondition: s', { a: 'amidst' }, true],
  ['exists: presence only, be it empty', 's:\n  a|exists: true\ncondition: s', { a: '' }, true],
  ['exists: must not exist', 's:\n  a|exists: false\ncondition: s', {}, true],
  ['cased: case sensitively', 's:\n  a|cased: Foo\ncondition: s', { a: 'foo' }, false],
  ['neq with a string', 's:\n  a|neq: x\ncondition: s', { a: 'y' }, true],
  ['neq with a number', 's:\n  a|neq: 5\ncondition: s', { a: 5 }, false],
  ['neq: different from all of the values', 's:\n  a|neq:\n    - 1\n    - 2\ncondition: s', { a: 2 }, false],
  ['neq: a field that is not there is different', 's:\n  a|neq: 1\ncondition: s', {}, true],
  ['exists: presence only, be it null', 's:\n  a|exists: false\ncondition: s', { a: null }, false],
  [
    'windash: all permutations, mixed ones too',
    "s:\n  a|windash|contains: ' -q /x'\ncondition: s",
    { a: 'cmd /q —x' },
    true,
  ],
  ['cidr: an address of the other family is outside', 's:\n  a|cidr: 0.0.0.0/0\ncondition: s', { a: '::1' }, false],
  ['cidr: what is no address is outside', 's:\n  a|cidr: 0.0.0.0/0\ncondition: s', { a: '10.0.0' }, false],
  ['lt: what is no number is not less', 's:\n  a|lt: 5\ncondition: s', { a: 'x' }, false],
  ['re: without anchors, anywhere', "s:\n  a|re: 'b'\ncondition: s", { a: 'abc' }, true],
  ['re|i|m|s together', "s:\n  a|re|i|m|s: '^B.C$'\ncondition: s", { a: 'a\nb\nc' }, true],
  ['windash: hyphen for slash', "s:\n  a|windash|contains: ' -q '\ncondition: s", { a: 'cmd /q x' }, true],
  ['windash: en dash', "s:\n  a|windash|contains: ' -q '\ncondition: s", { a: 'cmd –q x' }, true],
  ['windash: em dash', "s:\n  a|windash|contains: ' -q '\ncondition: s", { a: 'cmd —q x' }, true],
  ['windash: horizontal bar', "s:\n  a|windash|contains: ' -q '\ncondition: s", { a: 'cmd ―q x' }, true],
  ['windash: slash for hyphen', "s:\n  a|windash|contains: ' /q '\ncondition: s", { a: 'cmd -q x' }, true],
  ['re: wildcard and quantifiers', "s:\n  a|re: 'a.{2,3}b+'\ncondition: s", { a: 'xaccbb' }, true],
  ['re: classes, groups, alternation', "s:\n  a|re: '^([a-z]+|[^0-9]x)$'\ncondition: s", { a: 'abc' }, true],
  ['re|i: insensitive', "s:\n  a|re|i: 'B'\ncondition: s", { a: 'b' }, true],
  ['re|m: ^ and $ at lines', "s:\n  a|re|m: '^b$'\ncondition: s", { a: 'a\nb\nc' }, true],
  ['re|s: dot matches the newline', "s:\n  a|re|s: 'a.b'\ncondition: s", { a: 'a\nb' }, true],
  ['base64', 's:\n  a|base64: secret\ncondition: s', { a: Buffer.from('secret').toString('base64') }, true],
  [
    'base64offset: shifted by 0',
    's:\n  a|base64offset|contains: /bin/sh\ncondition: s',
    { a: Buffer.from('/bin/sh -x').toString('base64') },
    true,
  ],
  [
    'base64offset: shifted by 1',
    's:\n  a|base64offset|contains: /bin/sh\ncondition: s',
    { a: Buffer.from('x/bin/sh -x').toString('base64') },
    true,
  ],
  [
    'base64offset: shifted by 2',
    's:\n  a|base64offset|contains: /bin/sh\ncondition: s',
    { a: Buffer.from('xx/bin/sh -x').toString('base64') },
    true,
  ],
  ['utf16be', 's:\n  a|utf16be|base64: cmd\ncondition: s', { a: Buffer.from('\0c\0m\0d').toString('base64') }, true],
  [
    'utf16 has a byte order mark',
    's:\n  a|utf16|base64: cmd\ncondition: s',
    { a: Buffer.from([0xff, 0xfe, 0x63, 0, 0x6d, 0, 0x64, 0]).toString('base64') },
    true,
  ],
  [
    'wide is utf16le',
    's:\n  a|wide|base64: cmd\ncondition: s',
    { a: Buffer.from('c\0m\0d\0').toString('base64') },
    true,
  ],
  ['lt', 's:\n  a|lt: 5\ncondition: s', { a: 5 }, false],
  ['lte', 's:\n  a|lte: 5\ncondition: s', { a: 5 }, true],
  ['gt', 's:\n  a|gt: 5\ncondition: s', { a: 5 }, false],
  ['gte', 's:\n  a|gte: 5\ncondition: s', { a: 5 }, true],
  ['minute', 's:\n  a|minute: 30\ncondition: s', { a: '2026-03-01T09:30:00Z' }, true],
  ['hour', 's:\n  a|hour: 9\ncondition: s', { a: '2026-03-01T09:30:00Z' }, true],
  ['day', 's:\n  a|day: 1\ncondition: s', { a: '2026-03-01T09:30:00Z' }, true],
  ['week', 's:\n  a|week: 9\ncondition: s', { a: '2026-03-01T09:30:00Z' }, true],
  ['month', 's:\n  a|month: 3\ncondition: s', { a: '2026-03-01T09:30:00Z' }, true],
  ['year', 's:\n  a|year: 2026\ncondition: s', { a: '2026-03-01T09:30:00Z' }, true],
  ['cidr: IPv4', 's:\n  a|cidr: 10.0.0.0/8\ncondition: s', { a: '10.255.0.1' }, true],
  ['cidr: IPv6', 's:\n  a|cidr: fe80::/10\ncondition: s', { a: 'fe80::1' }, true],
  ['fieldref compares fields of the event', 's:\n  a|fieldref: b\ncondition: s', { a: 'x', b: 'x' }, true],
  ['fieldref can be combined with neq', 's:\n  a|fieldref|neq: b\ncondition: s', { a: 'x', b: 'y' }, true],
];

describe.each([
  ['Sigma Rules Specification', RULES],
  ['Sigma Modifiers', MODIFIERS],
])('%s', (_, cases) => {
  test.each(cases)('%s: %j on %j is %s', (_sentence, detection, record, matches) => {
    expect(match(compile(detection), record, CLOUDTRAIL).length > 0).toBe(matches);
  });
});

describe('Sigma Rules Specification: the rest of a rule', () => {
  const compiled = (text: string) => compileRules([{ path: 'a.yml', text }]);
  const DETECTION = 'logsource:\n  product: aws\ndetection:\n  s:\n    a: 1\n  condition: s\n';

  test('title is mandatory', () => {
    expect(compiled(DETECTION).problems.map(formatProblem)).toEqual(["a.yml:1:1: 'title' is missing"]);
  });

  test('id is optional: a rule without keeps the one that is made of its title', () => {
    const [one, two, other] = ['One', 'One', 'Two'].map(
      (title) => compiled(`title: ${title}\n${DETECTION}`).program.rules[0]?.id,
    );
    expect(one).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(two).toBe(one);
    expect(other).not.toBe(one);
  });

  test('logsource and detection are mandatory', () => {
    expect(compiled('title: x\n').problems.map(({ message }) => message)).toEqual([
      "'logsource' must be a map with 'product', 'category' or 'service'",
      "'detection' must be a map of search identifiers and a 'condition'",
    ]);
  });

  test.each(['informational', 'low', 'medium', 'high', 'critical'])('level %s', (level) => {
    expect(compiled(`title: x\nlevel: ${level}\n${DETECTION}`).program.rules[0]?.level).toBe(level);
  });

  test.each(['stable', 'test', 'experimental', 'deprecated', 'unsupported'])('status %s', (status) => {
    expect(compiled(`title: x\nstatus: ${status}\n${DETECTION}`).program.rules[0]?.status).toBe(status);
  });

  test('arbitrary custom fields are allowed', () => {
    expect(compiled(`title: x\nmy_own_thing: 5\n${DETECTION}`).problems).toEqual([]);
  });

  test('dates, related, references, fields, scope, taxonomy and license are allowed', () => {
    const more =
      'date: 2026-03-01\nmodified: 2026-03-02\nrelated:\n  - id: 08fbc97d-0a2f-491c-ae21-8ffcfd3174e9\n    type: derived\nreferences:\n  - https://example.com\nfields:\n  - a\nscope:\n  - server\ntaxonomy: sigma\nlicense: MIT\n';
    expect(compiled(`title: x\n${more}${DETECTION}`).problems).toEqual([]);
  });

  test('category, product and service can be used alone or in any combination', () => {
    for (const logsource of [
      'category: firewall',
      'product: windows',
      'service: sshd',
      'category: process_creation\n  product: windows',
    ])
      expect(
        compiled(`title: x\nlogsource:\n  ${logsource}\ndetection:\n  s:\n    a: 1\n  condition: s\n`).problems,
      ).toEqual([]);
  });

  test('several documents in a file are several rules', () => {
    expect(
      compiled(`title: one\n${DETECTION}---\ntitle: two\n${DETECTION}`).program.rules.map(({ title }) => title),
    ).toEqual(['one', 'two']);
  });

  test('a tool that cannot handle placeholders must reject the rule, with the remedy', () => {
    expect(problemsOf("s:\n  a|expand: '%Servers%'\ncondition: s")).toEqual([
      expect.stringMatching(/modifier 'expand' is not supported: placeholders have no values here; write the values/),
    ]);
  });

  test.each(['startswith', 'contains'])('a single value is not allowed to have all: %s', (modifier) => {
    expect(problemsOf(`s:\n  a|${modifier}|all: x\ncondition: s`)).toEqual([
      expect.stringMatching(/:8:5: 'all' is about several values, got one; take 'all' away$/),
    ]);
  });

  test.each([
    ['minute', 60, '0 to 59'],
    ['hour', 24, '0 to 23'],
    ['day', 0, '1 to 31'],
    ['week', 54, '1 to 53'],
    ['month', 13, '1 to 12'],
  ])('%s %d is no part of a date', (part, value, range) => {
    expect(problemsOf(`s:\n  a|${part}: ${value}\ncondition: s`)).toEqual([
      expect.stringContaining(`'${part}' is a whole number from ${range}, got ${value}`),
    ]);
  });

  test('a rule without level is one of medium', () => {
    expect(compiled(`title: x\n${DETECTION}`).program.rules[0]?.level).toBe('medium');
  });

  test('the searches of `1 of them` keep their own lists and maps', () => {
    const program = compile('a:\n  - x: 1\n  - y: 1\nb:\n  p: 1\n  q: 1\ncondition: all of them');
    const holds = (record: JsonObject): boolean => match(program, record, CLOUDTRAIL).length > 0;
    expect(
      [
        { y: 1, p: 1, q: 1 },
        { x: 1, p: 1 },
        { p: 1, q: 1 },
      ].map(holds),
    ).toEqual([true, false, false]);
  });

  test('a name is unique', () => {
    const two = [`title: one\nname: same\n${DETECTION}`, `title: two\nname: same\n${DETECTION}`].join('---\n');
    expect(compiled(two).problems.map(({ message }) => message)).toEqual([
      "the name 'same' is already used in a.yml:1; a name is for one rule",
    ]);
  });
});

describeCorpus('the corpus of the specification', () => {
  const schemas = SigmaSchemas.open(SigmaSchemas.defaultFolder());
  const ids = [
    '5638f7c0-ac70-491d-8465-2a65075e0d86',
    '6f3e2987-db24-4c78-a860-b4f4095a7095',
    'df0841c0-9846-4e9f-ad8a-7df91571771b',
  ];
  const names = ['recon_cmd_a', 'recon_cmd_b', 'recon_cmd_c', 'rule_a_id', 'website_access', 'process_creation'];
  const stub = (head: string, logsource = '{category: network, service: dns}'): string =>
    `${head}\nlogsource: ${logsource}\ndetection:\n  s: {a: 1}\n  condition: s\n`;
  const windows = '{category: process_creation, product: windows}';

  test.each(corpusFiles('spec/tests/schema', '.yml').map((file) => [file.path, file] as const))('%s', (_, file) => {
    // GIVEN what the test refers to
    const stubs = [
      ...ids.map((id) => stub(`title: ${id}\nid: ${id}`, file.path.includes('filter_1') ? windows : undefined)),
      ...names.map((name) => stub(`title: ${name}\nname: ${name}`)),
    ].join('---\n');
    // THEN it compiles and its schema takes it
    expect(compileRules([file, { path: 'stubs.yml', text: stubs }]).problems.map(formatProblem)).toEqual([]);
    expect(schemas?.check(file)).toEqual([]);
  });

  // The corpus has the pairs; their rules (folders rules-*) are in SigmaHQ/sigma itself: a checkout of it, or of some
  // of its rules, may be named.
  const checkout = process.env.FIREBREAK_SIGMAHQ;
  const pairs = corpusLines('sigma/regression/pairs_flattened.jsonl').map((pair) => ({
    path: pair.rule_file as string,
    events: pair.events as JsonObject[],
    hits: pair.oracle_hits as boolean[],
  }));
  const there = pairs.filter(({ path }) => checkout !== undefined && existsSync(join(checkout, path)));
  test('there are 202 regression pairs', () => {
    expect(pairs).toHaveLength(202);
    if (checkout !== undefined) expect(there).not.toEqual([]);
  });
  if (there.length < pairs.length)
    test.skip(`${pairs.length - there.length} of 202 regression pairs match (their rules are not in the corpus; FIREBREAK_SIGMAHQ names a checkout)`, () =>
      undefined);
  for (const { path, events, hits } of there)
    test(`the regression pair of ${path} matches`, () => {
      const { program, problems } = compileRules([{ path, text: readFileSync(join(checkout ?? '', path), 'utf8') }]);
      expect(problems.map(formatProblem)).toEqual([]);
      const logsource = program.rules[0]?.logsource ?? {};
      expect(events.map((event) => match(program, event, logsource).length > 0)).toEqual(hits);
    });

  test('the schemas take what SigmaHQ publishes, and refuse what is none', () => {
    expect(
      corpusFiles('sigma/aws', '.yml')
        .flatMap((file) => schemas?.check(file) ?? [])
        .map(formatProblem),
    ).toEqual([]);
    expect(schemas?.problems({ title: 'x', level: 'hgih' }).sort()).toEqual([
      "Sigma's detection-rule schema: $ has no 'detection'",
      "Sigma's detection-rule schema: $ has no 'logsource'",
      'Sigma\'s detection-rule schema: $.level fits none of the allowed values, got "hgih"',
    ]);
  });
});
