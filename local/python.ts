import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** MiniStack needs this; older ones are refused before pip gets to say so in its own words. */
export const OLDEST_PYTHON: readonly [number, number] = [3, 10];

/** Newest names last: `python3` is what a person expects to be used. */
const CANDIDATES = ['python3', 'python3.13', 'python3.12', 'python3.14', 'python3.11', 'python3.10', 'python'];

export interface Python {
  readonly command: string;
  /** For example `3.12.1`. */
  readonly version: string;
}

export class PythonMissingError extends Error {
  constructor(found: readonly string[]) {
    const seen = found.length === 0 ? 'no Python was found on PATH' : `PATH has only ${found.join(', ')}`;
    super(
      `The embedded AWS needs Python ${OLDEST_PYTHON.join('.')} or newer with venv and ${seen}: ` +
        'install python3 and python3-venv (on Debian and Ubuntu: apt-get install python3-venv), ' +
        'or set FIREBREAK_AWS_ENDPOINT to the address of another AWS emulator.',
    );
    this.name = 'PythonMissingError';
  }
}

// ensurepip is what Debian splits off into python3-venv; without it `-m venv` fails half-way.
const PROBE = [
  'import sys',
  'v = ".".join(map(str, sys.version_info[:3]))',
  'try:\n import venv, ensurepip\n has = "venv"\nexcept ImportError:\n has = "none"',
  'print(v, has)',
].join('\n');

/** A Python that can make a virtual environment, or an error that says what to install. */
export async function findPython(
  env: NodeJS.ProcessEnv = process.env,
  candidates: readonly string[] = CANDIDATES,
): Promise<Python> {
  const rejected: string[] = [];
  for (const command of candidates) {
    const answer = await probe(command, env);
    if (answer === undefined) continue;
    const [version = '', has] = answer;
    if (!isNewEnough(version)) rejected.push(`${command} ${version}`);
    else if (has !== 'venv') rejected.push(`${command} ${version} without venv`);
    else return { command, version };
  }
  throw new PythonMissingError(rejected);
}

/** Exported for its test: versions are compared by number, 3.9 is older than 3.10. */
export function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > OLDEST_PYTHON[0] || (major === OLDEST_PYTHON[0] && minor >= OLDEST_PYTHON[1]);
}

async function probe(command: string, env: NodeJS.ProcessEnv): Promise<string[] | undefined> {
  try {
    const { stdout } = await run(command, ['-c', PROBE], { env, timeout: 20_000 });
    return stdout.trim().split(' ');
  } catch {
    return undefined; // Not there, or a version manager's shim with nothing behind it.
  }
}
