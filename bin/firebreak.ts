#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { processIo } from '../cli/io';
import { run } from '../cli/program';
import { silenceSdkWarning } from '../cli/quiet';
import { packageRoot } from '../local/paths';

silenceSdkWarning();

const { version } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { version: string };

// A reader that has seen enough, such as `head`, is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

void run(process.argv.slice(2), processIo(), version).then((code) => {
  // `local status` sets it itself.
  if (code !== 0 || process.exitCode === undefined) process.exitCode = code;
});
