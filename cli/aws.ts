import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { isMap, parseDocument } from 'yaml';
import type { Io } from './io';
import type { AwsOptions } from './options';

/** What every AWS client of the command line is made with; what is left out, the SDK finds itself. */
export interface AwsConfig {
  readonly region?: string;
  readonly profile?: string;
  /** For the drill, which talks to an emulator of its own. */
  readonly endpoint?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** Which stack, and where: the options, else `firebreak.yaml`, else the defaults. */
export function whereIs(options: AwsOptions, io: Io): { readonly stack: string; readonly aws: AwsConfig } {
  const file = configured(io);
  const region = options.region ?? file.region;
  return {
    stack: options.stack ?? file.stack ?? 'Firebreak',
    aws: {
      ...(region !== undefined && { region }),
      ...(options.profile !== undefined && { profile: options.profile }),
    },
  };
}

/**
 * The two keys that tell where Firebreak is. The rest of the file is not looked at: a mistake in a response plan must
 * not keep anybody from pulling the brake.
 */
function configured(io: Io): { readonly stack?: string; readonly region?: string } {
  const path = resolve(io.cwd, io.env.FIREBREAK_CONFIG ?? 'firebreak.yaml');
  if (!existsSync(path)) return {};
  const { contents } = parseDocument(readFileSync(path, 'utf8'));
  if (!isMap(contents)) return {};
  const text = (key: string): string | undefined => {
    const value: unknown = contents.get(key);
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const [stack, region] = [text('stack'), text('region')];
  return { ...(stack !== undefined && { stack }), ...(region !== undefined && { region }) };
}
