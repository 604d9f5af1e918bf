import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
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

const SMALL = 200;
const LARGE = 1_000;

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
      `${LARGE} MB, parsed, in ${seconds(two)} instead of ${seconds(one)}; load average before it began ${load.toFixed(1)}`,
    ),
    atMost(
      `hunt: memory for ${LARGE} MB instead of ${SMALL}`,
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
function hunt(rules: string, megabytes: number, threads: number): Promise<Hunt> {
  const what = ['--rules', rules, join(ROOT, 'rules'), '--events', trafficFile(megabytes)];
  const how = ['--threads', String(threads), '--strict', '--stats', '--json'];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(ROOT, 'dist/bin/firebreak.js'), 'hunt', ...what, ...how], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let end = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (end = (end + text).slice(-65_536)));
    let memory = 0;
    const watch = setInterval(() => {
      memory = Math.max(memory, mostHeld(child.pid));
    }, 50);
    child.on('error', reject);
    child.on('close', (code) => {
      clearInterval(watch);
      if (code === 0) resolve({ seconds: secondsIn(end), memory });
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
