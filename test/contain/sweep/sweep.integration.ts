import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { CreatePolicyCommand, IAMClient } from '@aws-sdk/client-iam';
import { CreateStateMachineCommand, SFNClient } from '@aws-sdk/client-sfn';
import { randomBytes, randomUUID } from 'node:crypto';
import { LIMITS, type Limits } from '../../../lambdas/contain/sweep/collect';
import { sweepHandler } from '../../../lambdas/contain/sweep/sweep';
import type { Runbook } from '../../../lambdas/contain/runbook-host/action';
import { giveUp, takeIn } from '../../../lambdas/triage/triage/merge';
import { startHandOvers } from '../../../lambdas/shared/hand-over/start-hand-overs';
import { containEntry } from '../../../lambdas/contain/shared/containment-timeline';
import { changeContainment } from '../../../lambdas/shared/store/containments';
import { changeIncident, getIncident } from '../../../lambdas/shared/store/incidents';
import { readTimeline } from '../../../lambdas/shared/store/timelines';
import { sweepMachine } from '../../../lib/contain/machines/sweep-machine';
import { containmentId } from '../../../lib/model/ids';
import type { Incident } from '../../../lib/model/incident';
import type { JsonObject } from '../../../lib/model/json';
import type { Target } from '../../../lib/model/plan';
import { QUARANTINE_DOCUMENT } from '../../../lib/model/quarantine';
import type { Finding, SweepMode } from '../../../lib/model/sweep';
import { cases, type UserCase } from '../../../runbooks/disable-access-key/cases';
import { runbook as disableAccessKey } from '../../../runbooks/disable-access-key/actions';
import { runbook as revokeRoleSessions } from '../../../runbooks/revoke-role-sessions/actions';
import { cases as roleCases, type RoleCase } from '../../../runbooks/revoke-role-sessions/cases';
import { embeddedAws } from '../../embedded/aws';
import { CloudTrailDouble } from '../../runbooks/cloud-trail';
import { ACCOUNT, raiseAlert, roleSession, trailRecord } from '../../runbooks/raise-alert';
import { denials, makeRole, readRoleState } from '../../runbooks/role';
import { makeUser, readUserState } from '../../runbooks/user';
import { runMachine } from '../machine-runner';
import { World } from '../world';

jest.setTimeout(120_000);

const [ONE_KEY] = cases as readonly [UserCase];
const [, OF_PEOPLE] = roleCases as readonly [RoleCase, RoleCase];
const DEPLOYED = ['disable-access-key', 'revoke-role-sessions', 'quarantine-function'];

/** The chain in this process with the embedded AWS behind it, and a double of CloudTrail's LookupEvents. */
describe('the sweep after a contained user', () => {
  const aws = embeddedAws();
  const iam = new IAMClient(aws.client);
  let world: World;
  let trail: CloudTrailDouble;

  beforeAll(async () => {
    trail = await CloudTrailDouble.start();
    Object.assign(process.env, {
      AWS_ENDPOINT_URL_CLOUDTRAIL: trail.endpoint,
      AWS_REGION: 'us-east-1',
      RUNBOOKS: JSON.stringify(DEPLOYED),
    });
    const { Policy } = await iam.send(
      new CreatePolicyCommand({
        PolicyName: `quarantine-sweep-${randomBytes(4).toString('hex')}`,
        PolicyDocument: JSON.stringify(QUARANTINE_DOCUMENT),
      }),
    );
    process.env['CONTAINMENT_MACHINES'] = JSON.stringify(await machines());
    world = await World.create(aws, Policy?.Arn ?? '');
  });
  beforeEach(() => {
    jest.spyOn(console, 'log').mockReturnValue();
    jest.spyOn(console, 'error').mockReturnValue();
  });
  afterEach(() => trail.refuse(undefined));
  afterAll(async () => {
    delete process.env['AWS_ENDPOINT_URL_CLOUDTRAIL'];
    await trail.stop();
  });

  /** What hand-overs start; the runs themselves are played here, with the real definitions and handlers. */
  async function machines(): Promise<Record<string, string>> {
    const { stateMachineArn = '' } = await new SFNClient(aws.client).send(
      new CreateStateMachineCommand({
        name: `sweep-${randomBytes(4).toString('hex')}`,
        roleArn: `arn:aws:iam::${ACCOUNT}:role/any`,
        definition: JSON.stringify({ StartAt: 'End', States: { End: { Type: 'Pass', End: true } } }),
      }),
    );
    return Object.fromEntries(DEPLOYED.map((id) => [id, stateMachineArn]));
  }

  const asUser = (name: string, more: JsonObject = {}): JsonObject => ({
    type: 'IAMUser',
    arn: `arn:aws:iam::${ACCOUNT}:user/${name}`,
    accountId: ACCOUNT,
    userName: name,
    ...more,
  });

  /** Somebody whose key leaked is contained by a plan; the incident has one alert about him. */
  async function contained(sweep: SweepMode | undefined) {
    const { target, name } = await makeUser(iam, ONE_KEY, 'mallory');
    const incidentId = await world.openIncident();
    const since = new Date(Date.now() - 60_000).toISOString();
    const told = trailRecord({
      eventName: 'CreateLoginProfile',
      userIdentity: asUser(name),
      requestParameters: { userName: 'told' },
    });
    const eventAt = new Date((await raiseAlert(world, incidentId, told)).time).toISOString();
    const containment = await world.hold(disableAccessKey, target, incidentId);
    const planned = { runbook: disableAccessKey.facts.id, mode: 'enforce', contains: 'actor' } as const;
    await changeIncident(world.table, incidentId, () => ({
      set: {
        firstEventAt: since,
        handOvers: {
          [`containment#${containment.id}`]: {
            kind: 'containment',
            state: 'started',
            since,
            attempt: 1,
            containment: { plan: 'leaked-key', planned, target, eventAt, ...(sweep && { sweep }) },
          },
        },
      },
      entries: [{ stage: 'triage', kind: 'note', text: 'planned', by: 'test' }],
    }));
    expect((await world.contain(disableAccessKey, containment)).end).toBe('succeeded');
    const does = (who: string, service: string, eventName: string, more: JsonObject): JsonObject => {
      const record = trailRecord({
        eventSource: `${service}.amazonaws.com`,
        eventName,
        userIdentity: asUser(who),
        readOnly: false,
        ...more,
      });
      trail.put(record);
      return record;
    };
    return { name, target, incidentId, containment, told, does };
  }

  /** What the rule takes from the event: the newest record that says that the containment, or this attempt, was read back. */
  async function readBack(id: string, attempt?: number) {
    const { incidentId } = await world.containment(id);
    const record = (await readTimeline(world.table, incidentId)).findLast(
      ({ kind, details }) =>
        kind === 'containment-verified' &&
        details?.['containmentId'] === id &&
        (attempt === undefined || details['attempt'] === attempt),
    );
    if (!record) throw new Error(`no record says that '${id}' was read back`);
    return { schemaVersion: 1, containmentId: id, incidentId, sequence: record.sequence };
  }

  async function sweepAfter(id: string, onState?: (name: string) => Promise<void>, limits: Partial<Limits> = {}) {
    return sweepFor(await readBack(id), onState, limits);
  }

  async function sweepFor(input: object, onState?: (name: string) => Promise<void>, limits: Partial<Limits> = {}) {
    const handlers = { sweep: sweepHandler({ ...LIMITS, pauseMs: 0, ...limits }) };
    const execution = `sweep-${randomUUID()}`;
    return runMachine(sweepMachine('sweep'), handlers, input, { execution, ...(onState && { onState }) });
  }
  const before = (seconds: number) => new Date(Date.now() - seconds * 1000).toISOString();

  async function findings(incidentId: string): Promise<Finding[]> {
    const records = (await readTimeline(world.table, incidentId)).filter(({ kind }) => kind === 'sweep-found');
    return records.flatMap(({ details }) => details?.['findings'] as unknown as Finding[]);
  }
  const lines = async (incidentId: string) =>
    (await findings(incidentId)).map(({ did, kind, id, call }) => `${did} ${kind} ${id} (${call})`).sort();
  const incident = async (id: string) => (await getIncident(world.table, id)) as Incident;
  const told = async (id: string, kind: string) =>
    (await readTimeline(world.table, id)).filter((record) => record.kind === kind).map(({ text }) => text);

  /** What triage's reconciler and the machine of the runbook do with what the sweep handed over. */
  async function carryOut(incidentId: string, runbook: Runbook, target: Target) {
    await startHandOvers(world.table, await incident(incidentId), new Date(), ['containment']);
    const containment = await world.containment(containmentId(runbook.facts.id, target));
    await world.contain(runbook, containment);
    return world.containment(containment.id);
  }

  test('GIVEN a plan that contains THEN exactly what it made is listed and contained, and what is protected is not', async () => {
    const { name, incidentId, containment, does } = await contained('contain');
    const backdoor = await makeUser(iam, ONE_KEY, 'backdoor');
    const guarded = await makeUser(iam, ONE_KEY, 'break-glass');
    const role = await makeRole(iam, OF_PEOPLE, 'swept');
    const key = 'AKIABACKDOORBACKDOOR';
    const created = (userName: string, accessKeyId: string): JsonObject => ({
      requestParameters: { userName },
      responseElements: { accessKey: { accessKeyId, userName, status: 'Active' } },
    });
    does(name, 'iam', 'CreateUser', {
      requestParameters: { userName: backdoor.name },
      responseElements: { user: { arn: backdoor.target.id, userName: backdoor.name } },
    });
    does(name, 'iam', 'CreateAccessKey', created(backdoor.name, key));
    does(name, 'iam', 'CreateAccessKey', created(guarded.name, 'AKIAGUARDEDGUARDED00'));
    does(name, 'iam', 'UpdateAssumeRolePolicy', { requestParameters: { roleName: role.name } });
    // By the key that it made, as the user that it made.
    const functionArn = `arn:aws:lambda:us-east-1:${ACCOUNT}:function:miner`;
    does(backdoor.name, 'lambda', 'CreateFunction20150331', {
      userIdentity: asUser(backdoor.name, { accessKeyId: key }),
      requestParameters: { functionName: 'miner' },
      responseElements: { functionArn },
    });
    // None of its doing, or nothing came of it.
    does(name, 'iam', 'CreateUser', { requestParameters: { userName: 'denied' }, errorCode: 'AccessDenied' });
    does(name, 'ec2', 'DescribeInstances', { readOnly: true });
    does('alice', 'iam', 'CreateRole', { responseElements: { role: { arn: `arn:aws:iam::${ACCOUNT}:role/alices` } } });
    const untouched = await readUserState(iam, guarded.name);

    const ran = await sweepAfter(containment.id);

    expect(ran.states.at(-1)).toBe('Swept');
    expect(await lines(incidentId)).toEqual(
      [
        `created access-key ${key} (iam:CreateAccessKey)`,
        'created access-key AKIAGUARDEDGUARDED00 (iam:CreateAccessKey)',
        `created function ${functionArn} (lambda:CreateFunction20150331)`,
        `created password arn:aws:iam::${ACCOUNT}:user/told (iam:CreateLoginProfile)`,
        `created user ${backdoor.target.id} (iam:CreateUser)`,
        `changed role arn:aws:iam::${ACCOUNT}:role/${role.name} (iam:UpdateAssumeRolePolicy)`,
      ].sort(),
    );
    const made = (await findings(incidentId)).find(({ kind }) => kind === 'function');
    expect(made).toMatchObject({
      by: `arn:aws:iam::${ACCOUNT}:user/${backdoor.name}`,
      seenIn: 'cloudtrail',
      runbook: 'quarantine-function',
    });
    const swept = Object.values((await incident(incidentId)).handOvers).flatMap((one) => one.containment ?? []);
    expect(
      swept
        .filter(({ planned }) => planned.contains === 'target')
        .map(({ target }) => target.id)
        .sort(),
    ).toEqual(
      [
        backdoor.target.id,
        `arn:aws:iam::${ACCOUNT}:user/${guarded.name}`,
        `arn:aws:iam::${ACCOUNT}:role/${role.name}`,
        functionArn,
      ].sort(),
    );

    expect((await told(incidentId, 'note')).filter((text) => text.includes('has it contained as well'))).toHaveLength(
      4,
    );

    expect((await carryOut(incidentId, disableAccessKey, backdoor.target)).status).toBe('held');
    expect(Object.values((await readUserState(iam, backdoor.name)).keys)).toEqual(['Inactive']);
    expect((await carryOut(incidentId, revokeRoleSessions, role.target)).status).toBe('held');
    expect(Object.keys(denials(await readRoleState(iam, role.name)))).not.toEqual([]);
    const refused = await carryOut(incidentId, disableAccessKey, guarded.target);
    expect(refused).toMatchObject({ status: 'refused' });
    expect(refused.reason).toMatch(/break-glass.* is protected by the guard rail/);
    expect(await readUserState(iam, guarded.name)).toEqual(untouched);
    // What was made is swept after by nobody: it was followed already.
    expect((await sweepAfter(containmentId('disable-access-key', backdoor.target))).states.at(-1)).toBe(
      'Nothing to sweep',
    );
  });

  test('GIVEN a person who contains the same by hand THEN the day before is listed, and no plan has it contained', async () => {
    const { name, incidentId, containment, does } = await contained('contain');
    const byHand = await world.openIncident();
    await changeIncident(world.table, byHand, () => ({
      set: { alertCount: 0 },
      entries: [{ stage: 'triage', kind: 'note', text: 'opened by hand', by: 'test' }],
    }));
    await world.addHold(containment.id, byHand);
    const made = (userName: string): JsonObject => ({
      responseElements: { user: { arn: `arn:aws:iam::${ACCOUNT}:user/${userName}` } },
    });
    does(name, 'iam', 'CreateUser', { ...made('by-right'), eventTime: before(6 * 3600) });
    does(name, 'iam', 'CreateUser', made('by-the-attacker'));

    expect((await sweepAfter(containment.id)).states.at(-1)).toBe('Swept');

    const names = ({ id }: { readonly id: string }) => id.slice(id.lastIndexOf('/') + 1);
    for (const id of [incidentId, byHand]) {
      expect((await findings(id)).filter(({ kind }) => kind === 'user').map(names)).toEqual([
        'by-right',
        'by-the-attacker',
      ]);
    }
    const swept = Object.values((await incident(incidentId)).handOvers).flatMap((one) => one.containment ?? []);
    expect(swept.filter(({ sweep }) => sweep === 'off').map(({ target }) => names(target))).toEqual([
      'by-the-attacker',
    ]);
    expect(Object.keys((await incident(byHand)).handOvers)).toEqual(['escalation']);
    // What is contained by nobody is for people to look at.
    expect(await told(incidentId, 'note')).toContainEqual(expect.stringMatching(/1 way\(s\) back.*user\/by-right/));
  });

  test('GIVEN no word in the plan THEN it is only listed, and people hear of the way back that no alert told of', async () => {
    const { name, incidentId, containment, does } = await contained(undefined);
    const arn = `arn:aws:iam::${ACCOUNT}:user/quiet`;

    const ran = await sweepAfter(containment.id, async (state) => {
      // CloudTrail shows it late.
      if (state === 'Look again, time 2') does(name, 'iam', 'CreateUser', { responseElements: { user: { arn } } });
      if (state === 'Wait for CloudTrail, 5 minutes') {
        expect(await lines(incidentId)).toEqual([
          `created password arn:aws:iam::${ACCOUNT}:user/told (iam:CreateLoginProfile)`,
        ]);
        expect((await incident(incidentId)).handOvers['escalation']).toBeUndefined();
      }
    });

    expect(ran.states.at(-1)).toBe('Swept');
    expect(await lines(incidentId)).toHaveLength(2);
    expect(Object.keys((await incident(incidentId)).handOvers).sort()).toEqual([
      `containment#${containment.id}`,
      'escalation',
    ]);
    expect((await incident(incidentId)).severity).toBe('SEV2');
    expect(await told(incidentId, 'sweep-ended')).toEqual([
      expect.stringMatching(/us-east-1 showed \d+ event\(s\).*2 created or changed/),
    ]);
    expect(
      (await told(incidentId, 'note')).filter((text) => text.includes('1 way(s) back in that no alert told of')),
    ).toHaveLength(2);
  });

  test('GIVEN CloudTrail that refuses THEN the containment stays, and people are told what to do by hand', async () => {
    const { name, incidentId, containment } = await contained('contain');
    trail.refuse('AccessDeniedException');

    const ran = await sweepAfter(containment.id);

    expect(ran.end).toBe('succeeded');
    expect((await world.containment(containment.id)).status).toBe('held');
    expect(await told(incidentId, 'sweep-failed')).toEqual([
      expect.stringMatching(
        new RegExp(
          `not complete: AccessDeniedException.*aws cloudtrail lookup-events --region us-east-1 .*AttributeValue=${name}`,
        ),
      ),
    ]);
    expect(await told(incidentId, 'sweep-ended')).toEqual([]);
    expect((await incident(incidentId)).handOvers['escalation']?.state).toBe('pending');
  });

  test('GIVEN an actor who hides in a flood of calls THEN people are told that not everything was seen', async () => {
    const { name, incidentId, containment, does } = await contained('list');
    does(name, 'iam', 'CreateUser', {
      eventTime: before(50),
      responseElements: { user: { arn: 'arn:aws:iam::000000000000:user/hidden' } },
    });
    for (let index = 0; index < 120; index++) does(name, 'ec2', 'DescribeInstances', { readOnly: true });

    await sweepAfter(containment.id, undefined, { pagesOfATrail: 2 });

    expect(await lines(incidentId)).not.toContainEqual(expect.stringContaining('user/hidden'));
    expect(await told(incidentId, 'sweep-failed')).toEqual([
      expect.stringMatching(/only the newest 100 events were looked at.*Do it by hand/),
    ]);
    expect((await incident(incidentId)).handOvers['escalation']?.state).toBe('pending');

    const other = await contained('list');
    for (let index = 0; index < 5; index++) {
      const accessKeyId = `AKIAMANYKEYSMANYKEY${index}`;
      other.does(other.name, 'iam', 'CreateAccessKey', {
        responseElements: { accessKey: { accessKeyId, userName: 'many' } },
      });
    }
    await sweepAfter(other.containment.id, undefined, { trails: 3 });
    expect(await told(other.incidentId, 'sweep-failed')).toEqual([
      expect.stringMatching(/a sweep follows 3 names, keys and sessions \(and 2 more/),
    ]);
    expect(await lines(other.incidentId)).toHaveLength(6);
  });

  test('GIVEN more than one incident can list THEN 300 are, each once, and people are told of the rest', async () => {
    const { name, incidentId, containment, does } = await contained('list');
    for (let index = 0; index < 310; index++)
      does(name, 's3', 'CreateBucket', { requestParameters: { bucketName: `bucket-${index}` } });

    await sweepAfter(containment.id);

    const listed = await lines(incidentId);
    expect([listed.length, new Set(listed).size]).toEqual([300, 300]);
    expect(await told(incidentId, 'sweep-failed')).toEqual([
      expect.stringMatching(/11 further thing\(s\) were found and are not listed/),
    ]);
  });

  test('GIVEN that nothing more is listed WHEN what waits to be contained is changed again THEN it waits as what it is by then', async () => {
    const { name, incidentId, containment, does } = await contained('contain');
    const role = await makeRole(iam, OF_PEOPLE, 'waiting');
    const change = () => does(name, 'iam', 'UpdateAssumeRolePolicy', { requestParameters: { roleName: role.name } });
    change();
    let latest = '';

    await sweepAfter(containment.id, async (state) => {
      if (state !== 'Look again, time 3') return;
      const full = Array.from({ length: 300 }, (_, index) => `listed-${index}`);
      await changeIncident(world.table, incidentId, ({ swept = [] }) => ({
        set: { swept: [...swept, ...full].slice(0, 300) },
        entries: [{ stage: 'contain', kind: 'note', text: 'full', by: 'test' }],
      }));
      latest = change()['eventTime'] as string;
    });

    const key = `containment#${containmentId('revoke-role-sessions', role.target)}`;
    const waiting = (await incident(incidentId)).handOvers[key];
    expect([waiting?.state, waiting?.attempt]).toEqual(['pending', 2]);
    expect(Date.parse(waiting?.containment?.eventAt ?? '')).toBe(Date.parse(latest));
    expect(await told(incidentId, 'note')).toContainEqual(
      expect.stringMatching(/goes on while .*waits to be contained: role .*waiting/),
    );
  });

  test('GIVEN a role WHEN it was contained THEN what its sessions made is listed, whoever began them', async () => {
    const role = await makeRole(iam, OF_PEOPLE, 'actor');
    const incidentId = await world.openIncident();
    const containment = await world.hold(revokeRoleSessions, role.target, incidentId);
    expect((await world.contain(revokeRoleSessions, containment)).end).toBe('succeeded');
    trail.put(
      trailRecord({
        eventSource: 'sts.amazonaws.com',
        eventName: 'AssumeRole',
        readOnly: true,
        userIdentity: asUser('alice'),
        requestParameters: { roleArn: role.target.id, roleSessionName: 'night-shift' },
        responseElements: { credentials: { accessKeyId: 'ASIANIGHTSHIFTNIGHT0' } },
      }),
    );
    const identity = roleSession(role.target.id, 'night-shift');
    trail.put(
      trailRecord({
        eventName: 'CreateRole',
        userIdentity: identity,
        responseElements: { role: { arn: `arn:aws:iam::${ACCOUNT}:role/made` } },
      }),
    );

    await sweepAfter(containment.id);

    expect(await lines(incidentId)).toEqual([`created role arn:aws:iam::${ACCOUNT}:role/made (iam:CreateRole)`]);
    expect(await told(incidentId, 'sweep-ended')).toHaveLength(1);
  });

  test('GIVEN an error in every look THEN that is said, people are told, and the containment stays', async () => {
    const { incidentId, containment } = await contained('list');
    const failing = sweepHandler({ ...LIMITS, pauseMs: 0 });
    const handlers = {
      sweep: async (payload: unknown) =>
        (payload as { op: string }).op === 'look' ? Promise.reject(new Error('out of memory')) : failing(payload),
    };

    const ran = await runMachine(sweepMachine('sweep'), handlers, await readBack(containment.id), {
      execution: 'sweep-x',
    });

    expect(ran.states.at(-1)).toBe('Not swept');
    expect(await told(incidentId, 'sweep-failed')).toEqual([
      expect.stringMatching(/ended with an error.*aws cloudtrail lookup-events/),
    ]);
    expect((await incident(incidentId)).handOvers['escalation']?.state).toBe('pending');
    expect((await world.containment(containment.id)).status).toBe('held');
  });

  describe('GIVEN a newer attempt while the sweep waits', () => {
    const newAttempt = async (id: string, status: 'awaiting-approval' | 'not-approved' | 'refused') =>
      changeContainment(world.table, id, (now) => now && { ...now, attempt: now.attempt + 1, status });
    /** It is read back in turn, and the event of that is on its way. */
    const verified = async (id: string) => {
      const after = await changeContainment(world.table, id, (now) => now && { ...now, status: 'held' });
      if (!after) throw new Error(`containment '${id}' does not exist`);
      const entry = containEntry(after, 'containment-verified', 'read back', 'test');
      await changeIncident(world.table, after.incidentId, () => ({ entries: [entry] }));
    };
    const late = (index: number): JsonObject => ({
      responseElements: { user: { arn: `arn:aws:iam::${ACCOUNT}:user/late-${index}` } },
    });

    test.each(['awaiting-approval', 'not-approved', 'refused'] as const)(
      'WHEN it is %s, and has no sweep, THEN the sweep goes on to its end',
      async (status) => {
        const { name, incidentId, containment, does } = await contained('list');
        await sweepAfter(containment.id, async (state) => {
          if (state !== 'Look again, time 2') return;
          await newAttempt(containment.id, status);
          does(name, 'iam', 'CreateUser', late(1));
        });
        expect(await lines(incidentId)).toContainEqual(expect.stringContaining('user/late-1'));
        expect(await told(incidentId, 'sweep-ended')).toHaveLength(1);
        // The newer attempt's own sweep, once it is verified, is another one, and says so.
        await verified(containment.id);
        await sweepAfter(containment.id);
        expect(await told(incidentId, 'sweep-ended')).toHaveLength(2);
      },
    );

    test('WHEN it has a sweep of its own THEN the older one says that it was not finished, and which one goes on', async () => {
      const { incidentId, containment } = await contained('list');
      await sweepAfter(containment.id, async (state) => {
        if (state !== 'Look again, time 2') return;
        await newAttempt(containment.id, 'refused');
        await verified(containment.id);
        await sweepAfter(containment.id);
      });
      expect(await told(incidentId, 'note')).toContainEqual(
        expect.stringMatching(/attempt 1\) was not finished: the sweep after attempt 2 goes on with it/),
      );
      expect(await told(incidentId, 'sweep-ended')).toHaveLength(1);
    });

    test('WHEN the older one begins only then THEN it sweeps after its own attempt, and the newer one has its sweep', async () => {
      const { incidentId, containment } = await contained('list');
      const older = await readBack(containment.id);
      await newAttempt(containment.id, 'awaiting-approval');

      expect((await sweepFor(older)).states.at(-1)).toBe('Swept');
      await verified(containment.id);
      expect((await sweepAfter(containment.id)).states.at(-1)).toBe('Swept');

      const started = (await readTimeline(world.table, incidentId)).filter(({ kind }) => kind === 'sweep-started');
      expect(started.map(({ details }) => details?.['attempt'])).toEqual([1, 2]);
      expect(await told(incidentId, 'sweep-ended')).toHaveLength(2);
    });

    test('WHEN that was swept after already THEN the older one, late, has nothing to do', async () => {
      const { incidentId, containment } = await contained('list');
      const older = await readBack(containment.id);
      await newAttempt(containment.id, 'awaiting-approval');
      await verified(containment.id);
      await sweepAfter(containment.id);
      const { length } = await readTimeline(world.table, incidentId);

      expect((await sweepFor(older)).states.at(-1)).toBe('Nothing to sweep');
      expect(await readTimeline(world.table, incidentId)).toHaveLength(length);
    });

    test('WHEN the rule of an older version started it, and named no record, THEN it sweeps after the newest', async () => {
      const { incidentId, containment } = await contained('list');
      await newAttempt(containment.id, 'awaiting-approval');
      await verified(containment.id);

      await sweepFor({ schemaVersion: 1, containmentId: containment.id });

      const started = (await readTimeline(world.table, incidentId)).filter(({ kind }) => kind === 'sweep-started');
      expect(started.map(({ details }) => details?.['attempt'])).toEqual([2]);
    });

    test('WHEN it was released in between THEN the sweep stops, and says so once', async () => {
      const { incidentId, containment } = await contained('list');
      await sweepAfter(containment.id, async (state) => {
        if (state === 'Look again, time 2') await world.release(disableAccessKey, containment, incidentId);
      });
      expect((await told(incidentId, 'note')).filter((text) => text.includes('was not finished'))).toEqual([
        expect.stringMatching(/the containment was given back/),
      ]);
      expect(await told(incidentId, 'sweep-ended')).toEqual([]);
    });
  });

  test('GIVEN an incident that is merged while the last look waits for CloudTrail THEN the other one lists what it shows', async () => {
    const { name, incidentId, containment, does } = await contained('list');
    const older = await world.openIncident();
    const merge = async (): Promise<void> => {
      const [into, from] = [await incident(older), await incident(incidentId)];
      await changeIncident(world.table, older, (now) => takeIn(now, from, new Date()));
      await changeIncident(world.table, incidentId, (now) => giveUp(now, into));
    };
    await sweepAfter(containment.id, (state) => {
      if (state === 'Look again, time 3') {
        does(name, 'iam', 'CreateUser', { requestParameters: { userName: 'late' } });
        trail.meanwhile(merge);
      }
      return Promise.resolve();
    });

    expect((await incident(incidentId)).status).toBe('merged');
    expect(await lines(older)).toContainEqual(expect.stringMatching(/created user .*user\/late \(iam:CreateUser\)/));
    expect(await told(older, 'sweep-ended')).toHaveLength(1);
    expect(await told(incidentId, 'sweep-ended')).toEqual([]);
  });

  test('GIVEN an event about a record that says something else THEN nobody sweeps, and people are told', async () => {
    const { incidentId, containment } = await contained('list');
    const input = await readBack(containment.id);
    for (const sequence of [1, 99_999]) {
      expect((await sweepFor({ ...input, sequence })).states.at(-1)).toBe('Not swept');
    }
    expect(await world.kinds(incidentId)).not.toContain('sweep-started');
    expect(await told(incidentId, 'sweep-failed')).toEqual([
      expect.stringMatching(/ended with an error.*Do it by hand/),
    ]);
  });

  test('GIVEN the event twice, a plan that says off, or an actor that was released THEN nobody sweeps', async () => {
    const { incidentId, containment } = await contained('list');
    expect((await sweepAfter(containment.id)).states.at(-1)).toBe('Swept');
    const length = (await readTimeline(world.table, incidentId)).length;
    expect((await sweepAfter(containment.id)).states.at(-1)).toBe('Nothing to sweep');
    expect((await readTimeline(world.table, incidentId)).length).toBe(length);

    const off = await contained('off');
    expect((await sweepAfter(off.containment.id)).states.at(-1)).toBe('Nothing to sweep');
    expect(await world.kinds(off.incidentId)).not.toContain('sweep-started');

    const released = await contained('list');
    await world.release(disableAccessKey, released.containment, released.incidentId);
    expect((await sweepAfter(released.containment.id)).states.at(-1)).toBe('Nothing to sweep');
  });
});
