import { describe, expect, test } from '@jest/globals';
import { everyRunbook, REGION, sampleApp, sampleStack } from '../stack/sample-stack';
import { DATA_CALLS, DATA_DENIED, NOT_SIMULATED } from './needed-data';
import { Roles } from './roles';

describe('roles of the runbooks for buckets, functions and snapshots', () => {
  const roles = new Roles(sampleStack(sampleApp(), 'Sample', REGION, everyRunbook).stack);

  test.each(Object.entries(DATA_CALLS))('%s may do what its code asks for', async (name, calls) => {
    expect(await roles.wrong(name, calls, 'allowed')).toEqual([]);
  });

  test.each(Object.entries(NOT_SIMULATED))('%s names %s', (name, action) => {
    expect(roles.allowedActions(name)).toContain(action);
  });

  test.each(Object.entries(DATA_DENIED))('%s may not do more', async (name, calls) => {
    expect(await roles.wrong(name, calls, 'denied')).toEqual([]);
  });
});
