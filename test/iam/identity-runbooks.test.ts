import { describe, expect, test } from '@jest/globals';
import { everyRunbook, REGION, sampleApp, sampleStack } from '../stack/sample-stack';
import { IDENTITY_DENIED, identityCalls } from './needed-identity';
import { Roles } from './roles';
import { PROTECTED } from './targets';

describe('roles of the runbooks for roles and administrators', () => {
  const roles = new Roles(sampleStack(sampleApp(), 'Sample', REGION, everyRunbook).stack);
  const quarantine = roles.resolver.arn('AWS::IAM::ManagedPolicy', 'FirebreakContainmentQuarantinePolicy');
  const calls = identityCalls(quarantine);

  test.each(Object.entries(calls))('%s may do what its code asks for', async (name, needed) => {
    expect(await roles.wrong(name, needed, 'allowed')).toEqual([]);
  });

  test.each(Object.entries(IDENTITY_DENIED))('%s may not do more', async (name, denied) => {
    expect(await roles.wrong(name, denied, 'denied')).toEqual([]);
  });

  test.each(Object.keys(calls).filter((name) => name.endsWith('Run')))('%s touches nothing protected', async (name) => {
    const protect = [...PROTECTED.roles, ...PROTECTED.users];
    const changes = (calls[name] ?? []).flatMap(([action, , context]) =>
      protect
        .filter((arn) => arn.includes(':user/') === /User|Key|Credential|Certificate|Login/.test(action))
        .map((arn) => [action, arn, context] as const),
    );
    expect(changes.length).toBeGreaterThan(0);
    expect(await roles.wrong(name, changes, 'denied')).toEqual([]);
  });
});
