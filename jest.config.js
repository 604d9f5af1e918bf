const { existsSync } = require('node:fs');

const shared = {
  transform: { '^.+\\.tsx?$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } } }] },
  moduleFileExtensions: ['ts', 'js', 'mjs', 'json', 'node'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/cdk.out/', '<rootDir>/.firebreak/'],
  setupFiles: ['<rootDir>/test/setup.ts'],
};

/** Unit tests are fast and know no network; integration tests share one embedded AWS. */
module.exports = {
  projects: [
    { ...shared, displayName: 'unit', testMatch: ['<rootDir>/test/**/*.test.ts'] },
    {
      ...shared,
      displayName: 'integration',
      testMatch: ['<rootDir>/test/**/*.integration.ts'],
      ...(existsSync(`${__dirname}/test/embedded/global-setup.ts`) && {
        globalSetup: '<rootDir>/test/embedded/global-setup.ts',
        globalTeardown: '<rootDir>/test/embedded/global-teardown.ts',
      }),
    },
  ],
};
