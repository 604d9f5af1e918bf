import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pc from 'picocolors';
import type { Io } from '../../cli/io';
import { run } from '../../cli/program';
import type { Explained, ExplainedRule } from '../../lib/sigma';
import { correlation, named } from '../sigma/correlation/documents';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'firebreak-rules-command-'));
});
afterAll(() => rmSync(folder, { recursive: true }));
const write = (name: string, content: string): string => {
  writeFileSync(join(folder, name), content);
  return name;
};
async function rules(...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const io: Io = {
    out: (text) => (out += text),
    err: (text) => (err += text),
    env: {},
    cwd: folder,
    colours: pc.createColors(false),
    progress: () => undefined,
    exitCode: 0,
  };
  const code = await run(['rules', ...args], io, '0.0.0');
  return { code, out, err };
}

const RULE = `title: Key made
id: 0d0d0d0d-0000-4000-8000-00000000000a
name: key_made
logsource: {product: aws, service: cloudtrail}
detection:
  selection:
    eventName: CreateAccessKey
    requestParameters.userName|exists: true
  filter_self:
    requestParameters.userName|fieldref: userIdentity.userName
  condition: selection and not 1 of filter_*
level: high
`;
const EVENT = {
  eventName: 'CreateAccessKey',
  requestParameters: { userName: 'bob' },
  userIdentity: { userName: 'bob' },
};

describe('rules explain', () => {
  test('says for every part of the condition whether it held', async () => {
    write('rule.yml', RULE);
    write('event.json', JSON.stringify(EVENT));
    const { code, out } = await rules('explain', '--rule', 'rule.yml', '--event', 'event.json');
    expect(code).toBe(1);
    expect(out).toBe(`Key made (0d0d0d0d-0000-4000-8000-00000000000a): does not match
  ✗ and
    ✓ selection
      ✓ eventName|equals "CreateAccessKey", got "CreateAccessKey"
      ✓ requestParameters.userName|exists true, got "bob"
    ✗ not
      ✓ 1 of filter_*
        ✓ filter_self
          ✓ requestParameters.userName|fieldref "userIdentity.userName", got "bob"
`);
  });

  test('as JSON, of one record among many', async () => {
    write('rule.yml', RULE);
    write('events.jsonl', [EVENT, { ...EVENT, userIdentity: {} }].map((one) => JSON.stringify(one)).join('\n'));
    const { code, out } = await rules(
      'explain',
      '--rule',
      'rule.yml',
      '--event',
      'events.jsonl',
      '--index',
      '1',
      '--json',
    );
    const [rule] = (JSON.parse(out) as { rules: ExplainedRule[] }).rules;
    expect([code, rule?.held]).toEqual([0, true]);
    const held = ({ held: own, parts }: Explained): boolean[] => [own, ...(parts ?? []).flatMap(held)];
    expect(rule === undefined ? [] : held(rule.condition)).toEqual([true, true, true, true, true, false, false, false]);
  });

  test('finds a rule of Firebreak by its title, and the rules below a correlation', async () => {
    write('event.json', JSON.stringify(EVENT));
    const byTitle = await rules('explain', '--rule', 'Access key created for another user', '--event', 'event.json');
    expect(byTitle.out).toContain('does not match');
    const below = await rules('explain', '--rule', 'Many secrets read', '--event', 'event.json');
    expect(below.out).toMatch(/^Secret read /);
  });

  test('says that a filter took the event away', async () => {
    const filter =
      'title: F\nlogsource: {product: aws}\nfilter:\n  rules: [key_made]\n  s: {userIdentity.userName: null}\n  condition: s\n';
    write('filtered.yml', `${RULE}---\n${filter}`);
    write('event.json', JSON.stringify({ ...EVENT, userIdentity: {} }));
    const { code, out } = await rules('explain', '--rule', 'filtered.yml', '--event', 'event.json');
    expect([code, out.split('\n')[0]]).toEqual([1, expect.stringContaining('matches, and a filter takes it away')]);
  });

  test.each([
    [['--rule', 'no such rule', '--event', 'event.json'], "no rule has the id, name or title 'no such rule'"],
    [['--rule', 'rule.yml', '--event', 'event.json', '--index', '7'], 'there is none at index 7'],
  ])('%j is wrong usage', async (args, message) => {
    write('rule.yml', RULE);
    write('event.json', JSON.stringify(EVENT));
    const { code, err } = await rules('explain', ...args);
    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
  });
});

describe('rules lint', () => {
  test('tells mistakes of correlations with their place', async () => {
    write(
      'bad.yml',
      correlation('type: event_count\nrules: [nobody]\ngroup-by: [user]\ntimespan: 5m\ncondition: {gte: 3}'),
    );
    const { code, out } = await rules('lint', 'bad.yml');
    expect([code, out]).toEqual([1, expect.stringContaining("bad.yml:5:11: no rule has the id or name 'nobody'")]);
  });

  test('holds rules to conventions where it is asked to', async () => {
    write('Bad_Name.yml', named('a'));
    expect((await rules('lint', 'Bad_Name.yml')).code).toBe(0);
    const { code, out } = await rules('lint', 'Bad_Name.yml', '--conventions');
    expect(code).toBe(1);
    for (const message of [
      "'author' is missing",
      'no ATT&CK tag',
      'lower case with hyphens',
      'has no examples beside it',
    ])
      expect(out).toContain(message);
  });

  test('says which folder has no schemas', async () => {
    write('rule.yml', RULE);
    const { code, err } = await rules('lint', 'rule.yml', '--schemas', '.');
    expect([code, err]).toEqual([2, expect.stringContaining('has no sigma-detection-rule-schema.json')]);
  });

  test('our own rules are clean', async () => {
    const { code, out } = await rules('lint', join(__dirname, '..', '..', 'rules'), '--json');
    expect([code, (JSON.parse(out) as { problems: unknown[] }).problems]).toEqual([0, []]);
  });
});

describe('rules test', () => {
  test('runs the examples of a correlation as streams', async () => {
    write(
      'burst.yml',
      [
        correlation('type: event_count\nrules: [a]\ngroup-by: [user]\ntimespan: 5m\ncondition: {gte: 2}'),
        named('a'),
      ].join('---\n'),
    );
    const event = (id: string) => ({ id, kind: 'a', user: 'u', time: '2026-03-01T09:30:00Z' });
    const examples = {
      matches: [{ name: 'two', events: [event('1'), event('2')] }],
      ignores: [{ name: 'the same one twice', events: [event('1'), event('1')] }],
    };
    write('burst.examples.json', JSON.stringify(examples));
    const { code, out } = await rules('test', 'burst.yml');
    expect([code, out]).toEqual([0, '2 of 2 examples are as they should be\n']);
    write('burst.examples.json', JSON.stringify({ ...examples, ignores: examples.matches }));
    expect(await rules('test', 'burst.yml')).toMatchObject({
      code: 1,
      out: expect.stringContaining("burst.yml: 'two' should not match"),
    });
  });
});
