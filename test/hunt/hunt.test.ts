import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { call, Folder, OTHER_RULE, RULE } from './hunting';

let folder: Folder;
beforeEach(() => {
  folder = new Folder();
  folder.write('rules/user-created.yml', RULE);
});
afterEach(() => folder.remove());

const EVENTS = [call('ListUsers', 'e0'), call('CreateUser', 'e1'), call('GetUser', 'e2'), call('CREATEUSER', 'e3')];
const LINES = EVENTS.map((event) => `${JSON.stringify(event)}\n`).join('');

describe('hunt finds the same', () => {
  test.each([
    ['JSON lines', 'e.jsonl', LINES],
    [
      'JSON lines without a last line feed, with blank ones between',
      'e.jsonl',
      `\n${LINES.replaceAll('\n', '\r\n\n').trimEnd()}`,
    ],
    ['JSON lines behind a mark of byte order', 'e.jsonl', `\uFEFF${LINES}`],
    ['an array', 'e.json', JSON.stringify(EVENTS)],
    ['an array, printed for people', 'e.json', JSON.stringify(EVENTS, null, 2)],
    ['Records', 'e.json', JSON.stringify({ Records: EVENTS })],
    [
      'Records, printed for people, with more around',
      'e.json',
      JSON.stringify({ Records: EVENTS, more: [{ eventName: 'CreateUser' }] }, null, 2),
    ],
    [
      'several documents of Records one after the other',
      'e.json',
      `{"Records":${JSON.stringify(EVENTS.slice(0, 2))}}{"Records":${JSON.stringify(EVENTS.slice(2))}}`,
    ],
    ['records over several lines', 'e.json', EVENTS.map((event) => JSON.stringify(event, null, 2)).join('\n')],
    ['gzip', 'e.json.gz', gzipSync(JSON.stringify({ Records: EVENTS }))],
    [
      'gzip of JSON lines in two members',
      'e.jsonl.gz',
      Buffer.concat([gzipSync(LINES.slice(0, 700)), gzipSync(LINES.slice(700))]),
    ],
  ])('in %s', async (_, name, content) => {
    folder.write(name, content);
    const { code, found, err } = await folder.hunt('--rules', 'rules', '--events', name, '--json');
    expect(err).toBe('');
    expect(code).toBe(0);
    expect(found.map(({ event }) => event)).toEqual([
      { id: 'e1', time: '2026-11-20T10:00:00.000Z', index: 1, file: name },
      { id: 'e3', time: '2026-11-20T10:00:00.000Z', index: 3, file: name },
    ]);
    expect(found[0]).toMatchObject({
      rule: {
        id: '0d0d0d0d-0000-4000-8000-00000000000a',
        title: 'User created',
        level: 'high',
        file: 'rules/user-created.yml',
      },
      because: [
        { path: 'eventSource', op: 'equals', value: 'iam.amazonaws.com', actual: 'iam.amazonaws.com' },
        { path: 'eventName', op: 'equals', value: 'CreateUser', actual: 'CreateUser' },
      ],
    });
    expect(found[0]?.entities).toContainEqual(expect.objectContaining({ role: 'actor', kind: 'user' }));
  });

  test('in a folder, sorted by path, and with the shortcut or without', async () => {
    folder.write('events/b/2.jsonl', LINES);
    folder.write('events/a/1.json.gz', gzipSync(JSON.stringify({ Records: EVENTS })));
    folder.write('events/notes.txt', 'nothing');
    const fast = await folder.hunt('--rules', 'rules', '--events', 'events', '--json');
    const strict = await folder.hunt('--rules', 'rules', '--events', 'events', '--json', '--strict');
    expect(fast.found.map(({ event }) => event.file)).toEqual([
      'events/a/1.json.gz',
      'events/a/1.json.gz',
      'events/b/2.jsonl',
      'events/b/2.jsonl',
    ]);
    expect(strict).toEqual(fast);
  });

  test('in an EventBridge event between records', async () => {
    const wrapped = { 'detail-type': 'AWS API Call via CloudTrail', detail: call('CreateUser', 'e9') };
    folder.write('e.jsonl', `${LINES}${JSON.stringify(wrapped)}\n`);
    const { found } = await folder.hunt('--rules', 'rules', '--events', 'e.jsonl', '--json');
    expect(found.map(({ event }) => [event.id, event.index])).toEqual([
      ['e1', 1],
      ['e3', 3],
      ['e9', 4],
    ]);
  });
});

describe('hunt tells', () => {
  test('one line a match, harmless for a terminal', async () => {
    folder.write(
      'e.jsonl',
      `${JSON.stringify(call('CreateUser', 'e1', { userAgent: 'x', userIdentity: { type: 'IAMUser', arn: 'arn:aws:iam::1:user/\u001b[31m' } }))}\n`,
    );
    const { out, err, code } = await folder.hunt('--rules', 'rules', '--events', 'e.jsonl');
    expect(code).toBe(0);
    expect(out.split('\n')).toHaveLength(2);
    expect(out).toContain('\tUser created\te1\t');
    expect(out).not.toContain('\u001b');
    expect(err).toContain('1 events, 1 matches, 0 problems');
  });

  test('numbers for each rule with --stats', async () => {
    folder.write('e.jsonl', LINES);
    const { found } = await folder.hunt('--rules', 'rules', '--events', 'e.jsonl', '--json', '--stats');
    expect(found.at(-1)).toMatchObject({
      stats: { events: 4, parsed: 2, matches: 2, problems: 0, rules: [{ title: 'User created', matches: 2 }] },
    });
  });

  test('what a change of rules adds and takes away with --diff', async () => {
    folder.write('new/users-listed.yml', OTHER_RULE);
    folder.write('e.jsonl', LINES);
    const { out } = await folder.hunt('--rules', 'new', '--diff', 'rules', '--events', 'e.jsonl');
    expect(
      out.split('\n').map((line) =>
        line
          .split('\t')
          .filter((_, i) => i === 0 || i === 5)
          .join(' '),
      ),
    ).toEqual(['+ e0', '- e1', '- e3', '']);
    const same = await folder.hunt('--rules', 'rules', '--diff', 'rules', '--events', 'e.jsonl');
    expect(same.out).toBe('');
  });

  test('what a correlation completes, once', async () => {
    folder.write(
      'rules/burst.yml',
      `title: Burst
id: 0d0d0d0d-0000-4000-8000-00000000000c
status: test
description: Many users
correlation:
  type: event_count
  rules:
    - 0d0d0d0d-0000-4000-8000-00000000000a
  group-by:
    - recipientAccountId
  timespan: 5m
  condition:
    gte: 2
level: critical
`,
    );
    folder.write('e.jsonl', LINES + LINES.replaceAll('"eventID":"e', '"eventID":"f'));
    const { found, err } = await folder.hunt('--rules', 'rules', '--events', 'e.jsonl', '--json');
    expect(err).toBe('');
    expect(found.map(({ rule, event, events = [] }) => [rule.title, event.id, [...events].sort()])).toContainEqual([
      'Burst',
      'e3',
      ['e1', 'e3'],
    ]);
    expect(found.filter(({ rule }) => rule.title === 'Burst')).toHaveLength(1);
  });
});

describe('what cannot be read is told with its place, and the rest is looked at', () => {
  const whole = `${JSON.stringify(EVENTS[1])}\n`;

  test.each([
    ['half a line at the end', 'e.jsonl', `${whole}{"eventName":"CreateUser","even`, 'e.jsonl, record 1: not JSON', 1],
    ['a line that is no JSON', 'e.jsonl', `${whole}nonsense\n${whole}`, 'e.jsonl, record 1: not JSON', 2],
    ['a line that is no object', 'e.jsonl', `17\n${whole}`, 'e.jsonl, record 0: a record is a JSON object', 1],
    [
      'truncated gzip',
      'e.jsonl.gz',
      gzipSync(whole.repeat(50)).subarray(0, -12),
      /^e\.jsonl\.gz: cannot be read to the end: (?:Error: )?unexpected end of file\ne\.jsonl\.gz, record \d+: not JSON/,
      49,
    ],
    [
      'bytes that are not UTF-8',
      'e.jsonl',
      Buffer.concat([
        Buffer.from(whole.slice(0, -2)),
        Buffer.from(',"x":"'),
        Buffer.from([0xff]),
        Buffer.from('"}\n'),
        Buffer.from(whole),
      ]),
      'e.jsonl, record 0: not all of it is UTF-8',
      2,
    ],
    [
      'a file that ends in a record',
      'e.json',
      `{"Records":[${whole},{"eventName":`,
      'e.json, record 1: the file ends in the middle of it',
      1,
    ],
    [
      'something between records',
      'e.json',
      `[${whole}, 17, ${whole}]`,
      'e.json, record 1: something that is no record',
      2,
    ],
    [
      '50 MB in one record',
      'e.jsonl',
      `${whole}{"eventName":"CreateUser","x":"${'x'.repeat(50_000_000)}"}\n${whole}`,
      'e.jsonl, record 1: larger than 16 MB',
      2,
    ],
    [
      '50 MB in one record of a document',
      'e.json',
      `[${whole},{"eventName":"CreateUser","x":"${'x'.repeat(50_000_000)}"},${whole}]`,
      'e.json, record 1: larger than 16 MB',
      2,
    ],
    [
      'deeply nested JSON',
      'e.jsonl',
      `${whole}{"eventSource":"iam.amazonaws.com","eventName":${'['.repeat(200_000)}${']'.repeat(200_000)}}\n${whole}`,
      'e.jsonl, record 1: cannot be looked at, it may be nested too deep',
      2,
    ],
  ])('%s', async (_, name, content, message, matches) => {
    folder.write(name, content);
    const { code, err, found } = await folder.hunt('--rules', 'rules', '--events', name, '--json');
    expect(err).toMatch(message);
    expect(err.split('\n')).toHaveLength(typeof message === 'string' ? 2 : 3);
    expect(code).toBe(1);
    expect(found).toHaveLength(matches);
  });

  test('also what no rule can match, with --strict', async () => {
    folder.write('e.jsonl', `${whole}{]}\n`);
    expect(await folder.hunt('--rules', 'rules', '--events', 'e.jsonl')).toMatchObject({ code: 0 });
    expect(await folder.hunt('--rules', 'rules', '--events', 'e.jsonl', '--strict')).toMatchObject({
      code: 1,
      err: expect.stringContaining('e.jsonl, record 1: not JSON'),
    });
  });

  test('files that cannot be looked at, and a folder without any', async () => {
    // GIVEN
    folder.write('full/good.jsonl', whole);
    symlinkSync(join(folder.path, 'nowhere'), join(folder.path, 'full', 'link.json'));
    folder.write('notes/readme.txt', 'nothing');
    folder.write('nothing.jsonl', '');
    folder.write('blank.json', ' \n\n');
    folder.write('broken-off.json.gz', '');
    folder.write('no-gzip.jsonl.gz', whole);
    // WHEN
    const names = ['notes', 'nothing.jsonl', 'blank.json', 'broken-off.json.gz', '/proc/self/mem', 'no-gzip.jsonl.gz'];
    const { code, err, found } = await folder.hunt('--rules', 'rules', '--events', ...names, 'full', '--json');
    // THEN
    expect(err.trimEnd().split('\n')).toEqual([
      "folder 'notes' holds no .json, .jsonl, .ndjson, .log or .gz file",
      'full/link.json: a link that leads nowhere',
      expect.stringMatching(/^broken-off\.json\.gz: cannot be read to the end: it is empty, and gzip is never$/),
      expect.stringMatching(/^\/proc\/self\/mem: cannot be read to the end: (?:Error: )?EIO/),
    ]);
    expect(found.map(({ event }) => event.file)).toEqual(['no-gzip.jsonl.gz', 'full/good.jsonl']);
    expect(code).toBe(1);
  });

  test('nothing to look at at all is wrong usage', async () => {
    folder.write('notes/readme.txt', 'nothing');
    expect(await folder.hunt('--rules', 'rules', '--events', 'notes')).toMatchObject({
      code: 2,
      err: expect.stringContaining("folder 'notes' holds no .json"),
    });
  });

  test('a rule that is a bomb, and one without an id whose file is still named', async () => {
    folder.write('rules/bomb.yml', `a: &a [${'x,'.repeat(20_000)}]\n${'b: [*a, *a, *a, *a, *a, *a]\n'.repeat(9)}`);
    folder.write('rules/user-created.yml', RULE.replace(/^id:.*\n/m, ''));
    folder.write('e.jsonl', whole);
    const { code, err, found } = await folder.hunt('--rules', 'rules', '--events', 'e.jsonl', '--json');
    expect(code).toBe(1);
    expect(err).toMatch(/^rules\/bomb\.yml:\d+:\d+: more than 200000 values, aliases counted/m);
    expect(found.map(({ rule }) => rule.file)).toEqual(['rules/user-created.yml']);
  });

  test('a rule of a megabyte, and one with a mistake', async () => {
    folder.write('rules/huge.yml', `${RULE}# ${'x'.repeat(1_100_000)}\n`);
    folder.write('rules/wrong.yml', OTHER_RULE.replace('condition: selection', 'condition: selecton'));
    folder.write('e.jsonl', whole);
    const { code, err, found } = await folder.hunt('--rules', 'rules', '--events', 'e.jsonl', '--json');
    expect(code).toBe(1);
    expect(err).toMatch(/^rules\/huge\.yml:1:1: a rule file has at most 1000000 characters, got \d+$/m);
    expect(err).toMatch(/^rules\/wrong\.yml:12:14: unknown search identifier 'selecton'; did you mean 'selection'\?$/m);
    expect(found).toHaveLength(1);
  });

  test('wrong usage has an exit code of its own', async () => {
    expect((await folder.hunt('--rules', 'rules', '--events', 'none.json')).code).toBe(2);
    expect((await folder.hunt('--rules', 'none', '--events', 'none.json')).code).toBe(2);
    folder.write('e.jsonl', whole);
    expect((await folder.hunt('--rules', 'rules', '--events', 'e.jsonl', '--threads', '0')).code).toBe(2);
  });
});
