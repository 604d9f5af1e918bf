import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { InstalledApp, ROOT } from './installed-app';

const MIB = 1024 * 1024;

let app: InstalledApp;
beforeAll(() => {
  app = new InstalledApp();
}, 300_000);
afterAll(() => {
  app.remove();
});

const types = (template: { Resources: Readonly<Record<string, { readonly Type: string }>> }) =>
  Object.values(template.Resources).map(({ Type }) => Type);

describe('the tarball', () => {
  test('holds what the package needs, and nothing else', () => {
    const top = new Set(
      app.files.map(({ path }) =>
        path
          .split('/')
          .slice(0, path.startsWith('dist/') ? 2 : 1)
          .join('/'),
      ),
    );
    expect([...top].sort()).toEqual(
      [
        '.jsii',
        'LICENSE',
        'NOTICE',
        'README.md',
        'cdk.json',
        'config',
        'dist/bin',
        'dist/lambdas',
        'dist/lib',
        'dist/runbooks',
        'local',
        'node_modules',
        'package.json',
        'rules',
      ].filter((name) => name !== 'README.md' || existsSync(join(ROOT, 'README.md'))),
    );
    const strange = app.files
      .map(({ path }) => path)
      .filter((path) => !path.startsWith('node_modules/'))
      .filter(
        (path) =>
          /\.map$|\.test\.|\.integration\.|\.tsbuildinfo$|(?:^|\/)test\//.test(path) || /(?<!\.d)\.ts$/.test(path),
      );
    expect(strange).toEqual([]);
  });

  test('is not too large', () => {
    const unpacked = app.files.reduce((sum, { size }) => sum + size, 0);
    const lambdas = app.files.filter(({ path }) => /^dist\/lambdas\/.*index\.js$/.test(path));
    const [largest] = [...lambdas].sort((a, b) => b.size - a.size);
    console.log(
      `tarball ${(app.size / MIB).toFixed(1)} MiB, unpacked ${(unpacked / MIB).toFixed(1)} MiB, ${app.files.length} files, ` +
        `${lambdas.length} Lambda bundles of at most ${((largest?.size ?? 0) / MIB).toFixed(2)} MiB (${largest?.path ?? ''})`,
    );
    expect(app.size).toBeLessThan(15 * MIB);
    expect(unpacked).toBeLessThan(60 * MIB);
    expect(lambdas.length).toBeGreaterThan(20);
  });

  test('bundles yaml and the regex engine, and nothing under the AGPL', () => {
    const packages = new Set(
      app.files
        .map(({ path }) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1])
        .filter((name) => name !== undefined),
    );
    expect([...packages].sort()).toEqual(['re2js', 'yaml']);
    // Our own package.json names what we develop with.
    const texts = app.files.filter(({ path }) => /\.(?:js|mjs|cjs|json|txt)$/.test(path) && path !== 'package.json');
    for (const { path } of texts) {
      const text = readFileSync(join(app.folder, 'node_modules/firebreak', path), 'utf8');
      expect([path, /cloud-copilot|AGPL|GNU Affero/i.exec(text)?.[0]]).toEqual([path, undefined]);
    }
  });

  test('names no path of the machine that built it', () => {
    const ours = app.files.filter(({ path }) => path.startsWith('dist/'));
    const telling = ours.filter(({ path }) => {
      const text = readFileSync(join(app.folder, 'node_modules/firebreak', path), 'utf8');
      return text.includes(ROOT) || /\/\/# sourceMappingURL=/.test(text);
    });
    expect(telling.map(({ path }) => path)).toEqual([]);
  });
});

describe('an app elsewhere, without network, esbuild and Docker', () => {
  test('synthesises from TypeScript that is checked strictly', () => {
    expect(app.compile('app.ts')).toEqual([]);
    const { template, folder } = app.synth('app.js', 'Security');
    expect(types(template)).toEqual(expect.arrayContaining(['AWS::Logs::SubscriptionFilter', 'AWS::DynamoDB::Table']));
    const [detector] =
      Object.entries(template.Resources).find(([id]) => /^FirebreakDetectorFunction[0-9A-F]{8}$/.test(id)) ?? [];
    const filter = Object.values(template.Resources).find(({ Type }) => Type === 'AWS::Logs::SubscriptionFilter');
    expect(filter?.Properties?.['DestinationArn']).toEqual({ 'Fn::GetAtt': [detector, 'Arn'] });
    const own = InstalledApp.programs(folder).filter((text) => text.includes('6f0f7c1e-7b1f-4f5e-9a55-0d9a6f3c2b11'));
    expect(own).toHaveLength(1);
  }, 180_000);

  test('synthesises the same from plain JavaScript', () => {
    const { template } = app.synth('app-plain.js', 'Security');
    expect(template.Resources).toEqual(app.synth('app.js', 'Security').template.Resources);
  }, 60_000);

  test('is noticed where it does start a program', () => {
    const ran = app.node(['--require', './sealed.cjs', '-e', "require('child_process').execSync('true')"]);
    expect([ran.code, ran.stderr]).toEqual([1, expect.stringContaining('the app tried to start a program')]);
  });

  test('synthesises firebreak.yaml by the app that comes with the package', () => {
    const { template } = app.synth('node_modules/firebreak/dist/bin/app.js', 'Configured');
    expect(types(template)).toEqual(expect.arrayContaining(['AWS::Logs::SubscriptionFilter', 'AWS::Events::Rule']));
  }, 60_000);

  test('has the command line', () => {
    const bin = join(app.folder, 'node_modules/.bin/firebreak');
    expect(statSync(bin).mode & 0o111).not.toBe(0);
    const ran = app.node([bin, '--help']);
    expect([ran.code, ran.stderr]).toEqual([0, '']);
    expect(ran.stdout).toContain('Incident response as code for AWS');
    expect(readFileSync(bin, 'utf8').startsWith('#!/usr/bin/env node\n')).toBe(true);
  });

  test('finds the Sigma compiler under its own name', () => {
    const ran = app.node(['-e', "console.log(typeof require('firebreak/sigma').compileRules)"]);
    expect([ran.stdout.trim(), ran.stderr]).toEqual(['function', '']);
  });
});
