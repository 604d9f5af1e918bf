import { describe, expect, test } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DrillDocument } from '../../drills/document';
import { packageRoot } from '../../local/paths';

const SCRIPT = join(packageRoot(), 'dist', 'bin', 'firebreak.js');
/** Under 60 s on a machine of its own; the tests beside it take their share. */
const LONG_MS = 400_000;

/** Starts the command as a person does: without the AWS of this test run. */
function start(args: readonly string[]): ChildProcess {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(AWS_|FIREBREAK_TEST)/.test(name)));
  return spawn(process.execPath, [SCRIPT, ...args], { cwd: packageRoot(), env, stdio: ['ignore', 'pipe', 'pipe'] });
}

async function textOf(stream: NodeJS.ReadableStream | null): Promise<string> {
  let text = '';
  for await (const part of stream ?? []) text += String(part);
  return text;
}

const ended = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => child.once('exit', (code) => resolve(code)));

/** Where there is no /proc, nobody can tell here which processes were left. */
const withProc = existsSync('/proc/self/stat') ? describe : describe.skip;

withProc('firebreak drill', () => {
  test(
    'plays the usual scenarios, prints one JSON document and nothing else, and leaves no process behind',
    async () => {
      const child = start(['drill', '--json']);
      const [out, err, code, family] = await Promise.all([
        textOf(child.stdout),
        textOf(child.stderr),
        ended(child),
        familyAtWork(child),
      ]);

      const documents = JSON.parse(out) as DrillDocument[];
      const failed = documents.flatMap(({ expectations }) => expectations).filter(({ passed }) => !passed);
      expect({ code, err, failed }).toEqual({ code: 0, err: '', failed: [] });
      expect(documents.map(({ scenario, passed }) => [scenario, passed])).toEqual([
        ['leaked-key', true],
        ['compromised-instance', true],
      ]);
      for (const { incidents, report, skipped, endpoint } of documents) {
        expect(incidents).toHaveLength(1);
        expect(Object.values(incidents[0]?.timings_ms ?? {})).toEqual([1, 1, 1].map(() => expect.any(Number)));
        expect([report.html, report.markdown].map((file) => existsSync(file ?? ''))).toEqual([true, true]);
        expect(endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
        expect(skipped.length).toBeGreaterThan(0);
      }
      expect(family.length).toBeGreaterThan(0);
      expect(await survivors(family)).toEqual([]);
    },
    LONG_MS,
  );

  test(
    'plays the attacker who fights back when he is named: nobody is told that he is contained',
    async () => {
      const child = start(['drill', 'fighting-attacker', '--json']);
      const [out, err, code] = await Promise.all([textOf(child.stdout), textOf(child.stderr), ended(child)]);

      const { scenario, expectations, incidents } = JSON.parse(out) as DrillDocument;
      const failed = expectations.filter(({ passed }) => !passed);
      expect({ scenario, code, err, failed }).toEqual({ scenario: 'fighting-attacker', code: 0, err: '', failed: [] });
      expect(incidents).toMatchObject([{ severity: 'SEV1', runbooks: [{ status: 'failed' }] }]);
    },
    LONG_MS,
  );

  test(
    'interrupted by Ctrl-C ends with exit code 130 and takes everything along',
    async () => {
      const child = start(['drill', 'leaked-key']);
      const whole = ended(child);
      const family = await familyAtWork(child);

      child.kill('SIGINT');

      expect(await whole).toBe(130);
      expect(await survivors(family)).toEqual([]);
    },
    LONG_MS,
  );

  test(
    'killed outright, it takes everything along too',
    async () => {
      const child = start(['drill', 'leaked-key']);
      const whole = ended(child);
      const family = await familyAtWork(child);

      child.kill('SIGKILL');
      await whole;

      expect(await survivors(family)).toEqual([]);
    },
    LONG_MS,
  );
});

interface Process {
  readonly pid: number;
  /** A number may be given away again; the command line tells the processes apart. */
  readonly command: string;
}

/** Waits until the emulators run, and gives every process that the drill has started by then. */
async function familyAtWork(child: ChildProcess): Promise<Process[]> {
  for (;;) {
    const family = descendants(child.pid ?? 0);
    if (child.exitCode !== null || family.filter(({ command }) => /hypercorn|moto_server/.test(command)).length >= 4)
      return family;
    await sleep(50);
  }
}

function descendants(root: number): Process[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    const stat = /^\d+$/.test(name) ? read(`/proc/${name}/stat`) : '';
    if (stat !== '') parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
  }
  const within = (pid: number): boolean => {
    const parent = parents.get(pid);
    return parent !== undefined && (parent === root || within(parent));
  };
  return [...parents.keys()].filter(within).map((pid) => ({ pid, command: commandOf(pid) }));
}

/** Those that are still there after a moment. */
async function survivors(family: readonly Process[]): Promise<Process[]> {
  const giveUp = Date.now() + 15_000;
  for (;;) {
    const alive = family.filter(({ pid, command }) => command !== '' && commandOf(pid) === command);
    if (alive.length === 0 || Date.now() > giveUp) return alive;
    await sleep(100);
  }
}

const commandOf = (pid: number): string => read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim();

/** Empty where the process has gone meanwhile. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
