import { spawn } from 'node:child_process';
import { closeSync, copyFileSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { loadavg } from 'node:os';
import { basename, join } from 'node:path';
import { awsRules, MISUSE, ROOT, trafficFile } from './data';
import { atLeast, atMost, median, type Result } from './measure';

interface Hunt {
  /** By the clock on the wall, as `--stats` tells it: from when the rules were read. */
  readonly seconds: number;
  /** The most memory it held, in MB. */
  readonly memory: number;
}

/** One file of so many MB, named so many times. What a thread needs to begin is no part of the question. */
const SMALL = { megabytes: 1_000, times: 1 };
const LARGE = { megabytes: 1_000, times: 4 };
const total = ({ megabytes, times }: typeof SMALL): number => megabytes * times;

/** The command itself, by the clock: what a second core is worth can be seen there only, and only where it is free. */
export async function benchHunt(rounds: number): Promise<Result[]> {
  const rules = quietRules();
  // Two threads gain nothing where others hold the second core: the figure means something only next to this one.
  const [load = 0] = loadavg();
  const one: Hunt[] = [];
  const two: Hunt[] = [];
  const small: Hunt[] = [];
  for (let round = 0; round < rounds; round++) {
    one.push(await hunt(rules, LARGE, 1));
    two.push(await hunt(rules, LARGE, 2));
    small.push(await hunt(rules, SMALL, 2));
  }
  const speed = median(one.map(({ seconds }, i) => seconds / (two[i]?.seconds ?? Number.NaN)));
  const memory = (some: readonly Hunt[]): number => Math.round(median(some.map((each) => each.memory)));
  const seconds = (some: readonly Hunt[]): string => `${median(some.map((each) => each.seconds)).toFixed(1)} s`;
  return [
    atLeast(
      'hunt on two cores: speed',
      speed,
      1.7,
      `${total(LARGE)} MB, parsed, in ${seconds(two)} instead of ${seconds(one)}; load average before it began ${load.toFixed(1)}`,
    ),
    atMost(
      `hunt: memory for ${total(LARGE)} MB instead of ${total(SMALL)}`,
      memory(two) / memory(small),
      'times',
      1.25,
      `${memory(two)} MB instead of ${memory(small)}`,
    ),
  ];
}

/** The rules but one, whose matches would make printing what is measured. */
function quietRules(): string {
  const folder = join(ROOT, 'dist', 'bench', 'rules');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const { path } of awsRules()) if (!path.endsWith(MISUSE)) copyFileSync(path, join(folder, basename(path)));
  return folder;
}

/** Parses every record: otherwise it is the reading of the file that is measured. */
function hunt(rules: string, { megabytes, times }: typeof SMALL, threads: number): Promise<Hunt> {
  const events = Array.from({ length: times }, () => trafficFile(megabytes));
  const what = ['--rules', rules, join(ROOT, 'rules'), '--events', ...events];
  const how = ['--threads', String(threads), '--strict', '--stats', '--json'];
  // Into a file: who reads a pipe needs a core for it.
  const path = join(ROOT, 'dist', 'bench', 'found.jsonl');
  const found = openSync(path, 'w');
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(ROOT, 'dist/bin/firebreak.js'), 'hunt', ...what, ...how], {
      stdio: ['ignore', found, 'ignore'],
    });
    let memory = 0;
    const watch = setInterval(() => {
      memory = Math.max(memory, mostHeld(child.pid));
    }, 50);
    child.on('error', reject);
    child.on('close', (code) => {
      clearInterval(watch);
      closeSync(found);
      if (code === 0) resolve({ seconds: secondsIn(readFileSync(path, 'utf8')), memory });
      else reject(new Error(`hunt ended with ${code}`));
    });
  });
}

function secondsIn(output: string): number {
  const last = output.trimEnd().split('\n').at(-1) ?? '';
  return (JSON.parse(last) as { stats: { seconds: number } }).stats.seconds;
}

/** In MB, where the system tells; elsewhere 0. */
function mostHeld(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
