import { execFile } from 'node:child_process';
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { packageRoot } from '../../lib/prebuilt-code';
import { correlation } from '../sigma/correlation/documents';
import { call, Folder, OTHER_RULE, RULE } from './hunting';

/** The command as a user has it: the bundle, in a process of its own. `npm test` makes the bundle first. */
const BIN = join(packageRoot(), 'dist', 'bin', 'firebreak.js');
const RECORDS = 60_000;

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

let folder: Folder;
beforeAll(() => {
  folder = new Folder();
  folder.write('rules/user-created.yml', RULE);
  folder.write('rules/users-listed.yml', OTHER_RULE);
  folder.write(
    'rules/burst.yml',
    correlation(
      'type: event_count\nrules: [0d0d0d0d-0000-4000-8000-00000000000a]\ngroup-by: [recipientAccountId]\ntimespan: 5m\ncondition: {gte: 3}',
      'generate: true',
    ),
  );
  // Large enough to be cut into ranges for several threads.
  const file = openSync(join(folder.path, 'large.jsonl'), 'w');
  for (let i = 0; i < RECORDS; i++) {
    const name = i % 1_000 === 7 ? 'CreateUser' : i % 1_000 === 9 ? 'ListUsers' : 'GetUser';
    writeSync(
      file,
      `${i % 5_000 === 11 ? 'CreateUser nonsense' : JSON.stringify(call(name, `e${i}`, { x: 'y'.repeat(200) }))}\n`,
    );
  }
  closeSync(file);
});
afterAll(() => folder.remove());

function firebreak(args: readonly string[], input?: string | Buffer): Promise<Ran> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [BIN, ...args],
      { cwd: folder.path, maxBuffer: 64 * 1024 * 1024, timeout: 120_000 },
      (error, out, err) =>
        resolve({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1, out, err }),
    );
    child.stdin?.end(input);
  });
}

describe('the bundled command', () => {
  test('gives the same with one thread and with several, in the order of input, correlations and mistakes too', async () => {
    const args = ['hunt', '--rules', 'rules', '--events', 'large.jsonl', '--json', '--threads'];
    const [one, three] = [await firebreak([...args, '1']), await firebreak([...args, '3'])];
    expect(three).toEqual(one);
    const found = one.out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { rule: { title: string }; event: { index: number } });
    expect(found.filter(({ rule }) => rule.title === 'User created')).toHaveLength(RECORDS / 1_000);
    expect(found.filter(({ rule }) => rule.title === 'Users listed')).toHaveLength(RECORDS / 1_000);
    expect(found.filter(({ rule }) => rule.title === 'A correlation')).toHaveLength(1);
    const indexes = found.map(({ event }) => event.index);
    expect(indexes).toEqual([...indexes].sort((a, b) => a - b));
    // A line that is no JSON is told with the number that it has in the file, not in its range.
    expect(one.code).toBe(1);
    expect(one.err.trimEnd().split('\n')).toEqual(
      Array.from({ length: RECORDS / 5_000 }, (_, i) =>
        expect.stringContaining(`large.jsonl, record ${i * 5_000 + 11}: not JSON`),
      ),
    );
  }, 240_000);

  test.each<[string, (text: string) => string | Buffer]>([
    ['lines', (text) => text],
    ['gzip', (text) => gzipSync(text)],
    [
      'Records',
      (text) =>
        JSON.stringify({
          Records: text
            .trimEnd()
            .split('\n')
            .map((line) => JSON.parse(line) as object),
        }),
    ],
  ])('reads %s from standard input', async (_, packed) => {
    const lines = [call('GetUser', 'a'), call('CreateUser', 'b')].map((one) => `${JSON.stringify(one)}\n`).join('');
    const { code, out, err } = await firebreak(['hunt', '--rules', 'rules', '--events', '-', '--json'], packed(lines));
    expect(err).toBe('');
    expect(code).toBe(0);
    expect(
      out
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as object),
    ).toMatchObject([
      {
        rule: {
          id: '0d0d0d0d-0000-4000-8000-00000000000a',
          title: 'User created',
          level: 'high',
          file: 'rules/user-created.yml',
        },
        event: { id: 'b', time: '2026-11-20T10:00:00.000Z', index: 1, file: '-' },
        entities: [{ kind: 'user', role: 'actor' }, { kind: 'address' }],
        because: [{ path: 'eventSource' }, { path: 'eventName' }],
      },
    ]);
  });

  test('shows no progress where nobody sits, and ends with numbers', async () => {
    const { out, err } = await firebreak([
      'hunt',
      '--rules',
      'rules/users-listed.yml',
      '--events',
      'large.jsonl',
      '--stats',
      '--threads',
      '1',
    ]);
    expect(err).not.toContain('so far');
    expect(out).toMatch(/^60 +high +0d0d0d0d-0000-4000-8000-00000000000b +Users listed$/m);
    expect(err).toMatch(/^60000 events, 60 matches, \d+ problems, [\d.]+ s, \d+ events\/s, \d+ parsed$/m);
  });

  test.each([
    [['hunt'], 2],
    [['hunt', '--rules', 'rules', '--events', 'none'], 2],
    [['hunt', '--rules', 'none', '--events', 'large.jsonl'], 2],
    [['hunt', '--rules', 'rules', '--events', 'large.jsonl', '--threads', 'x'], 2],
  ])('wrong usage is exit code 2: %j', async (args, code) => {
    const ran = await firebreak(args);
    expect([ran.code, ran.out]).toEqual([code, '']);
    expect(ran.err).not.toBe('');
  });
});
