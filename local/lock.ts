import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A folder without an owner's name is being made right now; one that stays so was left by a killed process. */
const NAMELESS_FOR_MS = 5_000;

/**
 * Runs `work` while no other process on this machine does, under a lock that a killed process does not keep.
 *
 * @throws when another living process holds the lock for longer than `patienceMs`
 */
export async function underLock<T>(folder: string, work: () => Promise<T>, patienceMs = 300_000): Promise<T> {
  const giveUp = Date.now() + patienceMs;
  while (!(await take(folder))) {
    const owner = await ownerOf(folder);
    if (owner === 'gone') {
      await rm(folder, { recursive: true, force: true });
    } else if (Date.now() > giveUp) {
      throw new Error(`${folder} is held by process ${owner} for too long; end that process or remove the folder`);
    } else {
      await sleep(100);
    }
  }
  try {
    return await work();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function take(folder: string): Promise<boolean> {
  try {
    await mkdir(folder); // Atomic: exactly one of several processes succeeds.
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
  await writeFile(join(folder, 'pid'), String(process.pid));
  return true;
}

async function ownerOf(folder: string): Promise<number | 'gone' | 'unknown'> {
  try {
    const pid = Number(await readFile(join(folder, 'pid'), 'utf8'));
    if (pid > 0) return isAlive(pid) ? pid : 'gone';
    return 'unknown';
  } catch {
    const made = await stat(folder).catch(() => undefined);
    return made !== undefined && Date.now() - made.mtimeMs > NAMELESS_FOR_MS ? 'gone' : 'unknown';
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
