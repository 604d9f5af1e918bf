import pc from 'picocolors';
import type { Io } from '../../cli/io';
import { run } from '../../cli/program';

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the command line in this process, as if nobody sat there, unless `answer` is what somebody says. */
export async function runCli(
  argv: readonly string[],
  more: Partial<Io> & { readonly answer?: string } = {},
): Promise<Ran> {
  let out = '';
  let err = '';
  const { answer, ...io } = more;
  const code = await run(
    argv,
    {
      out: (text) => void (out += text),
      err: (text) => void (err += text),
      env: {},
      cwd: '/nonexistent',
      colours: pc.createColors(false),
      progress: () => undefined,
      exitCode: 0,
      ...(answer !== undefined && { ask: () => Promise.resolve(answer) }),
      ...io,
    },
    '1.2.3',
  );
  return { code, out, err };
}

/** Everything that AWS clients need to find the stub. */
export function pointAwsAt(endpoint: string): void {
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_MAX_ATTEMPTS: '1',
  });
}
