import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import pc from 'picocolors';
import type { Io } from '../../cli/io';
import { run } from '../../cli/program';

const folder = mkdtempSync(join(tmpdir(), 'firebreak-pattern-'));

async function command(pattern: string, messages: string, ...more: string[]) {
  const file = join(folder, 'messages');
  writeFileSync(file, messages);
  const said = { out: '', err: '' };
  const io: Io = {
    out: (text) => void (said.out += text),
    err: (text) => void (said.err += text),
    env: {},
    cwd: folder,
    colours: pc.createColors(false),
    progress: () => undefined,
    exitCode: 0,
  };
  const code = await run(['pattern', 'test', pattern, '--messages', 'messages', ...more], io, '0');
  return { code, ...said };
}

test('a JSON array: indices of the messages that match, and nothing else with --json', async () => {
  const messages = JSON.stringify(['{"a":1}', '[a', 'two\nlines', '{"a":"1"}']);
  const { code, out } = await command('{ $.a = 1 }', messages, '--json');
  expect([code, JSON.parse(out)]).toEqual([0, { valid: true, matches: [0, 3] }]);
});

test('lines, of which the first may begin with a bracket', async () => {
  const { code, out } = await command('"b"', '[a b\n\nb\r\nc\n', '--json');
  expect([code, JSON.parse(out)]).toEqual([0, { valid: true, matches: [0, 2] }]);
});

test('nothing matches: that is no error', async () => {
  expect(await command('x', 'a\n')).toEqual({ code: 0, out: '0 of 1 messages match\n', err: '' });
});

test('no messages', async () => {
  expect(JSON.parse((await command('x', '', '--json')).out)).toEqual({ valid: true, matches: [] });
  expect(JSON.parse((await command('', '[]', '--json')).out)).toEqual({ valid: true, matches: [] });
});

test('a pattern that the service refuses is exit code 1, with place and remedy', async () => {
  const { code, out } = await command('{ $.a EXISTS }', 'a', '--json');
  expect(code).toBe(1);
  const error = "column 7: 'EXISTS' does not exist, only 'NOT EXISTS'; '= *' holds for any string or number";
  expect(JSON.parse(out)).toEqual({ valid: false, error, matches: [] });
});

test('messages that are no strings, a missing file, a missing option: exit code 2', async () => {
  expect(await command('x', '["a", {"b":1}]')).toMatchObject({
    code: 2,
    out: '',
    err: expect.stringContaining('element 1'),
  });
  expect((await command('x', 'a', '--messages', 'nowhere')).code).toBe(2);
});

test('a pattern that begins with a hyphen is no option, and a slip in an option is no pattern', async () => {
  expect(JSON.parse((await command('-b', 'a\nb\n', '--json')).out)).toEqual({ valid: true, matches: [0] });
  expect(JSON.parse((await command('-b -c', 'a\nb\nc\n', '--json')).out)).toEqual({ valid: true, matches: [0] });
  expect((await command('a', 'a', '--jsn')).code).toBe(2);
});
