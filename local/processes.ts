import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { shippedFile } from './paths';
import { freePort } from './ports';

export interface ServerOptions {
  /** For messages and the log file's name, for example `MiniStack`. */
  readonly name: string;
  readonly python: string;
  readonly args: (port: number) => readonly string[];
  readonly env: (port: number, temp: string) => Readonly<Record<string, string>>;
  /** Answers 200 once the server can work. */
  readonly readyPath: string;
  readonly home: string;
  /** @default - 60 seconds */
  readonly readyWithinMs?: number;
}

/** A running server. It ends with `stop`, and also when this process ends, in whatever way. */
export interface ManagedServer {
  readonly name: string;
  readonly port: number;
  /** The process group's leader; the server's workers are in that group. */
  readonly pid: number;
  readonly logFile: string;
  /** Settles when the server has ended, asked to or not. */
  readonly ended: Promise<string>;
  stop(): Promise<void>;
}

const ATTEMPTS = 3;

/** Starts a server on a free port; when somebody takes that port first, tries another one. */
export async function startServer(options: ServerOptions): Promise<ManagedServer> {
  for (let attempt = 1; ; attempt++) {
    const server = launch(options, await freePort());
    const problem = await Promise.race([server.ended, ready(server, options)]);
    if (problem === undefined) return server;
    await server.stop();
    const log = tail(server.logFile);
    if (attempt < ATTEMPTS && /already in use|address in use|EADDRINUSE/i.test(log)) continue;
    throw new Error(`${options.name} did not start: ${problem}. The end of ${server.logFile}:\n${log}`);
  }
}

function launch(options: ServerOptions, port: number): ManagedServer {
  const run = join(options.home, 'run', `${options.name.toLowerCase()}-${port}`);
  const logFile = join(options.home, 'logs', `${options.name.toLowerCase()}-${port}.log`);
  rmSync(run, { recursive: true, force: true });
  for (const folder of [run, dirname(logFile)]) mkdirSync(folder, { recursive: true });
  forgetOldLogs(dirname(logFile));
  const log = openSync(logFile, 'w');
  const child = spawn(
    options.python,
    [shippedFile('supervise.py'), '--remove', run, '--', options.python, ...options.args(port)],
    { cwd: run, env: cleanEnvironment(options.env(port, run), run), stdio: ['pipe', log, log], detached: true },
  );
  closeSync(log);
  const pid = child.pid;
  const ended = exitOf(child);
  if (pid === undefined) return { name: options.name, port, pid: -1, logFile, ended, stop: () => Promise.resolve() };
  const stop = async (): Promise<void> => {
    child.stdin?.destroy(); // The supervisor takes this as the word to end.
    const late = await Promise.race([ended, sleep(5_000, 'late', { ref: false })]);
    if (late === 'late') killGroup(pid);
    await ended;
  };
  return { name: options.name, port, pid, logFile, ended, stop };
}

/** Nothing of the caller's environment reaches the emulator: Lambdas inherit what it has. */
function cleanEnvironment(settings: Readonly<Record<string, string>>, home: string): NodeJS.ProcessEnv {
  return {
    // Lambdas run in the Node that runs us, not in what else is called `node`.
    PATH: `${dirname(process.execPath)}:${process.env.PATH ?? '/usr/local/bin:/usr/bin:/bin'}`,
    // A folder of its own as home, or clients would read the person's ~/.aws.
    HOME: home,
    TMPDIR: home,
    LANG: 'C.UTF-8',
    TZ: 'UTC',
    PYTHONUNBUFFERED: '1',
    ...settings,
  };
}

function exitOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(`it could not be run (${error.message})`));
    child.once('exit', (code, signal) => resolve(`it ended (${signal ?? `exit code ${String(code)}`})`));
  });
}

async function ready(server: ManagedServer, options: ServerOptions): Promise<string | undefined> {
  const within = options.readyWithinMs ?? 60_000;
  const giveUp = Date.now() + within;
  while (Date.now() < giveUp) {
    // Refused connections are how a starting server looks; everything else shows in its log.
    const answer = await fetch(`http://127.0.0.1:${server.port}${options.readyPath}`).catch(() => undefined);
    if (answer?.ok) return undefined;
    await sleep(50);
  }
  return `it was not ready within ${within / 1000} seconds`;
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function tail(file: string, lines = 15): string {
  return readFileSync(file, 'utf8').trim().split('\n').slice(-lines).join('\n');
}

/** Every start has another port and so another file; after a day nobody asks for it. */
function forgetOldLogs(folder: string): void {
  const dayAgo = Date.now() - 86_400_000;
  for (const name of readdirSync(folder)) {
    const file = join(folder, name);
    // Another start may be at the same work: what is gone by now needs no forgetting.
    if ((statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Infinity) < dayAgo) rmSync(file, { force: true });
  }
}
