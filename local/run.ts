import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface RunOptions {
  /** For the error message, for example `cdk deploy`. */
  readonly what: string;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly onLine?: (line: string) => void;
}

/** The AWS SDK warns at every start under Node 20: noise in a drill, and wrong about the Lambdas, which get Node 24. */
export const QUIET_SDK = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };

/** The reason is at the end of what a command says; more than this hides it. */
const LINES_IN_ERROR = 40;

/** Runs a command to its end. Its output goes line by line to `onLine`; when it fails, the last lines are the error. */
export async function runToEnd(command: string, args: readonly string[], options: RunOptions): Promise<void> {
  const child = spawn(command, [...args], { cwd: options.cwd, env: options.env, stdio: ['ignore', 'pipe', 'pipe'] });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      if (lines.length > LINES_IN_ERROR) lines.shift();
      options.onLine?.(line);
    });
  }
  const endChild = (): void => void child.kill();
  process.once('exit', endChild); // A drill that is interrupted takes its deployment along.
  try {
    const end = await new Promise<string>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => resolve(signal ?? String(code)));
    });
    if (end !== '0') throw new Error(`${options.what} failed (${end}). Its last lines:\n${lines.join('\n')}`);
  } finally {
    process.off('exit', endChild);
  }
}
