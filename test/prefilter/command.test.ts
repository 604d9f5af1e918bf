import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import pc from 'picocolors';
import type { Io } from '../../cli/io';
import { run } from '../../cli/program';

const folder = mkdtempSync(join(tmpdir(), 'firebreak-prefilter-'));
const RULE = `
title: A key for somebody
id: 3c0a5a2e-3c52-4a4e-9a08-3f3a2bb4c3d1
logsource: { product: aws, service: cloudtrail }
detection:
  selection:
    eventSource: iam.amazonaws.com
    eventName: [CreateAccessKey, CreateLoginProfile]
  failed:
    errorCode: '?*'
  condition: selection and not failed
`;

async function command(...argv: string[]) {
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
  const code = await run(['rules', 'prefilter', ...argv], io, '0');
  return { code, ...said };
}

const event = (eventID: string, eventName: string, more = {}) => ({
  ...{ eventID, eventName, eventSource: 'iam.amazonaws.com', ...more },
});

test('shows the pattern, its length, and what it keeps away', async () => {
  writeFileSync(join(folder, 'rule.yml'), RULE);
  const records = [
    event('1', 'CreateAccessKey'),
    event('2', 'GetUser'),
    event('3', 'CreateAccessKey', { errorCode: 'AccessDenied' }),
  ];
  writeFileSync(join(folder, 'events.json'), JSON.stringify({ Records: records }));
  const { code, out } = await command('rule.yml', '--events', 'events.json', '--json');
  const pattern = '{$.eventName=%^CreateAccessKey$|^CreateLoginProfile$%&&$.errorCode NOT EXISTS}';
  const detail = { eventName: ['CreateAccessKey', 'CreateLoginProfile'], errorCode: [{ exists: false }] };
  expect([code, JSON.parse(out)]).toEqual([
    0,
    {
      rules: 1,
      patterns: [{ pattern, length: pattern.length }],
      eventBridge: { detail, length: JSON.stringify(detail).length },
      measured: { events: 3, keptAway: 2, deliveredTwice: 0, matched: 1, lost: [] },
    },
  ]);
});

test('names events that break the table of facts, and exits with 1', async () => {
  writeFileSync(join(folder, 'odd.jsonl'), `${JSON.stringify(event('odd-1', 'CREATEACCESSKEY'))}\n`);
  const { code, out } = await command('rule.yml', '--events', 'odd.jsonl');
  expect(code).toBe(1);
  expect(out).toContain(
    'LOST: event odd-1 matches a rule and is kept away: it breaks a fact of docs/cloudtrail-facts.md',
  );
});

test('says where a rule leaves no choice', async () => {
  writeFileSync(
    join(folder, 'all.yml'),
    RULE.replace(/ {4}event.*\n/g, '').replace('selection:\n', "selection:\n    requestParameters.x: '1'\n"),
  );
  const { code, out } = await command('all.yml');
  expect([code, out]).toEqual([0, expect.stringContaining('$.errorCode NOT EXISTS')]);
});

test('takes one filter or two, and files that are there', async () => {
  expect((await command('rule.yml', '--filters', '3')).code).toBe(2);
  expect((await command('rule.yml', '--events', 'nowhere.json')).code).toBe(2);
  expect((await command('nowhere.yml')).code).toBe(2);
});
