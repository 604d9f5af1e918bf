import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { CORPUS, ROOT, trafficFile } from './data';
import { atLeast, atMost, median, type Result } from './measure';

interface Hunt {
  readonly seconds: number;
  /** The most memory it held, in MB. */
  readonly memory: number;
}

const SMALL = 200;
const LARGE = 1_000;

/** The command itself, by the clock on the wall: what two cores are worth can be seen there only. */
export async function benchHunt(rounds: number): Promise<Result[]> {
  const one: Hunt[] = [];
  const two: Hunt[] = [];
  const small: Hunt[] = [];
  for (let round = 0; round < rounds; round++) {
    one.push(await hunt(LARGE, 1));
    two.push(await hunt(LARGE, 2));
    small.push(await hunt(SMALL, 2));
  }
  const speed = median(one.map(({ seconds }, i) => seconds / (two[i]?.seconds ?? Number.NaN)));
  const memory = (some: readonly Hunt[]): number => Math.round(median(some.map((hunt) => hunt.memory)));
  const seconds = (some: readonly Hunt[]): string => `${median(some.map((hunt) => hunt.seconds)).toFixed(1)} s`;
  return [
    atLeast('hunt on two cores: speed', speed, 1.7, `${LARGE} MB in ${seconds(two)} instead of ${seconds(one)}`),
    atMost(
      `hunt: memory for ${LARGE} MB instead of ${SMALL}`,
      memory(two) / memory(small),
      'times',
      1.25,
      `${memory(two)} MB instead of ${memory(small)}`,
    ),
  ];
}

/** Reads what is held while it runs, where the system tells; 0 elsewhere. */
function hunt(megabytes: number, threads: number): Promise<Hunt> {
  const rules = [join(CORPUS, 'sigma', 'aws'), join(ROOT, 'rules')];
  const options = ['--rules', ...rules, '--events', trafficFile(megabytes), '--threads', String(threads), '--strict'];
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const child = spawn(process.execPath, [join(ROOT, 'dist/bin/firebreak.js'), 'hunt', ...options], {
      stdio: 'ignore',
    });
    let memory = 0;
    const watch = setInterval(() => {
      memory = Math.max(memory, mostHeld(child.pid));
    }, 50);
    child.on('error', reject);
    child.on('exit', (code) => {
      clearInterval(watch);
      if (code === 0) resolve({ seconds: (performance.now() - began) / 1000, memory });
      else reject(new Error(`hunt ended with ${code}`));
    });
  });
}

function mostHeld(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
