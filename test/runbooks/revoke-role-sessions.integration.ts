import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { EC2Client } from '@aws-sdk/client-ec2';
import { CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { ElasticLoadBalancingClient } from '@aws-sdk/client-elastic-load-balancing';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  IAMClient,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { getContainment } from '../../lambdas/shared/store/containments';
import { getIncident } from '../../lambdas/shared/store/incidents';
import { readTimeline } from '../../lambdas/shared/store/timelines';
import type { EntityKind } from '../../lib/model/entity';
import type { Target } from '../../lib/model/plan';
import { QUARANTINE_DOCUMENT } from '../../lib/model/quarantine';
import { runbook } from '../../runbooks/revoke-role-sessions/actions';
import { cases, type RoleCase } from '../../runbooks/revoke-role-sessions/cases';
import { cases as instanceCases, type InstanceCase } from '../../runbooks/isolate-instance/cases';
import { readVaultManifest } from '../contain/read-manifest';
import { World } from '../contain/world';
import { embeddedAws } from '../embedded/aws';
import { quickPatience } from '../support/quick-patience';
import { IamShim } from './iam-shim';
import { makeInstance } from './instance';
import { ACCOUNT, raiseAlert, raiseFinding, roleSession, trailRecord } from './raise-alert';
import { denials, makeRole, readRoleState, roleTarget } from './role';

jest.setTimeout(60_000);

const OF_INSTANCES = cases[0] as RoleCase;
const OF_PEOPLE = cases[1] as RoleCase;
const INSTANCE = 'i-0fedcba9876543210';
const ISSUED_TO = { ec2RoleDelivery: '2.0' };

describe('revoke-role-sessions on the embedded AWS', () => {
  const aws = embeddedAws();
  quickPatience();
  let iam: IAMClient;
  let world: World;
  let shim: IamShim;
  let quarantine: string;

  beforeAll(async () => {
    shim = await IamShim.start(aws.endpoint);
    process.env['AWS_ENDPOINT_URL_IAM'] = shim.endpoint;
    iam = new IAMClient({ ...aws.client, endpoint: shim.endpoint });
    const { Policy } = await iam.send(
      new CreatePolicyCommand({
        PolicyName: `quarantine-roles-${process.pid}`,
        PolicyDocument: JSON.stringify(QUARANTINE_DOCUMENT),
      }),
    );
    quarantine = Policy?.Arn ?? '';
    world = await World.create(aws, quarantine);
  });
  beforeEach(() => {
    jest.spyOn(console, 'log').mockReturnValue();
    jest.spyOn(console, 'error').mockReturnValue();
  });
  afterEach(async () => {
    shim.allowAll();
    await world.setBrake('released');
  });
  afterAll(() => shim.stop());

  async function start(shape: RoleCase = OF_PEOPLE) {
    const { target, name } = await makeRole(iam, shape);
    const before = await readRoleState(iam, name);
    const incidentId = await world.openIncident();
    const containment = await world.hold(runbook, target, incidentId);
    return { target, name, before, incidentId, containment };
  }

  async function refusal(target: Target) {
    const incidentId = await world.openIncident();
    const containment = await world.hold(runbook, target, incidentId);
    await world.contain(runbook, containment);
    const { status, reason } = await world.containment(containment.id);
    const escalated = (await getIncident(world.table, incidentId))?.handOvers['escalation']?.state === 'pending';
    return { status, reason, escalated };
  }

  test.each(cases)('contains and releases a role $name', async (shape) => {
    const { name, before, incidentId, containment } = await start(shape);
    const startedAt = new Date().toISOString();

    const ran = await world.contain(runbook, containment);

    expect(ran.end).toBe('succeeded');
    expect((await world.containment(containment.id)).status).toBe('held');
    const contained = await readRoleState(iam, name);
    const { FirebreakOldSessions: old, FirebreakNewSessions: later, ...rest } = denials(contained);
    expect(old?.Effect).toBe('Deny');
    expect(String(old?.Condition?.['DateLessThan']?.['aws:TokenIssueTime']) >= startedAt).toBe(true);
    expect(later?.Condition).toEqual(
      shape.reissue ? { Null: { 'ec2:SourceInstanceARN': 'true', 'lambda:SourceFunctionArn': 'true' } } : undefined,
    );
    expect(rest).toEqual({});
    // Nothing else of the role was touched.
    expect({ ...contained, inline: undefined }).toEqual({ ...before, inline: undefined });
    expect(contained.inline).toMatchObject(before.inline);

    const released = await world.release(runbook, containment, incidentId);

    expect(released.end).toBe('succeeded');
    expect((await world.containment(containment.id)).status).toBe('released');
    expect(await readRoleState(iam, name)).toEqual(before);
    const text = (await readTimeline(world.table, incidentId)).find(
      ({ kind }) => kind === 'containment-released',
    )?.text;
    expect(text).toContain('everything is as it was before');
  });

  test('does not stand on the deny of another containment: released there, it is still denied here', async () => {
    const { name, containment } = await start();
    await iam.send(new AttachRolePolicyCommand({ RoleName: name, PolicyArn: quarantine }));
    shim.refuse('PutRolePolicy', 'LimitExceeded');

    await world.contain(runbook, containment);
    await iam.send(new DetachRolePolicyCommand({ RoleName: name, PolicyArn: quarantine }));

    expect((await world.containment(containment.id)).status).toBe('held');
    expect((await readRoleState(iam, name)).boundary).toBe(quarantine);
  });

  describe('where AWS says that a session was issued to an instance', () => {
    test('denies that instance alone, whatever Region it is in', async () => {
      const { target, name, before, incidentId, containment } = await start(OF_INSTANCES);
      await raiseAlert(world, incidentId, trailRecord({ userIdentity: roleSession(target.id, INSTANCE, ISSUED_TO) }));

      await world.contain(runbook, containment);

      expect((await world.containment(containment.id)).status).toBe('held');
      expect(denials(await readRoleState(iam, name))).toEqual({
        FirebreakInstances: expect.objectContaining({
          Condition: { ArnLike: { 'ec2:SourceInstanceARN': [`arn:aws:ec2:*:${ACCOUNT}:instance/${INSTANCE}`] } },
        }),
      });
      await world.release(runbook, containment, incidentId);
      expect(await readRoleState(iam, name)).toEqual(before);
    });

    test('a finding of GuardDuty says so too', async () => {
      const { name, incidentId, containment } = await start(OF_INSTANCES);
      await raiseFinding(world, incidentId, {
        id: 'finding-1',
        accountId: ACCOUNT,
        region: 'us-east-1',
        resource: {
          accessKeyDetails: { userType: 'Role', userName: name, principalId: `AROAEXAMPLE:${INSTANCE}` },
          instanceDetails: { instanceId: INSTANCE },
        },
      });

      await world.contain(runbook, containment);

      expect(Object.keys(denials(await readRoleState(iam, name)))).toEqual(['FirebreakInstances']);
    });

    test('the name of a session alone proves nothing: whoever assumes a role chooses it', async () => {
      const { target, name, incidentId, containment } = await start();
      await raiseAlert(world, incidentId, trailRecord({ userIdentity: roleSession(target.id, INSTANCE) }));

      await world.contain(runbook, containment);

      expect(Object.keys(denials(await readRoleState(iam, name)))).toEqual([
        'FirebreakOldSessions',
        'FirebreakNewSessions',
      ]);
    });

    test('an alert about another session, later, widens the deny', async () => {
      const { target, name, before, incidentId, containment } = await start();
      await raiseAlert(world, incidentId, trailRecord({ userIdentity: roleSession(target.id, INSTANCE, ISSUED_TO) }));
      await world.contain(runbook, containment);
      await raiseAlert(world, incidentId, trailRecord({ userIdentity: roleSession(target.id, 'mallory') }));

      const again = await world.hold(runbook, target, incidentId);
      await world.contain(runbook, again);

      expect(Object.keys(denials(await readRoleState(iam, name)))).toEqual([
        'FirebreakInstances',
        'FirebreakOldSessions',
        'FirebreakNewSessions',
      ]);
      await world.release(runbook, containment, incidentId);
      expect(await readRoleState(iam, name)).toEqual(before);
    });

    test('with no room for an inline policy it spares the others and tells people', async () => {
      const { target, name, before, incidentId, containment } = await start(OF_INSTANCES);
      await raiseAlert(world, incidentId, trailRecord({ userIdentity: roleSession(target.id, INSTANCE, ISSUED_TO) }));
      shim.refuse('PutRolePolicy', 'LimitExceeded');

      const ran = await world.contain(runbook, containment);

      expect(ran.end).toBe('failed');
      expect(await readRoleState(iam, name)).toEqual(before);
      expect((await world.failures(incidentId)).join()).toContain(
        `has no room for an inline policy that denies ${INSTANCE} alone`,
      );
      expect((await getIncident(world.table, incidentId))?.handOvers['escalation']?.state).toBe('pending');
    });
  });

  describe('where the attacker has filled the quotas', () => {
    test.each([
      ['the quarantine policy is attached', ['PutRolePolicy'], 'attached'],
      ['it becomes the permissions boundary', ['PutRolePolicy', 'AttachRolePolicy'], 'boundary'],
    ] as const)('%s, and release gives back what was there', async (_, refused, where) => {
      const { name, before, incidentId, containment } = await start();
      for (const operation of refused) shim.refuse(operation, 'LimitExceeded');

      await world.contain(runbook, containment);

      expect((await world.containment(containment.id)).status).toBe('held');
      const contained = await readRoleState(iam, name);
      expect(where === 'attached' ? contained.attached : [contained.boundary]).toEqual([quarantine]);
      shim.allowAll();
      await world.release(runbook, containment, incidentId);
      expect(await readRoleState(iam, name)).toEqual(before);
    });
  });

  test('the plan and the evidence say who else uses the role, and nothing is changed by either', async () => {
    const clients = {
      ec2: new EC2Client(aws.client),
      iam: new IAMClient(aws.client),
      autoScaling: new AutoScalingClient(aws.client),
      loadBalancing: new ElasticLoadBalancingV2Client(aws.client),
      classic: new ElasticLoadBalancingClient(aws.client),
    };
    const made = await makeInstance(clients, instanceCases.find(({ profile }) => profile) as InstanceCase);
    const name = made.role ?? '';
    const target = roleTarget(`arn:aws:iam::${ACCOUNT}:role/${name}`);
    const trust = (Service: string[]) => ({ Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' });
    const Statement = [trust(['ec2.amazonaws.com', 'lambda.amazonaws.com', 'ecs-tasks.amazonaws.com'])];
    await iam.send(
      new UpdateAssumeRolePolicyCommand({ RoleName: name, PolicyDocument: JSON.stringify({ Statement }) }),
    );
    await new LambdaClient(aws.client).send(
      new CreateFunctionCommand({
        ...{ FunctionName: `f-${name}`, Role: target.id, Runtime: 'nodejs22.x', Handler: 'index.handler' },
        // An empty archive: it is never run.
        Code: { ZipFile: Buffer.from(`PK\x05\x06${'\0'.repeat(18)}`, 'latin1') },
      }),
    );
    const before = await readRoleState(iam, name);
    const incidentId = await world.openIncident();
    const containment = await world.hold(runbook, target, incidentId, 'observe');

    await world.contain(runbook, containment);

    expect((await world.containment(containment.id)).status).toBe('planned');
    expect(await readRoleState(iam, name)).toEqual(before);
    const planned = (await readTimeline(world.table, incidentId)).find(({ kind }) => kind === 'containment-planned');
    expect(JSON.stringify(planned?.details?.['changes'])).toContain(
      `the role is also used by 1 instance(s): ${made.id}; 1 function(s): f-${name}; what runs with it at`,
    );
  });

  test('evidence lies locked in the vault, as the manifest says', async () => {
    const { incidentId, containment } = await start();
    await world.contain(runbook, containment);

    const { items, problems, locked } = await readVaultManifest(world, incidentId, containment);

    expect(items.map(({ id }) => id.split('/').at(-1))).toEqual(runbook.evidence.map(({ name }) => name));
    expect(problems).toEqual([]);
    expect(locked).toBe(true);
  });

  test('killed before any task and run again, it ends contained with one undo record, the true one', async () => {
    for (let tasks = 0; tasks <= 6; tasks++) {
      const { target, name, before, incidentId, containment } = await start();

      const killed = await world.contain(runbook, containment, { tasks });
      expect(killed.end).toBe('killed');
      const ran = await world.contain(runbook, await world.hold(runbook, target, incidentId));

      expect(ran.end).toBe('succeeded');
      expect(Object.keys(denials(await readRoleState(iam, name)))).toHaveLength(2);
      await world.release(runbook, containment, incidentId);
      expect(await readRoleState(iam, name)).toEqual(before);
      expect((await world.kinds(incidentId)).filter((kind) => kind === 'state-recorded')).toHaveLength(1);
    }
  });

  test('each operation run twice changes nothing the second time', async () => {
    const { name, before, incidentId, containment } = await start();

    await world.contain(runbook, containment, { twice: true });

    expect((await world.containment(containment.id)).status).toBe('held');
    const put = await aws.proxy.calls({ resource: name, mutating: true, service: 'iam' });
    expect(put.filter(({ operation }) => operation === 'PutRolePolicy')).toHaveLength(1);
    await world.release(runbook, containment, incidentId, { twice: true });
    expect(await readRoleState(iam, name)).toEqual(before);
  });

  test('two containments of one role do not take each other’s deny away', async () => {
    const { target, name, before, incidentId, containment } = await start();
    const other = { ...runbook, facts: { ...runbook.facts } };
    await world.contain(runbook, containment);
    const second = await world.hold(other, { ...target, account: ACCOUNT, region: 'us-west-2' }, incidentId);
    await world.contain(other, second);

    await world.release(runbook, containment, incidentId);

    expect(Object.keys(denials(await readRoleState(iam, name)))).toHaveLength(2);
    await world.release(other, second, incidentId);
    expect(await readRoleState(iam, name)).toEqual(before);
  });

  test.each<[string, (name: string) => Promise<unknown>]>([
    [
      'the deny vanishes',
      async (RoleName) => {
        const [PolicyName] = Object.keys((await readRoleState(iam, RoleName)).inline).filter((one) =>
          one.startsWith('FirebreakQuarantine-'),
        );
        return iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName }));
      },
    ],
    [
      'somebody else is let in by the trust policy',
      (RoleName) =>
        iam.send(
          new UpdateAssumeRolePolicyCommand({
            RoleName,
            PolicyDocument:
              '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}]}',
          }),
        ),
    ],
  ])('notices when %s, makes it again as wide as it has to be, and escalates', async (_, attack) => {
    const { name, incidentId, containment } = await start({ ...OF_INSTANCES, inline: [] });

    let attacks = 0;
    const ran = await world.contain(runbook, containment, {
      onState: async (state) => {
        if (state === 'Look again after 15 seconds' && attacks++ === 0) await attack(name);
      },
    });

    expect(ran.end).toBe('succeeded');
    expect(await getContainment(world.table, containment.id)).toMatchObject({ status: 'held', timesUndone: 1 });
    expect(await world.kinds(incidentId)).toEqual(
      expect.arrayContaining(['containment-verified', 'containment-undone', 'containment-held']),
    );
    const incident = await getIncident(world.table, incidentId);
    expect(incident?.severity).toBe('SEV1');
    expect(incident?.handOvers['escalation']?.state).toBe('pending');
  });

  test('a role that was deleted and made anew gets nothing back, and the release says so', async () => {
    const { target, name, incidentId, containment } = await start({ ...OF_INSTANCES, inline: [] });
    await world.contain(runbook, containment);
    const [PolicyName] = Object.keys((await readRoleState(iam, name)).inline);
    await iam.send(new DeleteRolePolicyCommand({ RoleName: name, PolicyName }));
    await iam.send(new DeleteRoleCommand({ RoleName: name }));

    const refused = await world.release(runbook, containment, incidentId);
    const released = await world.release(runbook, containment, incidentId, { force: true });

    expect(refused.states.at(-1)).toBe('Release refused');
    expect(released.states.at(-1)).toBe('Released');
    const text = JSON.stringify((await readTimeline(world.table, incidentId)).at(-1)?.details);
    expect(text).toContain(`Role '${target.id.split('/').at(-1)}' was deleted since`);
  });

  describe('refuses in words that can be followed', () => {
    const role = (id: string, account = ACCOUNT) => `arn:aws:iam::${account}:role/${id}`;
    test.each<[string, EntityKind, string, string]>([
      ['what does not exist', 'role', role('nobody'), "role 'nobody' does not exist in account 000000000000"],
      ['another account', 'role', role('x', '444455556666'), 'it belongs to account 444455556666; only 000000000000'],
      ['what is no role', 'role', `arn:aws:iam::${ACCOUNT}:user/alice`, 'is not the id of an AWS role'],
      ['another kind', 'user', `arn:aws:iam::${ACCOUNT}:user/alice`, 'this runbook revokes the sessions of a role'],
      [
        'a service-linked role',
        'role',
        role('aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling'),
        'is a service-linked role, which is never contained: IAM refuses to edit it, and only its AWS service can use it: find in CloudTrail who called that service',
      ],
      [
        'a role of IAM Identity Center',
        'role',
        role('aws-reserved/sso.amazonaws.com/AWSReservedSSO_AdministratorAccess_0123456789abcdef'),
        "is a role of IAM Identity Center, which is never contained: IAM refuses to edit it. In the management account take the person's assignment away (aws sso-admin delete-account-assignment)",
      ],
      [
        'the same by its name alone',
        'role',
        role('AWSReservedSSO_ReadOnly_0123456789abcdef'),
        'aws sso-admin delete-account-assignment',
      ],
    ])('%s', async (_, kind, id, sentence) => {
      const { status, reason, escalated } = await refusal({
        kind,
        id,
        account: id.split(':')[4] ?? '',
        region: 'us-east-1',
      });

      expect(status).toBe('refused');
      expect(reason).toContain(sentence);
      expect(escalated).toBe(true);
    });

    test('a protected role, also where the alert knows only its name', async () => {
      const { name } = await makeRole(iam, { ...OF_PEOPLE, path: '/break-glass/', boundary: false });
      const protectedPath = JSON.parse(process.env['GUARD_RAILS'] ?? '') as { protected: string[] };
      expect(protectedPath.protected).toContain('arn:aws:iam::*:role/break-glass/*');

      const { status, reason } = await refusal(roleTarget(`arn:aws:iam::${ACCOUNT}:role/${name}`));

      expect(status).toBe('refused');
      expect(reason).toContain("is protected by the guard rail 'arn:aws:iam::*:role/break-glass/*'");
    });
  });
});
