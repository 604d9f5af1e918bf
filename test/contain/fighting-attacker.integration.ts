import { afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import {
  CreateAccessKeyCommand,
  CreatePolicyCommand,
  DeleteUserPolicyCommand,
  DetachUserPolicyCommand,
  IAMClient,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { FightingAttacker, type Move } from '../../drills/fighting-attacker/attacker';
import { MAX_TIMES_MADE_AGAIN } from '../../lib/model/containment';
import { getIncident } from '../../lambdas/shared/store/incidents';
import { readTimeline } from '../../lambdas/shared/store/timelines';
import { QUARANTINE_DOCUMENT, QUARANTINE_POLICY_NAME } from '../../lib/model/quarantine';
import { OrganizationGuardStack } from '../../lib/organization/organization-guard';
import { runbook } from '../../runbooks/disable-access-key/actions';
import { cases, type UserCase } from '../../runbooks/disable-access-key/cases';
import { embeddedAws } from '../embedded/aws';
import { makeUser, readUserState } from '../runbooks/user';
import { LivePolicies } from '../support/live-policies';
import { World } from './world';

jest.setTimeout(300_000);

const ONE_KEY = cases[0] as UserCase;
const ADMINISTRATOR = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
});
/** As the stack for the management account makes it, for a Firebreak called as the quarantine policy of this test is. */
const STACK = 'FightTest';

/** The service control policy as CloudFormation gets it from the stack for the management account. */
function synthesised(): unknown {
  const guard = { targetIds: ['111122223333'], firebreakStackName: STACK };
  const template = Template.fromStack(new OrganizationGuardStack(new App(), 'Guard', { guard }));
  const [policy] = Object.values(template.findResources('AWS::Organizations::Policy'));
  return (policy as { readonly Properties: { readonly Content: unknown } }).Properties.Content;
}

describe('an attacker who fights back', () => {
  const aws = embeddedAws();
  const iam = new IAMClient(aws.client);
  const live = new LivePolicies(aws.client);
  let world: World;
  let quarantineArn: string;
  let attacker: FightingAttacker | undefined;

  beforeAll(async () => {
    const { Policy } = await iam.send(
      new CreatePolicyCommand({
        PolicyName: `${STACK}-Quarantine-${Date.now()}`,
        PolicyDocument: JSON.stringify(QUARANTINE_DOCUMENT),
      }),
    );
    quarantineArn = Policy?.Arn ?? '';
    world = await World.create(aws, quarantineArn);
  });
  beforeEach(() => {
    jest.spyOn(console, 'log').mockReturnValue();
    jest.spyOn(console, 'error').mockReturnValue();
  });
  afterEach(() => attacker?.stop());

  async function start() {
    const { target, name } = await makeUser(iam, ONE_KEY, 'fighter');
    await iam.send(
      new PutUserPolicyCommand({ UserName: name, PolicyName: 'administrator', PolicyDocument: ADMINISTRATOR }),
    );
    const incidentId = await world.openIncident();
    const containment = await world.hold(runbook, target, incidentId);
    return { target, name, incidentId, containment };
  }

  async function takeAway(UserName: string): Promise<void> {
    await iam.send(new DeleteUserPolicyCommand({ UserName, PolicyName: QUARANTINE_POLICY_NAME }));
    await iam.send(new DetachUserPolicyCommand({ UserName, PolicyArn: quarantineArn }));
  }

  const undoneOf = async (incidentId: string) =>
    (await readTimeline(world.table, incidentId)).filter(({ kind }) => kind === 'containment-undone');

  test('who undoes it once: it is made again and held, people are told at once, and the word says so', async () => {
    const { name, incidentId, containment } = await start();
    let severityWhenUndone: string | undefined;
    let once = true;

    const ran = await world.contain(runbook, containment, {
      twice: true,
      onState: async (state) => {
        if (state === 'Deny everything' && !once)
          severityWhenUndone = (await getIncident(world.table, incidentId))?.severity;
        if (state !== 'Look again after 15 seconds' || !once) return;
        once = false;
        await takeAway(name);
        await iam.send(new CreateAccessKeyCommand({ UserName: name }));
      },
    });

    expect(ran.end).toBe('succeeded');
    expect(await world.containment(containment.id)).toMatchObject({ status: 'held', timesUndone: 1 });
    const state = await readUserState(iam, name);
    expect(state.inline).toEqual(QUARANTINE_DOCUMENT);
    expect(Object.values(state.keys)).toEqual(['Inactive', 'Inactive']);
    expect(severityWhenUndone).toBe('SEV1');
    const undone = await undoneOf(incidentId);
    expect(undone.map(({ text }) => text)).toEqual([
      expect.stringMatching(/^Undone once.*still active: AKIA\w+.*neither an inline policy.*not proven contained$/),
    ]);
    const held = (await readTimeline(world.table, incidentId)).find(({ kind }) => kind === 'containment-held');
    expect(held?.text).toMatch(/but it was undone once before/);
    expect((await world.kinds(incidentId)).filter((kind) => kind === 'containment-verified')).toHaveLength(2);
    // Taken back as ever: one undo record, the true one.
    await world.release(runbook, containment, incidentId);
    expect(await readUserState(iam, name)).toMatchObject({ inline: null, attached: [], boundary: null });
  });

  test('killed anywhere while it makes again what was undone, it ends contained by the next attempt', async () => {
    for (const tasks of [15, 16, 17, 18, 24]) {
      const { target, name, incidentId, containment } = await start();
      let once = true;
      const killed = await world.contain(runbook, containment, {
        tasks,
        onState: async (state) => {
          if (state !== 'Look again after 60 seconds' || !once) return;
          once = false;
          await takeAway(name);
        },
      });
      expect(killed.end).toBe('killed');

      const ran = await world.contain(runbook, await world.hold(runbook, target, incidentId));

      expect(ran.end).toBe('succeeded');
      expect((await readUserState(iam, name)).inline).toEqual(QUARANTINE_DOCUMENT);
      expect((await undoneOf(incidentId)).length).toBeLessThanOrEqual(1);
    }
  });

  test('without an organisation: every re-creation is found, made again, SEV1, and it is not proven contained', async () => {
    const { target, name, incidentId, containment } = await start();
    attacker = new FightingAttacker({ iam, user: target.id });
    attacker.start();

    const ran = await world.contain(runbook, containment);
    await attacker.stop();

    expect(ran.end).toBe('failed');
    expect(attacker.done.length).toBeGreaterThan(MAX_TIMES_MADE_AGAIN);
    const after = await world.containment(containment.id);
    expect(after).toMatchObject({ status: 'failed', timesUndone: MAX_TIMES_MADE_AGAIN + 1 });
    expect(after.reason).toMatch(/is not proven contained, and was undone 4 times/);
    expect(await undoneOf(incidentId)).toHaveLength(MAX_TIMES_MADE_AGAIN + 1);
    expect(ran.states.filter((state) => state === 'Deny everything')).toHaveLength(1 + MAX_TIMES_MADE_AGAIN);
    expect(await getIncident(world.table, incidentId)).toMatchObject({
      severity: 'SEV1',
      handOvers: { escalation: { kind: 'escalation' } },
    });
    expect((await world.kinds(incidentId)).at(-1)).not.toBe('containment-held');
    expect(Object.values((await readUserState(iam, name)).keys)).toContain('Active');
  });

  describe('with the guard of the organisation, asked about the live policies', () => {
    const scp = synthesised();

    /** He fights with these users' rights, as IAM would judge them at the moment of each call. */
    function fight(user: string, ...rights: readonly string[]): FightingAttacker {
      const allows = async ({ call: action, resource, context = {} }: Move) => {
        for (const right of rights) {
          if ((await live.verdict({ user: right }, { action, resource, context }, scp)) === 'allowed') return true;
        }
        return false;
      };
      attacker = new FightingAttacker({ iam, user, allows });
      attacker.start();
      return attacker;
    }

    test("with the victim's rights he is denied whatever he tries, and it holds", async () => {
      const { target, name, containment } = await start();
      const he = fight(target.id, name);

      const ran = await world.contain(runbook, containment);
      await he.stop();

      expect(ran.end).toBe('succeeded');
      expect((await world.containment(containment.id)).status).toBe('held');
      expect(he.denied).toEqual(
        expect.arrayContaining(['iam:DeleteUserPolicy', 'iam:DetachUserPolicy', 'iam:UpdateAccessKey']),
      );
      expect(he.done).not.toContain('iam:DetachUserPolicy');
      expect(await readUserState(iam, name)).toMatchObject({ inline: QUARANTINE_DOCUMENT, attached: [quarantineArn] });
    });

    test('even an administrator whom nobody contained cannot lift the quarantine; what else he does is said', async () => {
      const { target, name, incidentId, containment } = await start();
      const accomplice = await start();
      const he = fight(target.id, accomplice.name);

      const ran = await world.contain(runbook, containment);
      await he.stop();

      expect(he.denied).toContain('iam:DetachUserPolicy');
      expect(he.done).not.toContain('iam:DetachUserPolicy');
      expect((await readUserState(iam, name)).attached).toEqual([quarantineArn]);
      const anything = { action: 'iam:CreateUser', resource: target.id };
      expect(await live.verdict({ user: name }, anything, scp)).toBe('denied');
      // He makes keys active again and again, which open nothing: that is no proven containment all the same.
      expect(ran.end).toBe('failed');
      expect(await undoneOf(incidentId)).toHaveLength(MAX_TIMES_MADE_AGAIN + 1);
    });
  });
});
