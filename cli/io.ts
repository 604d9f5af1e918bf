import { createInterface } from 'node:readline/promises';
import pc from 'picocolors';

/** Where the command line reads and writes; a test gives its own. */
export interface Io {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** Colours for standard output; none where it is no terminal. */
  readonly colours: Colours;
  /** Shows what is going on, on standard error, where that is a terminal. */
  readonly progress: (text: string) => void;
  /** Asks a person; undefined where nobody sits there. */
  readonly ask?: (question: string) => Promise<string>;
  /** 0 success, 1 the thing you asked about is bad, 2 wrong usage. */
  exitCode: number;
}

export type Colours = ReturnType<typeof pc.createColors>;

export function processIo(): Io {
  const { stdin, stdout, stderr, env } = process;
  const coloured = stdout.isTTY && env.NO_COLOR === undefined && env.TERM !== 'dumb';
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    env,
    cwd: process.cwd(),
    colours: pc.createColors(coloured),
    progress: (text) => {
      if (stderr.isTTY) stderr.write(`${text}\n`);
    },
    ...(stdin.isTTY && { ask }),
    exitCode: 0,
  };
}

/** On standard error: standard output holds results only. */
async function ask(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await lines.question(question);
  } finally {
    lines.close();
  }
}
