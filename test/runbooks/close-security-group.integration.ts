import { afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import {
  AuthorizeSecurityGroupIngressCommand,
  EC2Client,
  RevokeSecurityGroupIngressCommand,
  type IpPermission,
} from '@aws-sdk/client-ec2';
import { readTimeline } from '../../lambdas/shared/store/timelines';
import type { Target } from '../../lib/model/plan';
import { runbook } from '../../runbooks/close-security-group/actions';
import { cases, type SecurityGroupCase } from '../../runbooks/close-security-group/cases';
import { World } from '../contain/world';
import { embeddedAws } from '../embedded/aws';
import { quickPatience } from '../support/quick-patience';
import { authorize, makeGroup, readRules, targetOf } from './security-group';

jest.setTimeout(60_000);

const SSH = cases[0] as SecurityGroupCase;
const OPEN_SSH: IpPermission = { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] };

describe('close-security-group on the embedded AWS', () => {
  const aws = embeddedAws();
  quickPatience();
  const ec2 = new EC2Client(aws.client);
  let world: World;

  beforeAll(async () => {
    world = await World.create(aws, 'arn:aws:iam::000000000000:policy/unused');
  });
  beforeEach(() => {
    jest.spyOn(console, 'log').mockReturnValue();
    jest.spyOn(console, 'error').mockReturnValue();
  });
  afterEach(() => world.setBrake('released'));

  async function start(shape: SecurityGroupCase = SSH) {
    const id = await makeGroup(ec2, shape);
    const before = await readRules(ec2, id);
    const incidentId = await world.openIncident();
    const containment = await world.hold(runbook, targetOf(id), incidentId);
    return { id, before, incidentId, containment };
  }

  test.each(cases)('closes a group and gives every rule back: $name', async (shape) => {
    const { id, before, incidentId, containment } = await start(shape);

    const ran = await world.contain(runbook, containment);

    expect(await world.failures(incidentId)).toEqual([]);
    expect(ran.end).toBe('succeeded');
    const left = await readRules(ec2, id);
    expect(left).toHaveLength(shape.rules.length - shape.revoked.length);
    expect(before).toEqual(expect.arrayContaining(left));

    const released = await world.release(runbook, containment, incidentId);

    expect(released.states.at(-1)).toBe('Released');
    expect(await readRules(ec2, id)).toEqual(before);
  });

  test('leaves a web port that CloudTrail knows nothing about, and says so', async () => {
    const { incidentId, containment } = await start(cases[1]);

    await world.contain(runbook, containment);

    const texts = (await readTimeline(world.table, incidentId)).map(({ text }) => text).join('\n');
    expect(texts).toMatch(/2 rule\(s\) .* are gone; left as they are: .*tcp 443 from 0\.0\.0\.0\/0 \(a web port/);
    expect(texts).toContain('connections that are already tracked live on');
  });

  test('notices when the group is opened again, and closes it when it is run again', async () => {
    const { id, incidentId, containment } = await start();

    const ran = await world.contain(runbook, containment, {
      onState: async (state) => {
        if (state !== 'Look again after 15 seconds') return;
        await authorize(ec2, id, { protocol: 'tcp', from: 443, to: 443, source: '0.0.0.0/0' });
      },
    });

    expect(ran.end).toBe('failed');
    expect(await world.kinds(incidentId)).toContain('containment-not-held');
    const again = await world.hold(runbook, containment.target, incidentId);
    expect((await world.contain(runbook, again)).end).toBe('succeeded');
    expect(await readRules(ec2, id)).toHaveLength(1);
  });

  test('killed before any task and run again, and each operation twice, it ends the same', async () => {
    for (const tasks of [3, 4, 5, 6]) {
      const { id, before, incidentId, containment } = await start();
      expect((await world.contain(runbook, containment, { tasks })).end).toBe('killed');
      const again = await world.hold(runbook, containment.target, incidentId);
      expect((await world.contain(runbook, again, { twice: true })).end).toBe('succeeded');
      expect(await readRules(ec2, id)).toHaveLength(1);
      await world.release(runbook, containment, incidentId, { twice: true });
      expect(await readRules(ec2, id)).toEqual(before);
    }
  });

  test('refuses to release where somebody opened it meanwhile; forced, it leaves what is not its own', async () => {
    const { id, before, incidentId, containment } = await start();
    await world.contain(runbook, containment);
    await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId: id, IpPermissions: [OPEN_SSH] }));

    expect((await world.release(runbook, containment, incidentId)).states.at(-1)).toBe('Release refused');
    const forced = await world.release(runbook, containment, incidentId, { force: true });

    expect(forced.states.at(-1)).toBe('Released');
    const after = await readRules(ec2, id);
    expect(after).toHaveLength(before.length);
    expect(after.join('\n')).not.toContain('temporary');
    const released = (await readTimeline(world.table, incidentId)).find(({ kind }) => kind === 'containment-released');
    expect(JSON.stringify(released?.details?.['tasks'])).toContain('made by somebody else');
  });

  test('a rule that is gone before it is revoked does not keep the others open', async () => {
    const { id, containment } = await start();

    await world.contain(runbook, containment, {
      onState: async (state) => {
        if (state !== 'Revoke the rules that are open to the world') return;
        await ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId: id, IpPermissions: [{ ...OPEN_SSH }] }));
      },
    });

    expect(await readRules(ec2, id)).toHaveLength(1);
  });

  test('observe changes nothing, and the plan names each rule with the reason', async () => {
    const id = await makeGroup(ec2, SSH);
    const before = await readRules(ec2, id);
    const incidentId = await world.openIncident();
    const containment = await world.hold(runbook, targetOf(id), incidentId, 'observe');
    const after = await aws.proxy.last();

    await world.contain(runbook, containment);

    expect(await readRules(ec2, id)).toEqual(before);
    expect(await aws.proxy.calls({ after, service: 'ec2', mutating: true })).toEqual([]);
    const planned = (await readTimeline(world.table, incidentId)).find(({ kind }) => kind === 'containment-planned');
    expect(planned?.text).toMatch(/^Would make 2 change\(s\)/);
    expect(JSON.stringify(planned?.details?.['changes'])).toMatch(
      /RevokeSecurityGroupIngress sgr-\w+: tcp 22 from 0\.0\.0\.0\/0: CloudTrail does not say since when/,
    );
  });

  test.each<[string, Partial<Target>, RegExp]>([
    [
      'does not exist',
      { id: 'sg-0123456789abcdef0' },
      /security group 'sg-0123456789abcdef0' does not exist in us-east-1/,
    ],
    ['is in another Region', { id: 'sg-0123456789abcdef0', region: 'eu-west-1' }, /it is in Region eu-west-1/],
    ['is no group', { id: 'i-0123456789abcdef0' }, /is not the id of an AWS security-group/],
    [
      'is of another account',
      { id: 'sg-0123456789abcdef0', account: '444455556666' },
      /belongs to account 444455556666/,
    ],
  ])('refuses a target that %s, in a sentence', async (_, part, sentence) => {
    const incidentId = await world.openIncident();
    const containment = await world.hold(runbook, { ...targetOf('sg-0123456789abcdef0'), ...part }, incidentId);

    await world.contain(runbook, containment);

    const refused = await world.containment(containment.id);
    expect(refused.status).toBe('refused');
    expect(refused.reason).toMatch(sentence);
  });
});
