import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { packageRoot } from '../../local/paths';

const SCRIPT = join(packageRoot(), 'dist', 'bin', 'firebreak.js');
/** Under 60 s on a machine of its own; the tests beside it take their share. */
export const LONG_MS = 400_000;

/** Starts the command as a person does: without the AWS of this test run. */
export function startDrill(args: readonly string[]): ChildProcess {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(AWS_|FIREBREAK_TEST)/.test(name)));
  return spawn(process.execPath, [SCRIPT, 'drill', ...args], {
    cwd: packageRoot(),
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

export async function textOf(stream: NodeJS.ReadableStream | null): Promise<string> {
  let text = '';
  for await (const part of stream ?? []) text += String(part);
  return text;
}

/** What `--json` printed; where that is nothing, the error says why. */
export function printed(out: string, err: string): unknown {
  if (out === '') throw new Error(`the drill printed nothing: ${err}`);
  return JSON.parse(out);
}

export const ended = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => child.once('exit', (code) => resolve(code)));
