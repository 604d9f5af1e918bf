import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import { CloudFormationClient, paginateListStackResources } from '@aws-sdk/client-cloudformation';
import { CreateUserCommand, IAMClient, PutUserPolicyCommand } from '@aws-sdk/client-iam';
import { randomBytes } from 'node:crypto';
import { QUARANTINE_DOCUMENT } from '../../lib/model/quarantine';
import { TEST_STACK } from '../embedded/deploy-firebreak';
import { deployedFirebreak } from '../embedded/firebreak';
import { LivePolicies } from '../support/live-policies';

jest.setTimeout(120_000);

const USER = 'arn:aws:iam::000000000000:user/somebody';
const only = (Resource: string) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'iam:UpdateAccessKey', Resource }] });
const update = (resource: string) => ({ action: 'iam:UpdateAccessKey', resource });

describe('the policies that are deployed', () => {
  const { aws } = deployedFirebreak();
  const iam = new IAMClient(aws.client);
  const live = new LivePolicies(aws.client);
  const roles = new Map<string, string>();
  const roleArn = (start: string) => {
    const found = [...roles].find(([id]) => id.startsWith(start));
    if (!found) throw new Error(`no role begins with ${start}`);
    return found[1];
  };

  beforeAll(async () => {
    const client = new CloudFormationClient(aws.client);
    for await (const page of paginateListStackResources({ client }, { StackName: TEST_STACK })) {
      for (const { ResourceType, LogicalResourceId = '', PhysicalResourceId = '' } of page.StackResourceSummaries ?? [])
        if (ResourceType === 'AWS::IAM::Role') roles.set(LogicalResourceId, PhysicalResourceId);
    }
  });

  test('let a run do what its session says, and only that', async () => {
    const role = roleArn('disableaccesskeyContainRun');

    expect(await live.verdict({ role, sessionPolicy: only(USER) }, update(USER))).toBe('allowed');
    expect(await live.verdict({ role, sessionPolicy: only(USER) }, update(`${USER}-else`))).toBe('denied');
    const own = (await live.ofRole(roleArn('disableaccesskeyContainRole'))).arn;
    const rewrite = { action: 'iam:PutRolePolicy', resource: own };
    expect(await live.verdict({ role }, rewrite)).toBe('denied');
  });

  test('let the function change nothing by itself', async () => {
    expect(await live.verdict({ role: roleArn('disableaccesskeyContainRole') }, update(USER))).toBe('denied');
  });

  test('bind every run by the one boundary', async () => {
    const runs = [...roles.keys()].filter((id) => /(?:Contain|Release)Run[0-9A-F]{8}$/.test(id));
    expect(runs.length).toBeGreaterThan(0);
    const boundaries = await Promise.all(
      runs.map(async (id) => (await live.ofRole(roles.get(id) ?? '')).boundary?.name),
    );
    expect(new Set(boundaries).size).toBe(1);
    expect(boundaries[0]).toMatch(/:policy\//);
  });

  test('are read anew: a user that was just denied everything is denied, and a service control policy binds on top', async () => {
    const UserName = `live-${randomBytes(4).toString('hex')}`;
    await iam.send(new CreateUserCommand({ UserName }));
    const put = (PolicyName: string, PolicyDocument: string) =>
      iam.send(new PutUserPolicyCommand({ UserName, PolicyName, PolicyDocument }));
    await put('mine', only(USER));
    expect(await live.verdict({ user: UserName }, update(USER))).toBe('allowed');
    expect(await live.verdict({ user: UserName }, update(USER), QUARANTINE_DOCUMENT)).toBe('denied');

    await put('quarantine', JSON.stringify(QUARANTINE_DOCUMENT));

    expect(await live.verdict({ user: UserName }, update(USER))).toBe('denied');
  });
});
