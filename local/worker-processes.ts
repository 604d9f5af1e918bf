import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Ends a Lambda worker in the middle of what it does. The id comes out of a request's header, so it is looked up:
 * only a process in the emulator's own group is ever ended.
 */
export async function killWorker(pid: number, emulatorGroup: number): Promise<void> {
  const group = await processGroup(pid);
  if (group !== emulatorGroup || pid === emulatorGroup) {
    throw new Error(
      `Process ${pid} is no Lambda worker of the embedded AWS (its group is ${String(group)}): not killed`,
    );
  }
  process.kill(pid, 'SIGKILL');
}

async function processGroup(pid: number): Promise<number | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold spaces; what follows it is: state, parent, group.
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2]);
  } catch {
    const listed = await run('ps', ['-o', 'pgid=', '-p', String(pid)]).catch(() => undefined); // macOS
    return listed === undefined ? undefined : Number(listed.stdout.trim());
  }
}
