import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { buildSync } from 'esbuild';
import { emitProgram } from '../../lib/sigma';
import { compile } from '../sigma/one-rule';
import { HOME, onBus, record } from './records';

const root = join(__dirname, '..', '..');

/** What jest runs is the source; what Lambda runs is one file with another beside it. */
test('the bundle uses the rules that were written beside it', () => {
  // GIVEN the handler bundled as scripts/bundle.mjs does it
  const folder = mkdtempSync(join(tmpdir(), 'firebreak-bundle-'));
  try {
    buildSync({
      entryPoints: [join(root, 'lambdas/detect/detector/handler.ts')],
      outfile: join(folder, 'index.js'),
      bundle: true,
      platform: 'node',
      target: 'node20',
      format: 'cjs',
      minify: true,
      keepNames: true,
      external: ['./program', './settings'],
    });
    writeFileSync(join(folder, 'program.js'), emitProgram(compile('s:\n  eventName: CreateAccessKey\ncondition: s')));
    cpSync(join(__dirname, 'run-bundle.js'), join(folder, 'run.js'));
    // WHEN it is loaded by Node alone and called with an event that matches
    const output = execFileSync(process.execPath, [join(folder, 'run.js')], {
      input: JSON.stringify(onBus('AWS API Call via CloudTrail', record())),
      encoding: 'utf8',
      env: {
        ...process.env,
        HOME_ACCOUNT: HOME,
        AWS_REGION: 'eu-central-1',
        AWS_ACCESS_KEY_ID: 'testing',
        AWS_SECRET_ACCESS_KEY: 'testing',
      },
    });
    // THEN an alert went to the queue
    expect(JSON.parse(output)).toMatchObject([
      { QueueUrl: expect.stringMatching(/alerts$/), alerts: [{ class_uid: 2004 }] },
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 60_000);
