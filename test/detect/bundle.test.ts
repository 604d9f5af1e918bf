import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { buildSync, type Metafile } from 'esbuild';
import { emitProgram } from '../../lib/sigma';
import { compile } from '../sigma/one-rule';
import { HOME, onBus, record } from './records';

const root = join(__dirname, '..', '..');

function bundled(name: string, outfile: string): Metafile {
  return buildSync({
    entryPoints: [join(root, `lambdas/detect/detector/${name}.ts`)],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    minify: true,
    keepNames: true,
    metafile: true,
    external: ['./program', './settings', './clients'],
  }).metafile;
}

/** What is loaded for every delivery, in bytes. */
const MOST = 250_000;

test('what is loaded for a delivery without a match is small, and holds no client', () => {
  const folder = mkdtempSync(join(tmpdir(), 'firebreak-bundle-'));
  try {
    // GIVEN the handler as it is bundled
    const [output] = Object.values(bundled('handler', join(folder, 'index.js')).outputs);
    // THEN it holds the rule engine and nothing of the AWS SDK
    expect(output?.bytes).toBeLessThan(MOST);
    const packages = Object.keys(output?.inputs ?? {}).flatMap(
      (path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? [],
    );
    expect([...new Set(packages)]).toEqual(['re2js']);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

/** What jest runs is the source; what Lambda runs is one file with another beside it. */
test('the bundle uses the rules that were written beside it', () => {
  // GIVEN the handler bundled as scripts/bundle.mjs does it
  const folder = mkdtempSync(join(tmpdir(), 'firebreak-bundle-'));
  try {
    bundled('handler', join(folder, 'index.js'));
    bundled('clients', join(folder, 'clients.js'));
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
