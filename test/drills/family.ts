import type { ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

interface Process {
  readonly pid: number;
  /** A number may be given away again; the command line tells the processes apart. */
  readonly command: string;
}

/** Waits until the emulators run, and gives every process that the drill has started by then. */
export async function familyAtWork(child: ChildProcess): Promise<Process[]> {
  for (;;) {
    const family = descendants(child.pid ?? 0);
    if (
      child.exitCode !== null ||
      family.filter(({ command }) => /ministack_server|moto_server/.test(command)).length >= 4
    )
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
export async function survivors(family: readonly Process[]): Promise<Process[]> {
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
