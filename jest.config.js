const { existsSync, mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

/** Where jest would have it; named here, since temporary folders go elsewhere below. */
const cacheDirectory = join(tmpdir(), 'jest-firebreak');

// Each synth leaves a cloud assembly of some 40 MB: what tests put into temporary folders goes with the run.
process.env.TMPDIR = mkdtempSync(join(tmpdir(), 'firebreak-tests-'));
process.on('exit', () => rmSync(process.env.TMPDIR, { recursive: true, force: true }));

const swc = ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } } }];

/** Come as ES modules only; jest runs CommonJS. */
const esm =
  'mdast-util-[^/]+|micromark[^/]*|unist-util-[^/]+|longest-streak|zwitch|ccount|markdown-table|devlop|escape-string-regexp|character-entities|decode-named-character-reference';

const shared = {
  cacheDirectory,
  transform: { '^.+\\.(tsx?|m?js)$': swc },
  transformIgnorePatterns: [`/node_modules/(?!(${esm})/)`],
  moduleFileExtensions: ['ts', 'js', 'mjs', 'json', 'node'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/cdk.out/', '<rootDir>/.firebreak/'],
  setupFiles: ['<rootDir>/test/setup.ts'],
};

/** Unit tests are fast and know no network; integration tests share one embedded AWS; browser tests need Chromium. */
module.exports = {
  projects: [
    { ...shared, displayName: 'unit', testMatch: ['<rootDir>/test/**/*.test.ts'] },
    { ...shared, displayName: 'browser', testMatch: ['<rootDir>/test/browser/**/*.browser.ts'] },
    {
      ...shared,
      displayName: 'integration',
      testMatch: ['<rootDir>/test/**/*.integration.ts'],
      setupFiles: [...shared.setupFiles, '<rootDir>/test/embedded/worker-setup.ts'],
      setupFilesAfterEnv: ['<rootDir>/test/embedded/patience.ts'],
      ...(existsSync(`${__dirname}/test/embedded/global-setup.ts`) && {
        globalSetup: '<rootDir>/test/embedded/global-setup.ts',
        globalTeardown: '<rootDir>/test/embedded/global-teardown.ts',
      }),
    },
  ],
};
