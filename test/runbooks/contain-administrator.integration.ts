import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import {
  CreatePolicyCommand,
  DeleteLoginProfileCommand,
  DeleteUserCommand,
  DeleteUserPolicyCommand,
  IAMClient,
  DetachUserPolicyCommand,
  ListAttachedUserPoliciesCommand,
} from '@aws-sdk/client-iam';
import { getIncident } from '../../lambdas/shared/store/incidents';
import { readTimeline } from '../../lambdas/shared/store/timelines';
import { BeyondApprovedError } from '../../lambdas/contain/runbook-host/approved';
import { makeRun } from '../../lambdas/contain/runbook-host/run';
import { lockResource } from '../../lambdas/contain/shared/target-lock';
import type { EntityKind } from '../../lib/model/entity';
import type { JsonObject } from '../../lib/model/json';
import { QUARANTINE_DOCUMENT, QUARANTINE_POLICY_NAME } from '../../lib/model/quarantine';
import { cases, type AdministratorCase } from '../../runbooks/contain-administrator/cases';
import { runbook } from '../../runbooks/contain-administrator/actions';
import { runbook as disableAccessKey } from '../../runbooks/disable-access-key/actions';
import { cases as roleCases, type RoleCase } from '../../runbooks/revoke-role-sessions/cases';
import { World } from '../contain/world';
import { embeddedAws } from '../embedded/aws';
import { quickPatience } from '../support/quick-patience';
import { CloudTrailDouble } from './cloud-trail';
import { IamShim } from './iam-shim';
import { ACCOUNT, raiseAlert, roleSession, trailRecord } from './raise-alert';
import { denials, makeRole, readRoleState } from './role';
import { inlinePolicies, makeUser, readUserState } from './user';

jest.setTimeout(120_000);

const [BY_USER, BY_ROLE] = cases as readonly [AdministratorCase, AdministratorCase];
const OF_PEOPLE = roleCases[1] as RoleCase;
const PLAIN = { inactiveKeys: 0, inlineBefore: null };

describe('contain-administrator on the embedded AWS', () => {
  const aws = embeddedAws();
  quickPatience();
  let iam: IAMClient;
  let world: World;
  let shim: IamShim;
  let trail: CloudTrailDouble;

  beforeAll(async () => {
    shim = await IamShim.start(aws.endpoint);
    trail = await CloudTrailDouble.start();
    process.env['AWS_ENDPOINT_URL_IAM'] = shim.endpoint;
    process.env['AWS_ENDPOINT_URL_CLOUDTRAIL'] = trail.endpoint;
    iam = new IAMClient({ ...aws.client, endpoint: shim.endpoint });
    const { Policy } = await iam.send(
      new CreatePolicyCommand({
        PolicyName: `quarantine-administrators-${process.pid}`,
        PolicyDocument: JSON.stringify(QUARANTINE_DOCUMENT),
      }),
    );
    world = await World.create(aws, Policy?.Arn ?? '');
  });
  beforeEach(() => {
    jest.spyOn(console, 'log').mockReturnValue();
    jest.spyOn(console, 'error').mockReturnValue();
  });
  afterEach(() => {
    shim.allowAll();
    trail.refuse(undefined);
  });
  afterAll(async () => {
    delete process.env['AWS_ENDPOINT_URL_CLOUDTRAIL'];
    await shim.stop();
    await trail.stop();
  });

  const asUser = (arn: string): JsonObject => ({
    type: 'IAMUser',
    arn,
    accountId: ACCOUNT,
    userName: arn.split('/').at(-1) ?? '',
  });
  const made = (userName: string, userIdentity: JsonObject, more: JsonObject = {}) =>
    trailRecord({ userIdentity, requestParameters: { userName }, ...more });

  /** The administrator, whoever made it, and the word of it where the case says. */
  async function start(shape: AdministratorCase) {
    const { target, name } = await makeUser(iam, { ...PLAIN, ...shape }, 'admin');
    const incidentId = await world.openIncident();
    const user = await makeUser(iam, { ...PLAIN, name: '', path: '/', activeKeys: 1, password: true }, 'maker');
    const role = await makeRole(iam, OF_PEOPLE, 'maker');
    const identity = shape.madeBy === 'role' ? roleSession(role.target.id, 'mallory') : asUser(user.target.id);
    const record = made(name, identity, { eventName: shape.call });
    if (shape.madeBy !== 'nobody-known') {
      if (shape.saidBy === 'alert') await raiseAlert(world, incidentId, record);
      else trail.put(record);
    }
    const before = await state({ name, user, role });
    const containment = await world.hold(runbook, target, incidentId);
    return { target, name, user, role, before, incidentId, containment };
  }

  interface Cast {
    readonly name: string;
    readonly user: { readonly name: string };
    readonly role: { readonly name: string };
  }
  async function state({ name, user, role }: Cast) {
    const [administrator, maker, makerRole] = await Promise.all([
      readUserState(iam, name),
      readUserState(iam, user.name),
      readRoleState(iam, role.name),
    ]);
    return { administrator, maker, makerRole };
  }

  const inactive = (keys: Record<string, unknown>) => Object.values(keys).every((status) => status === 'Inactive');
  const reason = async (containmentId: string) => (await world.containment(containmentId)).reason ?? '';
  const escalated = async (incidentId: string) =>
    (await getIncident(world.table, incidentId))?.handOvers['escalation']?.state;
  /** The deny has a name of its own; the API tells of a policy only by its name. */
  async function isDenied(UserName: string): Promise<boolean> {
    const simulated = await inlinePolicies(iam, UserName);
    return simulated.some(([name, document]) => {
      const own = name.startsWith(`${QUARANTINE_POLICY_NAME}-`);
      return own && JSON.stringify(document) === JSON.stringify(QUARANTINE_DOCUMENT);
    });
  }

  test.each(cases)('contains and releases an administrator made $name, and whoever made it', async (shape) => {
    const cast = await start(shape);
    const { name, user, before, incidentId, containment } = cast;

    const ran = await world.contain(runbook, containment);

    expect([ran.end, await world.failures(incidentId)]).toEqual(['succeeded', []]);
    expect((await world.containment(containment.id)).status).toBe('held');
    const contained = await state(cast);
    expect(await isDenied(name)).toBe(true);
    expect([inactive(contained.administrator.keys), contained.administrator.password]).toEqual([true, false]);
    if (shape.madeBy === 'user') {
      expect(await isDenied(user.name)).toBe(true);
      expect([inactive(contained.maker.keys), contained.maker.password]).toEqual([true, false]);
      expect(contained.makerRole).toEqual(before.makerRole);
    } else {
      expect(Object.keys(denials(contained.makerRole))).toEqual(['FirebreakOldSessions', 'FirebreakNewSessions']);
      expect(contained.maker).toEqual(before.maker);
    }

    const released = await world.release(runbook, containment, incidentId, { reactivateKeys: true });

    expect(released.end).toBe('succeeded');
    expect(await isDenied(name)).toBe(false);
    expect(await isDenied(user.name)).toBe(false);
    expect(await state(cast)).toEqual({
      administrator: { ...before.administrator, password: false },
      maker: { ...before.maker, password: shape.madeBy === 'user' ? false : before.maker.password },
      makerRole: before.makerRole,
    });
  });

  test('keys of both stay inactive unless a person says otherwise, and the release says what is left to do', async () => {
    const cast = await start(BY_USER);
    await world.contain(runbook, cast.containment);

    await world.release(runbook, cast.containment, cast.incidentId);

    const after = await state(cast);
    expect([inactive(after.administrator.keys), inactive(after.maker.keys)]).toEqual([true, true]);
    const records = await readTimeline(world.table, cast.incidentId);
    const tasks = JSON.stringify(records.find(({ kind }) => kind === 'containment-released')?.details?.['tasks']);
    expect(tasks).toContain(`${cast.user.target.id}: Create a login profile`);
  });

  test('whoever made it is contained too where IAM shows that user a moment late', async () => {
    const cast = await start(BY_USER);
    const { name: resource } = cast.user;
    const match = { service: 'iam', operation: 'GetUser', resource };
    const fault = await aws.proxy.inject({ match, fault: 'not-found', wholeCall: true });

    const ran = await world.contain(runbook, cast.containment);

    const struck = (await aws.proxy.faults()).find(({ id }) => id === fault)?.struck;
    await aws.proxy.remove(fault);
    expect([struck, ran.end, await world.failures(cast.incidentId)]).toEqual([1, 'succeeded', []]);
    expect(await isDenied(resource)).toBe(true);
  });

  describe('whoever is not contained is named to people', () => {
    test.each<[string, (name: string) => JsonObject, string]>([
      [
        'root',
        (name) => made(name, { type: 'Root', accountId: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:root` }),
        'deny it by an SCP',
      ],
      [
        'a person of Identity Center',
        (name) =>
          made(
            name,
            roleSession(
              `arn:aws:iam::${ACCOUNT}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0123456789abcdef`,
              'ada',
            ),
          ),
        'aws sso-admin delete-account-assignment',
      ],
      [
        'somebody protected',
        (name) => made(name, asUser(`arn:aws:iam::${ACCOUNT}:user/break-glass-1`)),
        "is protected by the guard rail 'arn:aws:iam::*:user/break-glass-*'",
      ],
      [
        'somebody who was deleted since',
        (name) => made(name, asUser(`arn:aws:iam::${ACCOUNT}:user/gone`)),
        "user 'gone' does not exist in account 000000000000",
      ],
    ])('%s', async (_, word, sentence) => {
      const cast = await start({ ...BY_USER, madeBy: 'nobody-known' });
      // CloudTrail's own word counts wherever it is read.
      trail.put(word(cast.name));

      const ran = await world.contain(runbook, cast.containment);

      expect(ran.end).toBe('failed');
      expect(await isDenied(cast.name)).toBe(true);
      expect(inactive((await state(cast)).administrator.keys)).toBe(true);
      expect((await world.failures(cast.incidentId)).join()).toContain(sentence);
      expect(await escalated(cast.incidentId)).toBe('pending');
      const released = await world.release(runbook, cast.containment, cast.incidentId, { reactivateKeys: true });
      expect(released.end).toBe('succeeded');
    });

    test('nobody known', async () => {
      const cast = await start({ ...BY_USER, madeBy: 'nobody-known' });

      await world.contain(runbook, cast.containment);

      expect(await isDenied(cast.name)).toBe(true);
      expect(await reason(cast.containment.id)).toMatch(
        /who made .* is not known.* Done: Deny everything; .*Not done: Contain who made it an administrator .*aws cloudtrail lookup-events/,
      );
      const kinds = (await readTimeline(world.table, cast.incidentId)).map(({ kind }) => kind);
      expect(kinds.slice(kinds.indexOf('containment-failed'))).toContain('evidence-collected');
      expect(await escalated(cast.incidentId)).toBe('pending');
    });

    test('somebody whom many calls that name the user have pushed out of what is read', async () => {
      const cast = await start(BY_USER);
      const earlier = await makeUser(iam, { ...PLAIN, name: '', path: '/', activeKeys: 1, password: false }, 'earlier');
      const ago = (minutes: number) => ({ eventTime: new Date(Date.now() - minutes * 60_000).toISOString() });
      trail.put(made(cast.name, asUser(earlier.target.id), { eventName: 'CreateUser', ...ago(30) }));
      for (let i = 0; i < 200; i++) {
        trail.put(made(cast.name, asUser(cast.user.target.id), { eventName: 'GetUser', ...ago(10) }));
      }

      const ran = await world.contain(runbook, cast.containment);

      expect(ran.end).toBe('failed');
      expect([await isDenied(cast.name), await isDenied(cast.user.name)]).toEqual([true, true]);
      expect(await isDenied(earlier.name)).toBe(false);
      expect(await reason(cast.containment.id)).toMatch(
        /whoever had a part in it before .* made it and is not contained: CloudTrail has more events .*lookup-events/,
      );
      expect(await escalated(cast.incidentId)).toBe('pending');
    });

    test('CloudTrail does not answer', async () => {
      const cast = await start({ ...BY_USER, madeBy: 'nobody-known' });
      trail.refuse('AccessDeniedException');

      await world.contain(runbook, cast.containment);

      expect(await isDenied(cast.name)).toBe(true);
      expect(await reason(cast.containment.id)).toContain('AccessDeniedException');
      expect(await escalated(cast.incidentId)).toBe('pending');
    });

    test('an alert names another one later', async () => {
      const cast = await start(BY_USER);
      const other = await makeUser(iam, { ...PLAIN, name: '', path: '/', activeKeys: 1, password: false }, 'other');

      const ran = await world.contain(runbook, cast.containment, {
        onState: async (name) => {
          if (name === 'Look again after 15 seconds') {
            await raiseAlert(world, cast.incidentId, made(cast.name, asUser(other.target.id)));
          }
        },
      });

      expect(ran.end).toBe('failed');
      expect(await reason(cast.containment.id)).toContain(`${other.target.id} had a part in it too (AttachUserPolicy)`);
    });
  });

  test('calls that failed, that are old, or are about somebody else make nobody a creator', async () => {
    const cast = await start(BY_USER);
    const innocent = await makeUser(iam, { ...PLAIN, name: '', path: '/', activeKeys: 1, password: false }, 'innocent');
    const by = asUser(innocent.target.id);
    trail.put(made(cast.name, by, { errorCode: 'AccessDenied' }));
    trail.put(made(cast.name, by, { eventTime: new Date(Date.now() - 25 * 3_600_000).toISOString() }));
    trail.put(made(cast.name, by, { eventName: 'GetUser' }));
    trail.put(made(cast.name, asUser(cast.target.id), { eventName: 'CreateAccessKey' }));
    await raiseAlert(world, cast.incidentId, made('somebody-else', by));

    const ran = await world.contain(runbook, cast.containment);

    expect(ran.end).toBe('succeeded');
    expect(await isDenied(innocent.name)).toBe(false);
    expect(inactive((await readUserState(iam, innocent.name)).keys)).toBe(false);
  });

  test('killed before any task and run again, it ends contained with one undo record of each action, the true one', async () => {
    for (let tasks = 0; tasks <= 12; tasks += 2) {
      const cast = await start(tasks % 4 === 0 ? BY_USER : BY_ROLE);

      const killed = await world.contain(runbook, cast.containment, { tasks });
      expect(killed.end).toBe('killed');
      const ran = await world.contain(runbook, await world.hold(runbook, cast.target, cast.incidentId));

      expect(ran.end).toBe('succeeded');
      await world.release(runbook, cast.containment, cast.incidentId, { reactivateKeys: true });
      const after = await state(cast);
      expect(after.administrator.keys).toEqual(cast.before.administrator.keys);
      expect(after.maker.keys).toEqual(cast.before.maker.keys);
      expect(after.makerRole).toEqual(cast.before.makerRole);
      expect([await isDenied(cast.name), await isDenied(cast.user.name)]).toEqual([false, false]);
      const kinds = await world.kinds(cast.incidentId);
      expect(kinds.filter((kind) => kind === 'state-recorded')).toHaveLength(runbook.actions.length);
    }
  });

  test('each operation run twice ends the same, and says nothing twice', async () => {
    const cast = await start(BY_ROLE);

    await world.contain(runbook, cast.containment, { twice: true });

    expect((await world.containment(cast.containment.id)).status).toBe('held');
    const kinds = await world.kinds(cast.incidentId);
    expect(kinds.filter((kind) => kind === 'action-applied')).toHaveLength(runbook.actions.length);
    await world.release(runbook, cast.containment, cast.incidentId, { twice: true, reactivateKeys: true });
    expect((await state(cast)).makerRole).toEqual(cast.before.makerRole);
  });

  test('on a user that is held by disable-access-key, each release takes away its own deny', async () => {
    const cast = await start(BY_USER);
    const keys = await world.hold(disableAccessKey, cast.target, cast.incidentId);
    expect(lockResource(keys.target)).toBe(lockResource(cast.containment.target));
    await world.contain(disableAccessKey, keys);
    await world.contain(runbook, cast.containment);

    await world.release(disableAccessKey, keys, cast.incidentId);

    expect(await isDenied(cast.name)).toBe(true);
    expect((await readUserState(iam, cast.name)).inline).toBeNull();
    await world.release(runbook, cast.containment, cast.incidentId);
    expect((await world.containment(cast.containment.id)).status).toBe('released');
    expect(await isDenied(cast.name)).toBe(false);
    // Off before this containment, and so not switched on by its release.
    expect(inactive((await readUserState(iam, cast.name)).keys)).toBe(true);
  });

  /** Both halves of a deny: the inline one, and the attached one. */
  async function lift(UserName: string): Promise<void> {
    const [PolicyName] = (await inlinePolicies(iam, UserName)).map(([policy]) => policy);
    await iam.send(new DeleteUserPolicyCommand({ UserName, PolicyName }));
    const { AttachedPolicies } = await iam.send(new ListAttachedUserPoliciesCommand({ UserName }));
    for (const { PolicyArn } of AttachedPolicies ?? []) {
      await iam.send(new DetachUserPolicyCommand({ UserName, PolicyArn }));
    }
  }

  test('notices when the deny of the creator vanishes, makes it again, and escalates', async () => {
    const cast = await start(BY_USER);

    let attacks = 0;
    const ran = await world.contain(runbook, cast.containment, {
      onState: async (name) => {
        if (name !== 'Look again after 15 seconds' || attacks++ > 0) return;
        await lift(cast.user.name);
      },
    });

    expect(ran.end).toBe('succeeded');
    expect(await world.containment(cast.containment.id)).toMatchObject({ status: 'held', timesUndone: 1 });
    expect(await isDenied(cast.user.name)).toBe(true);
    expect(await escalated(cast.incidentId)).toBe('pending');
  });

  test('of a role that made it no more is denied than people approved', async () => {
    const { containment, role, incidentId } = await start(BY_ROLE);
    const { context } = makeRun(runbook, containment, 'test');
    const [makers] = runbook.actions.slice(-1);
    if (!makers) throw new Error('no action');
    const before = await makers.read(context);
    const approved = makers.reach?.(before, context) ?? [];

    expect(approved).toEqual([
      `${role.target.id}: every session issued until now`,
      `${role.target.id}: later sessions, but those of instances and functions`,
    ]);
    const narrower = { ...context, change: context.aws, approved: [] };
    await expect(makers.contain(before, narrower)).rejects.toThrow(BeyondApprovedError);
    expect(await makers.verify(before, narrower)).toMatchObject({ ok: false, beyond: true });
    expect(await makers.verify(before, { ...context, approved })).not.toHaveProperty('beyond');
    // An attempt after that asks about the same maker, whoever else an alert names by then.
    await raiseAlert(world, incidentId, made('somebody-else', asUser(`arn:aws:iam::${ACCOUNT}:user/x`)));
    expect(await makers.readAgain?.(before, context)).toEqual(before);
  });

  test('observe changes nothing of anybody, and says what would be changed of each', async () => {
    const cast = await start(BY_ROLE);
    const containment = await world.hold(runbook, cast.target, cast.incidentId, 'observe');

    await world.contain(runbook, containment);

    expect(await state(cast)).toEqual(cast.before);
    const planned = (await readTimeline(world.table, cast.incidentId)).find(
      ({ kind }) => kind === 'containment-planned',
    );
    expect(JSON.stringify(planned?.details?.['changes'])).toContain(`iam:PutRolePolicy ${cast.role.target.id}`);
  });

  test.each<[string, EntityKind, string, string]>([
    ['a user who does not exist', 'user', `arn:aws:iam::${ACCOUNT}:user/nobody`, "user 'nobody' does not exist"],
    ['a protected user', 'user', `arn:aws:iam::${ACCOUNT}:user/break-glass-1`, 'protected by the guard rail'],
    ['another account', 'user', 'arn:aws:iam::444455556666:user/x', 'it belongs to account 444455556666'],
    ['a role', 'role', `arn:aws:iam::${ACCOUNT}:role/x`, 'is a role; this runbook contains a user'],
    [
      'root',
      'root',
      `arn:aws:iam::${ACCOUNT}:root`,
      'Firebreak contains no root: no policy of its own account binds it. Member account: from the management account deny it by an SCP, then aws sts assume-root',
    ],
  ])('refuses %s in words that can be followed', async (_, kind, id, sentence) => {
    const incidentId = await world.openIncident();
    const target = { kind, id, account: id.split(':')[4] ?? '', region: 'us-east-1' };
    const containment = await world.hold(runbook, target, incidentId);

    await world.contain(runbook, containment);

    expect((await world.containment(containment.id)).status).toBe('refused');
    expect(await reason(containment.id)).toContain(sentence);
    expect(await escalated(incidentId)).toBe('pending');
  });

  test('an administrator who is deleted meanwhile: the release says so and does not fail for the others', async () => {
    const cast = await start({ ...BY_ROLE, activeKeys: 0 });
    await world.contain(runbook, cast.containment);
    await lift(cast.name);
    await iam.send(new DeleteLoginProfileCommand({ UserName: cast.name })).catch(() => undefined);
    await iam.send(new DeleteUserCommand({ UserName: cast.name }));

    await world.release(runbook, cast.containment, cast.incidentId, { force: true });

    expect(await readRoleState(iam, cast.role.name)).toEqual(cast.before.makerRole);
  });
});
