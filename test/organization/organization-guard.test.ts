import { describe, expect, test } from '@jest/globals';
import { runSimulation } from '@cloud-copilot/iam-simulate';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { OrganizationGuardStack, type OrganizationGuardProps } from '../../lib/organization/organization-guard';

const ACCOUNT = '111122223333';
const PEOPLE = `arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/*`;
const MACHINES = `arn:aws:states:*:${ACCOUNT}:stateMachine:*Firebreak*`;
const GUARD: OrganizationGuardProps = { targetIds: [ACCOUNT], people: [PEOPLE], stateMachines: [MACHINES] };

const role = (path: string) => `arn:aws:iam::${ACCOUNT}:role/${path}`;
const user = (name: string) => `arn:aws:iam::${ACCOUNT}:user/${name}`;
const WHO = {
  attacker: user('administrator'),
  attackersRole: role('Administrator'),
  responder: role(
    'firebreak/eu-central-1/Firebreak/disable-access-key/release/Firebreak-DisableAccessKeyReleaseRun-AB12',
  ),
  machine: role('Firebreak-DisableAccessKeyContainMachineRole-AB12'),
  person: role('aws-reserved/sso.amazonaws.com/AWSReservedSSO_Responder_ab12'),
};
const QUARANTINE = `arn:aws:iam::${ACCOUNT}:policy/Firebreak-FirebreakContainmentQuarantinePolicyAB12-XY`;
const FUNCTION = `arn:aws:lambda:eu-central-1:${ACCOUNT}:function:Firebreak-DisableAccessKeyContainAB12-XY`;
const BRAKE = `arn:aws:ssm:eu-central-1:${ACCOUNT}:parameter/CFN-FirebreakContainmentBrakeParameter-AB12`;
const MACHINE = `arn:aws:states:eu-central-1:${ACCOUNT}:stateMachine:FirebreakReleaseMachineAB12`;
const ALL = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };

type Case = readonly [action: string, resource: string, context?: Record<string, string>];

const LIFTING: readonly Case[] = [
  ['iam:DetachUserPolicy', user('victim'), { 'iam:PolicyARN': QUARANTINE }],
  ['iam:DetachRolePolicy', role('victim'), { 'iam:PolicyARN': QUARANTINE }],
  ['iam:DeleteUserPermissionsBoundary', user('victim'), { 'iam:PermissionsBoundary': QUARANTINE }],
];
/** Whoever may place it can cut off anybody. */
const PLACING: readonly Case[] = [
  ['iam:AttachUserPolicy', user('bystander'), { 'iam:PolicyARN': QUARANTINE }],
  ['iam:AttachRolePolicy', role('bystander'), { 'iam:PolicyARN': QUARANTINE }],
  ['iam:PutUserPermissionsBoundary', user('bystander'), { 'iam:PermissionsBoundary': QUARANTINE }],
];
const TAMPERING: readonly Case[] = [
  ['iam:CreatePolicyVersion', QUARANTINE],
  ['iam:SetDefaultPolicyVersion', QUARANTINE],
  ['iam:DeletePolicy', QUARANTINE],
  ['iam:UpdateAssumeRolePolicy', WHO.responder],
  ['iam:PutRolePolicy', WHO.responder],
  ['iam:DeleteRolePermissionsBoundary', WHO.responder],
  ['iam:DeleteRole', WHO.machine],
  ['iam:CreateRole', role('firebreak/eu-central-1/Firebreak/mine/Mine')],
  ['iam:PassRole', WHO.machine],
  ['lambda:UpdateFunctionCode', FUNCTION],
  ['lambda:UpdateFunctionConfiguration', FUNCTION],
  ['lambda:AddPermission', FUNCTION],
  ['states:UpdateStateMachine', MACHINE],
];
const ANSWERING: readonly Case[] = [
  ['lambda:InvokeFunction', FUNCTION],
  ['states:StartExecution', MACHINE],
  ['ssm:PutParameter', BRAKE],
  ['dynamodb:UpdateItem', `arn:aws:dynamodb:eu-central-1:${ACCOUNT}:table/Firebreak-FirebreakStoreTableAB12-XY`],
];
const ORDINARY: readonly Case[] = [
  ['iam:DetachUserPolicy', user('victim'), { 'iam:PolicyARN': 'arn:aws:iam::aws:policy/ReadOnlyAccess' }],
  ['iam:AttachRolePolicy', role('app'), { 'iam:PolicyARN': `arn:aws:iam::${ACCOUNT}:policy/team-policy` }],
  ['iam:PutUserPermissionsBoundary', user('new'), { 'iam:PermissionsBoundary': `arn:aws:iam::${ACCOUNT}:policy/b` }],
  ['iam:CreateRole', role('app')],
  ['iam:PassRole', role('app')],
  ['iam:GetRole', WHO.responder],
  ['iam:GetPolicyVersion', QUARANTINE],
  ['lambda:UpdateFunctionCode', `arn:aws:lambda:eu-central-1:${ACCOUNT}:function:shop`],
  ['lambda:InvokeFunction', `arn:aws:lambda:eu-central-1:${ACCOUNT}:function:shop`],
  ['ssm:PutParameter', `arn:aws:ssm:eu-central-1:${ACCOUNT}:parameter/shop/price`],
  ['ssm:PutParameter', `arn:aws:ssm:eu-central-1:${ACCOUNT}:parameter/CFN-ShopPrice-AB12`],
  ['s3:CreateBucket', 'arn:aws:s3:::shop-data'],
];

const content = contentOf(GUARD);
let simulated = 0;

async function verdict(principal: string, [action, resource, context = {}]: Case, policy: unknown = content) {
  simulated++;
  const result = await runSimulation(
    {
      request: {
        principal,
        action,
        resource: { resource, accountId: ACCOUNT },
        contextVariables: { 'aws:PrincipalArn': principal, ...context },
      },
      identityPolicies: [{ name: 'AdministratorAccess', policy: ALL }],
      serviceControlPolicies: [
        {
          orgIdentifier: 'r-root',
          policies: [
            { name: 'FullAWSAccess', policy: ALL },
            { name: 'Guard', policy },
          ],
        },
      ],
      resourceControlPolicies: [],
    },
    {},
  );
  if (result.resultType === 'error') throw new Error(`${action} cannot be simulated: ${JSON.stringify(result.errors)}`);
  return result.overallResult === 'Allowed' ? 'allowed' : 'denied';
}

function contentOf(guard: OrganizationGuardProps): unknown {
  const stack = new OrganizationGuardStack(new App(), 'OrganizationGuard', { guard });
  const [policy] = Object.values(Template.fromStack(stack).findResources('AWS::Organizations::Policy'));
  return (policy as { Properties: { Content: unknown } }).Properties.Content;
}

const all = async (who: string, cases: readonly Case[]) =>
  Promise.all(cases.map(async (one) => `${one[0]} ${await verdict(who, one)}`));
const each = (cases: readonly Case[], word: string) => cases.map(([action]) => `${action} ${word}`);

describe('the guard of an organisation', () => {
  test.each(['attacker', 'attackersRole'] as const)(
    'keeps an administrator of the account (%s) from lifting, placing, tampering, releasing and braking',
    async (who) => {
      const cases = [...LIFTING, ...PLACING, ...TAMPERING, ...ANSWERING];
      expect(await all(WHO[who], cases)).toEqual(each(cases, 'denied'));
    },
  );

  test('lets the responder place and lift, and lets nobody, not even it, change what it runs with', async () => {
    expect(await all(WHO.responder, [...PLACING, ...LIFTING])).toEqual(each([...PLACING, ...LIFTING], 'allowed'));
    expect(await all(WHO.machine, ANSWERING.slice(0, 2))).toEqual(each(ANSWERING.slice(0, 2), 'allowed'));
    expect(await all(WHO.responder, TAMPERING)).toEqual(each(TAMPERING, 'denied'));
  });

  test('lets the named people release and brake, but not lift it by hand', async () => {
    expect(await all(WHO.person, ANSWERING)).toEqual(each(ANSWERING, 'allowed'));
    expect(await all(WHO.person, [...LIFTING, ...TAMPERING])).toEqual(each([...LIFTING, ...TAMPERING], 'denied'));
  });

  test("leaves everybody's ordinary work alone, and reading Firebreak too", async () => {
    for (const who of Object.values(WHO)) expect(await all(who, ORDINARY)).toEqual(each(ORDINARY, 'allowed'));
  });

  test('denies nothing where it is not attached: the control of all of this', async () => {
    for (const one of [...LIFTING, ...TAMPERING]) expect(await verdict(WHO.attacker, one, ALL)).toBe('allowed');
    expect(simulated).toBeGreaterThan(100);
  });

  test('lets a deployer in where one is named', async () => {
    const deployer = role('pipeline/deployer');
    const policy = contentOf({ ...GUARD, deployers: [deployer] });
    for (const one of TAMPERING) expect([one[0], await verdict(deployer, one, policy)]).toEqual([one[0], 'allowed']);
    for (const one of TAMPERING) expect(await verdict(WHO.attacker, one, policy)).toBe('denied');
  });

  test('is well within the size that Organizations takes, and refuses what is not', () => {
    expect(JSON.stringify(content).length).toBeLessThan(2_600);
    const people = Array.from({ length: 60 }, (_, i) => `arn:aws:iam::${ACCOUNT}:role/somebody-with-a-long-name-${i}`);
    expect(() => contentOf({ ...GUARD, people })).toThrow(/the policy takes \d+ characters, at most 5120 fit/);
  });

  test('lists all mistakes at once, with what was received', () => {
    expect(() => contentOf({ targetIds: ['prod'], people: ['Kim'], firebreakStackName: 'A'.repeat(25) })).toThrow(
      /'targetIds' holds 'prod', which is not the id of.*'people' holds 'Kim'.*'firebreakStackName' has 25 characters; at most 24/,
    );
    expect(() => contentOf({ targetIds: [] })).toThrow(/name the accounts or units to guard/);
  });
});
