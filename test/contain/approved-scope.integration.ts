import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { CreatePolicyCommand, IAMClient } from '@aws-sdk/client-iam';
import { handOverKey } from '../../lambdas/shared/hand-over/begin-hand-overs';
import { changeIncident } from '../../lambdas/shared/store/incidents';
import { readTimeline } from '../../lambdas/shared/store/timelines';
import { containmentId } from '../../lib/model/ids';
import type { Target } from '../../lib/model/plan';
import { QUARANTINE_DOCUMENT } from '../../lib/model/quarantine';
import { runbook } from '../../runbooks/revoke-role-sessions/actions';
import { cases, type RoleCase } from '../../runbooks/revoke-role-sessions/cases';
import { embeddedAws } from '../embedded/aws';
import { IamShim } from '../runbooks/iam-shim';
import { raiseAlert, roleSession, trailRecord } from '../runbooks/raise-alert';
import { denials, makeRole, readRoleState } from '../runbooks/role';
import { quickPatience } from '../support/quick-patience';
import { Asking, type Case } from './asking';
import { World } from './world';

jest.setTimeout(60_000);

const INSTANCE = 'i-0fedcba9876543210';
const ANOTHER = 'i-00000000000000001';
const SPARED = [`credentials of ${INSTANCE}`];
const EVERYBODY = ['FirebreakInstances', 'FirebreakOldSessions', 'FirebreakNewSessions'];

describe('how far an approved containment reaches, on the embedded AWS', () => {
  const aws = embeddedAws();
  quickPatience();
  let iam: IAMClient;
  let shim: IamShim;
  let world: World;
  let asking: Asking;

  beforeAll(async () => {
    shim = await IamShim.start(aws.endpoint);
    process.env['AWS_ENDPOINT_URL_IAM'] = shim.endpoint;
    iam = new IAMClient({ ...aws.client, endpoint: shim.endpoint });
    const { Policy } = await iam.send(
      new CreatePolicyCommand({
        PolicyName: `quarantine-approved-${process.pid}`,
        PolicyDocument: JSON.stringify(QUARANTINE_DOCUMENT),
      }),
    );
    world = await World.create(aws, Policy?.Arn ?? '');
    await Asking.machines(world, iam, runbook);
    asking = new Asking(world, iam, runbook);
  });
  beforeEach(() => {
    jest.spyOn(console, 'log').mockReturnValue();
    jest.spyOn(console, 'error').mockReturnValue();
    jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  });
  afterAll(() => shim.stop());

  /** An alert about a session of the role: of an instance, by AWS's own word, or of somebody else. */
  const alertOf = (about: Case, session: string) =>
    raiseAlert(
      world,
      about.incidentId,
      trailRecord({
        userIdentity: roleSession(about.target.id, session, session.startsWith('i-') ? { ec2RoleDelivery: '2.0' } : {}),
      }),
    );
  const denied = async ({ name }: Case) => Object.keys(denials(await readRoleState(iam, name)));
  const shown = async (about: Case) =>
    (await asking.question(about)).plan.steps.flatMap(({ changes }) => changes.map(({ to }) => to)).join();

  /** Credentials of one instance were stolen, and people are asked. */
  async function asked(): Promise<Case> {
    const { target, name } = await makeRole(iam, cases[1] as RoleCase);
    const incidentId = await asking.wants(target);
    const about: Case = { target, name, incidentId, id: containmentId(runbook.facts.id, target) };
    await alertOf(about, INSTANCE);
    await asking.run(about);
    expect(await shown(about)).toContain(SPARED[0]);
    return about;
  }

  async function held(): Promise<Case> {
    const about = await asked();
    await asking.decide(about);
    expect((await asking.run(about)).end).toBe('succeeded');
    expect(await denied(about)).toEqual(['FirebreakInstances']);
    return about;
  }

  /** As triage does with an alert that comes later. */
  async function again({
    target,
    incidentId,
  }: {
    readonly target: Target;
    readonly incidentId: string;
  }): Promise<void> {
    const at = new Date(Date.now() + 1000).toISOString();
    const key = handOverKey({ planned: { runbook: runbook.facts.id, mode: 'approve', contains: 'actor' }, target });
    await changeIncident(world.table, incidentId, (now) => {
      const handOver = now.handOvers[key];
      if (!handOver?.containment) throw new Error('not handed over');
      const containment = { ...handOver.containment, eventAt: at };
      const anew = { ...handOver, state: 'pending' as const, since: at, attempt: handOver.attempt + 1, containment };
      return {
        set: { handOvers: { ...now.handOvers, [key]: anew } },
        entries: [{ stage: 'triage', kind: 'note', text: 'the attack goes on', by: 'test' }],
      };
    });
  }

  test('a later attempt asks about what it would do now, and not about what an earlier one was told', async () => {
    const about = await held();
    await alertOf(about, 'mallory');
    await again(about);

    const ran = await asking.run(about);

    expect(ran.states.at(-1)).toBe('Waits for approval');
    expect(await denied(about)).toEqual(['FirebreakInstances']);
    const plan = await shown(about);
    expect(plan).toContain(`sessions issued until now, and later ones but those of instances and functions`);
    expect(plan).toContain(`and to credentials of ${INSTANCE}`);
    expect(plan).not.toContain('spared');

    await asking.decide(about);
    expect((await asking.run(about)).end).toBe('succeeded');
    expect(await denied(about)).toEqual(EVERYBODY);
    // Its release still gives back what was there before the first of them.
    await world.release(runbook, await asking.containment(about.id), about.incidentId);
    expect(await denied(about)).toEqual([]);
  });

  test.each([
    ['another instance', ANOTHER],
    ['somebody else', 'mallory'],
  ])(
    'an alert about %s during the watch is asked about, and nobody is said to have undone anything',
    async (_, who) => {
      const about = await asked();
      await asking.decide(about);
      await asking.handOver(about.incidentId);

      const ran = await world.contain(runbook, await asking.containment(about.id), {
        onState: async (name) => {
          if (name === 'Look again after 15 seconds') await alertOf(about, who);
        },
      });

      expect(ran.end).toBe('failed');
      expect(ran.states).not.toContain('Tell people that it was undone');
      // What people approved stays, and no more than that.
      expect(JSON.stringify(denials(await readRoleState(iam, about.name)))).not.toContain(ANOTHER);
      expect(await denied(about)).toEqual(['FirebreakInstances']);
      const { status, reason } = await asking.containment(about.id);
      expect([status, reason]).toEqual([
        'failed',
        expect.stringContaining('more is wanted by now than people approved'),
      ]);
      const incident = await asking.incident(about.incidentId);
      expect(incident.severity).toBe('SEV1');
      expect(incident.handOvers[`containment#${about.id}`]).toMatchObject({ state: 'pending' });

      const next = await asking.run(about);
      expect(next.states.at(-1)).toBe('Waits for approval');
      expect(await shown(about)).toContain(who === ANOTHER ? ANOTHER : 'sessions issued until now');
      await asking.decide(about);
      expect((await asking.run(about)).end).toBe('succeeded');
      expect(await denied(about)).toEqual(who === ANOTHER ? ['FirebreakInstances'] : EVERYBODY);
    },
  );

  test('an alert between the last look at the plan and the change is asked about before anything is changed', async () => {
    const about = await asked();
    await asking.decide(about);
    await asking.handOver(about.incidentId);

    const ran = await world.contain(runbook, await asking.containment(about.id), {
      onState: async (name) => {
        if (name === 'Deny the sessions of the role') await alertOf(about, 'mallory');
      },
    });

    expect(ran.end).toBe('failed');
    expect(await denied(about)).toEqual([]);
    expect((await asking.run(about)).states.at(-1)).toBe('Waits for approval');
    const texts = (await readTimeline(world.table, about.incidentId)).map(({ text }) => text);
    expect(texts.filter((text) => text.startsWith('Its containment is handed over again'))).toHaveLength(1);
  });
});
