import { type Command, InvalidArgumentError } from 'commander';
import { startEmbeddedAws } from '../local/embedded-aws';
import { firebreakHome } from '../local/paths';
import { forgetState, type LocalState, readState, writeState } from '../local/state';
import { stopDetached } from '../local/detached';

interface Json {
  readonly json?: boolean;
}

interface Start extends Json {
  readonly port?: number;
  readonly waitScale: number;
}

/** `firebreak local start|stop|status`: the embedded AWS by itself. */
export function registerLocal(program: Command): void {
  const local = program.command('local').description('the embedded AWS by itself: MiniStack and moto on this machine');

  local
    .command('start')
    .description('start it in the background, or tell where it already runs')
    .option('--port <number>', 'port on 127.0.0.1 (default: a free one)', port)
    .option('--wait-scale <factor>', 'factor for Wait states; 0.01 makes a minute 0.6 seconds', factor, 1)
    .option('--json', 'print one JSON document')
    .action(async (options: Start) => {
      const aws = await startEmbeddedAws({ ...options, detached: true, log: progress });
      const { endpoint, env } = aws;
      const exports = Object.entries(env).map(([name, value]) => `export ${name}=${value}`);
      print(options, { running: true, endpoint, env, servers: aws.servers }, [
        `The embedded AWS runs at ${endpoint}. To use it in this shell:`,
        ...exports,
      ]);
    });

  local
    .command('stop')
    .description('stop it and forget everything in it')
    .option('--json', 'print one JSON document')
    .action(async (options: Json) => {
      const stopped = await stopDetached(firebreakHome());
      print(options, { running: false, stopped }, [stopped ? 'Stopped.' : 'It was not running.']);
    });

  local
    .command('status')
    .description('exit code 0 when it runs, 1 when not')
    .option('--json', 'print one JSON document')
    .action(async (options: Json) => {
      const state = await readState(firebreakHome());
      if (state === undefined) process.exitCode = 1;
      print(options, { running: state !== undefined, ...state }, state === undefined ? ['Not running.'] : told(state));
    });

  local
    .command('serve', { hidden: true }) // What `start` runs in the background.
    .option('--port <number>', '', port)
    .option('--wait-scale <factor>', '', factor, 1)
    .action(serve);
}

async function serve(options: Start): Promise<void> {
  const home = firebreakHome();
  const aws = await startEmbeddedAws({ ...options, home, log: progress });
  const end = async (): Promise<void> => {
    await aws.stop();
    await forgetState(home);
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void end());
  const startedAt = new Date().toISOString();
  await writeState(home, { pid: process.pid, endpoint: aws.endpoint, startedAt, servers: aws.servers });
}

function told(state: LocalState): string[] {
  const servers = state.servers.map(({ name, pid, port: at }) => `  ${name}: process ${pid}, port ${at}`);
  return [`Running at ${state.endpoint} since ${state.startedAt} (process ${state.pid})`, ...servers];
}

function print(options: Json, document: object, lines: readonly string[]): void {
  process.stdout.write(`${options.json ? JSON.stringify(document) : lines.join('\n')}\n`);
}

function progress(message: string): void {
  process.stderr.write(`${message}\n`);
}

function port(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0 && value < 65536) return value;
  throw new InvalidArgumentError(`a port is a whole number from 1 to 65535, got ${text}.`);
}

function factor(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0) return value;
  throw new InvalidArgumentError(`a factor is a number of 0 or more, got ${text}.`);
}
