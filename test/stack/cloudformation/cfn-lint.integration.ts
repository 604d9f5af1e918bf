import { afterAll, describe, expect, test } from '@jest/globals';
import { CfnResource, Stack, type App } from 'aws-cdk-lib';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { install } from '../../../local/install';
import { packageRoot } from '../../../local/paths';
import { sampleApp } from '../sample-stack';
import { largeCompany, templateFiles } from './templates';

const LONG_MS = 300_000;
/** "Dependency already enforced by a GetAtt": the CDK writes both, and CloudFormation takes both. */
const NO_MATTER = ['W3005'];

const home = join(packageRoot(), '.firebreak');
mkdirSync(join(home, 'test'), { recursive: true });
const scratch = mkdtempSync(join(home, 'test', 'cfn-lint-'));
afterAll(() => rmSync(scratch, { recursive: true }));

interface Finding {
  readonly Rule: { readonly Id: string };
  readonly Message: string;
  readonly Location: { readonly Path: readonly (string | number)[] | null };
}

/** What CloudFormation would refuse, and the embedded AWS takes: by the schemas and quotas of AWS itself. */
async function findings(app: App): Promise<string[]> {
  const requirements = join(packageRoot(), 'test', 'stack', 'cloudformation', 'requirements.txt');
  const { python } = await install({ home, requirements }).catch((error: unknown) => {
    throw new Error('cfn-lint could not be installed', { cause: error });
  });
  const files = [...templateFiles(app).values()];
  expect(files).not.toEqual([]);
  const lint = promisify(execFile)(
    join(dirname(python), 'cfn-lint'),
    ['--format', 'json', '--regions', 'eu-central-1', '--ignore-checks', ...NO_MATTER, '--', ...files],
    // Away from the person's own .cfnlintrc, which may ignore more.
    { maxBuffer: 64 * 1024 * 1024, cwd: scratch, env: { ...process.env, HOME: scratch } },
  );
  const { stdout } = await lint.catch((error: unknown) => {
    const { stdout: found = '', message } = error as { stdout?: string; message: string };
    if (found === '') throw new Error(`cfn-lint did not run: ${message}`);
    return { stdout: found }; // It ends with another code where it finds something.
  });
  return (JSON.parse(stdout || '[]') as Finding[]).map(
    ({ Rule, Message, Location }) => `${Rule.Id} at ${Location.Path?.join('/') ?? 'the template'}: ${Message}`,
  );
}

describe('CloudFormation', () => {
  test(
    'would take what a large company deploys',
    async () => {
      expect(await findings(largeCompany(join(scratch, 'company')))).toEqual([]);
    },
    LONG_MS,
  );

  test(
    'would refuse what is planted here, and is said to',
    async () => {
      const app = sampleApp({}, { outdir: join(scratch, 'planted') });
      const stack = new Stack(app, 'Planted');
      const topic = new CfnResource(stack, 'Topic', { type: 'AWS::SNS::Topic', properties: { FifoTopic: 'perhaps' } });
      for (let copy = 0; copy < 20; copy++) topic.addMetadata(`padding${copy}`, 'x'.repeat(50_000));

      expect(await findings(app)).toEqual([
        expect.stringMatching(/^E1002 .* exceeds the limit \(1000000 bytes\)/),
        expect.stringMatching(/^E3012 at Resources\/Topic\/Properties\/FifoTopic/),
      ]);
    },
    LONG_MS,
  );
});
