import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type EmbeddedAws, type EmbeddedAwsOptions } from './embedded-aws';
import { externalAws } from './external-aws';
import { isAlive, underLock } from './lock';
import { firebreakHome } from './paths';
import { forgetState, type LocalState, readState } from './state';

/** Longer than a first installation over a slow line. */
const START_WITHIN_MS = 300_000;

/** Starts `firebreak local serve` as a process of its own, or finds the one that already runs. */
export async function startDetached(options: EmbeddedAwsOptions): Promise<EmbeddedAws> {
  const home = options.home ?? firebreakHome();
  // Two at once must not start two, of which nobody would ever stop the first.
  const start = async (): Promise<LocalState> => (await readState(home)) ?? (await launch(home, options));
  mkdirSync(home, { recursive: true });
  const running = await underLock(join(home, 'local.lock'), start, START_WITHIN_MS);
  return attach(home, running);
}

/** Ends a detached embedded AWS. Gives false when there was none. */
export async function stopDetached(home: string): Promise<boolean> {
  const state = await readState(home);
  if (state === undefined) {
    await forgetState(home);
    return false;
  }
  process.kill(state.pid, 'SIGTERM');
  const giveUp = Date.now() + 10_000;
  while (isAlive(state.pid)) {
    // Its servers watch it and end with it, however it ends.
    if (Date.now() > giveUp) process.kill(state.pid, 'SIGKILL');
    await sleep(50);
  }
  await forgetState(home);
  return true;
}

async function launch(home: string, options: EmbeddedAwsOptions): Promise<LocalState> {
  const script = process.argv[1];
  if (script === undefined) throw new Error('`local start` works from the firebreak command only');
  const logFile = join(home, 'logs', 'local.log');
  mkdirSync(join(home, 'logs'), { recursive: true });
  const log = openSync(logFile, 'w');
  const args = [script, 'local', 'serve', '--wait-scale', String(options.waitScale ?? 1)];
  if (options.port !== undefined) args.push('--port', String(options.port));
  const child = spawn(process.execPath, args, {
    env: { ...process.env, FIREBREAK_HOME: home },
    stdio: ['ignore', log, log],
    detached: true,
  });
  closeSync(log);
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code) => resolve(`exit code ${String(code)}`));
  });
  const giveUp = Date.now() + START_WITHIN_MS;
  while (Date.now() < giveUp) {
    const state = await readState(home);
    if (state?.pid === child.pid && state !== undefined) {
      child.unref();
      return state;
    }
    const end = await Promise.race([ended, sleep(100)]);
    if (end !== undefined)
      throw new Error(`the embedded AWS did not start (${end}):\n${readFileSync(logFile, 'utf8').trim()}`);
  }
  throw new Error(`the embedded AWS did not start within ${START_WITHIN_MS / 1000} seconds; see ${logFile}`);
}

async function attach(home: string, state: LocalState): Promise<EmbeddedAws> {
  const aws = await externalAws(state.endpoint);
  const stop = async (): Promise<void> => {
    await stopDetached(home);
  };
  return { ...aws, servers: state.servers, stop };
}
