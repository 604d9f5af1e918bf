import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { underLock } from './lock';
import { firebreakHome, shippedFile } from './paths';
import { findPython } from './python';

const run = promisify(execFile);

export interface InstallOptions {
  /** @default - FIREBREAK_HOME, else `.firebreak` of the project */
  readonly home?: string;
  /** @default - the pinned and hashed list that ships with Firebreak */
  readonly requirements?: string;
  readonly log?: (message: string) => void;
}

/** An installed emulator: the Python that has it. */
export interface Installation {
  readonly python: string;
  /** False when an earlier installation was reused. */
  readonly fresh: boolean;
}

/**
 * Puts the emulators into a virtual environment of their own, once. The folder carries the hash of the
 * requirements: another version is another folder, so an upgrade never pulls files from under a running one.
 */
export async function install(options: InstallOptions = {}): Promise<Installation> {
  const home = options.home ?? firebreakHome();
  const requirements = options.requirements ?? shippedFile('requirements.txt');
  const digest = createHash('sha256')
    .update(await readFile(requirements))
    .digest('hex')
    .slice(0, 12);
  const folder = join(home, `venv-${digest}`);
  const python = join(folder, 'bin', 'python');
  const stamp = join(folder, 'installed');
  const ready = (): boolean => existsSync(stamp) && existsSync(python);

  if (ready()) return { python, fresh: false };
  await mkdir(home, { recursive: true });
  return underLock(`${folder}.lock`, async () => {
    if (ready()) return { python, fresh: false }; // Another process did it while we waited.
    await rm(folder, { recursive: true, force: true }); // Without a stamp it is the rest of an interrupted one.
    const base = await findPython();
    options.log?.(`installing the embedded AWS into ${folder} (Python ${base.version}, once, about half a minute)`);
    await step('making a virtual environment', base.command, ['-m', 'venv', folder]);
    await step('installing the emulators', python, pip(requirements));
    await writeFile(stamp, `${digest}\n`); // Last: only a finished installation has it.
    return { python, fresh: true };
  });
}

// Wheels only and hashes required: nothing that is not in the list runs or is built here.
const pip = (requirements: string): string[] => [
  ...['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-input', '--no-compile', '--no-deps'],
  ...['--only-binary', ':all:', '--require-hashes', '--requirement', requirements],
];

async function step(what: string, command: string, args: readonly string[]): Promise<void> {
  try {
    await run(command, [...args], { maxBuffer: 16 * 1024 * 1024 });
  } catch (error) {
    const { stderr = '', message } = error as Error & { stderr?: string };
    const last = (stderr || message).trim().split('\n').slice(-6).join('\n');
    throw new Error(
      `${what} failed (${command} ${args.slice(0, 3).join(' ')} …):\n${last}\n` +
        'The registry must be reachable once; or set FIREBREAK_AWS_ENDPOINT to the address of another AWS emulator.',
      { cause: error },
    );
  }
}
