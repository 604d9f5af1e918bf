import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { DescribeSecurityGroupRulesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { getUndo } from '../../lambdas/shared/store/containments';
import { containmentKey } from '../../lambdas/shared/store/table';
import { readTimeline } from '../../lambdas/shared/store/timelines';
import type { Containment } from '../../lib/model/containment';
import type { JsonObject } from '../../lib/model/json';
import { runbook } from '../../runbooks/close-security-group/actions';
import { cases, type RuleCase, type SecurityGroupCase } from '../../runbooks/close-security-group/cases';
import { World } from '../contain/world';
import { embeddedAws } from '../embedded/aws';
import { quickPatience } from '../support/quick-patience';
import { CloudTrailDouble } from './cloud-trail';
import { ACCOUNT, raiseAlert, roleSession, trailRecord } from './raise-alert';
import { RunActions } from './run-actions';
import { authorize, makeGroup, readRules, targetOf } from './security-group';

jest.setTimeout(60_000);

const SSH = cases[0] as SecurityGroupCase;
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const WORLD_RULE = (port: number, description: string): RuleCase => ({
  protocol: 'tcp',
  from: port,
  to: port,
  source: '0.0.0.0/0',
  description,
});

describe('close-security-group with a CloudTrail that knows its group', () => {
  const aws = embeddedAws();
  quickPatience();
  const ec2 = new EC2Client(aws.client);
  let world: World;
  let trail: CloudTrailDouble;

  beforeAll(async () => {
    trail = await CloudTrailDouble.start();
    process.env['AWS_ENDPOINT_URL_CLOUDTRAIL'] = trail.endpoint;
    world = await World.create(aws, 'arn:aws:iam::000000000000:policy/unused');
  });
  beforeEach(() => {
    jest.spyOn(console, 'log').mockReturnValue();
    jest.spyOn(console, 'error').mockReturnValue();
    trail.refuse(undefined);
  });
  afterAll(async () => {
    delete process.env['AWS_ENDPOINT_URL_CLOUDTRAIL'];
    await trail.stop();
  });

  const ago = (ms: number) => new Date(Date.now() - ms).toISOString();

  /** A call on the group. The double finds what a call is about by the names that IAM gives alone. */
  const called = (group: string, eventName: string, at: string, more: JsonObject = {}): JsonObject =>
    trailRecord({
      eventSource: 'ec2.amazonaws.com',
      eventName,
      eventTime: at,
      userIdentity: { type: 'IAMUser', arn: `arn:aws:iam::${ACCOUNT}:user/somebody`, userName: 'somebody' },
      requestParameters: { groupId: group, userName: group },
      ...more,
    });

  /** Opens a port to the world; gives CloudTrail's record of it, which CloudTrail does not know yet. */
  async function opened(group: string, port: number, at: string, description = ''): Promise<JsonObject> {
    await authorize(ec2, group, WORLD_RULE(port, description));
    const { SecurityGroupRules = [] } = await ec2.send(
      new DescribeSecurityGroupRulesCommand({ Filters: [{ Name: 'group-id', Values: [group] }] }),
    );
    const rule = SecurityGroupRules.find(({ FromPort, CidrIpv4 }) => FromPort === port && CidrIpv4 === '0.0.0.0/0');
    return called(group, 'AuthorizeSecurityGroupIngress', at, {
      responseElements: { securityGroupRuleSet: { items: [{ securityGroupRuleId: rule?.SecurityGroupRuleId ?? '' }] } },
    });
  }

  /** As CloudTrail tells of what a run revoked. */
  const revokedBy = (containment: Containment, group: string, port: number): JsonObject =>
    called(group, 'RevokeSecurityGroupIngress', ago(0), {
      userIdentity: roleSession(`arn:aws:iam::${ACCOUNT}:role/firebreak/contain`, containment.id),
      responseElements: {
        revokedSecurityGroupRuleSet: {
          items: [
            {
              securityGroupRuleId: `sgr-${port}`,
              ipProtocol: 'tcp',
              fromPort: port,
              toPort: port,
              cidrIpv4: '0.0.0.0/0',
              description: 'remote',
            },
          ],
        },
      },
    });

  /** As if the state before had been written down so long ago. */
  const aged = ({ id, generation }: Containment, ms: number) =>
    world.table.client.send(
      new UpdateCommand({
        TableName: world.table.name,
        Key: { pk: containmentKey(id).pk, sk: `UNDO#${generation}#revoke-open-rules` },
        UpdateExpression: 'SET #undo.#at = :at, #undo.#before.readAt = :at',
        ExpressionAttributeNames: { '#undo': 'undo', '#at': 'at', '#before': 'before' },
        ExpressionAttributeValues: { ':at': ago(ms) },
        ConditionExpression: 'attribute_exists(pk)',
      }),
    );

  async function start() {
    const id = await makeGroup(ec2, SSH);
    const before = await readRules(ec2, id);
    const incidentId = await world.openIncident();
    const containment = await world.hold(runbook, targetOf(id), incidentId);
    const texts = async () => (await readTimeline(world.table, incidentId)).map(({ text }) => text).join('\n');
    const released = async () =>
      (await readTimeline(world.table, incidentId)).find(({ kind }) => kind === 'containment-released');
    return { id, before, incidentId, containment, texts, released };
  }

  test('GIVEN a record of today, WHEN a later attempt is planned, THEN the plan has a web port go that was opened since, as it will', async () => {
    const { id, containment } = await start();
    await world.contain(runbook, containment);
    await opened(id, 443, ago(0));
    const run = new RunActions(runbook, targetOf(id));
    const action = run.action('revoke-open-rules');
    const undo = await getUndo(world.table, containment.id, containment.generation, action.id);

    const then = await action.readAgain?.(undo?.before ?? {}, run.context);

    expect(action.changes(then ?? {}, run.context).map(({ from }) => from)).toContainEqual(
      expect.stringMatching(/^tcp 443 from 0\.0\.0\.0\/0.*opened after the state was written down/),
    );
  });

  test('GIVEN a record of weeks ago, WHEN it is contained again, THEN what owners opened since stays open', async () => {
    const { id, before, incidentId, containment, texts, released } = await start();
    expect((await world.contain(runbook, containment)).end).toBe('succeeded');
    await aged(containment, 23 * DAY);
    trail.put(await opened(id, 443, ago(3 * DAY), 'shop'));
    const shop = (await readRules(ec2, id)).find((rule) => rule.includes('shop'));
    trail.put(await opened(id, 22, ago(5 * MINUTE), 'again'));
    trail.put(await opened(id, 3389, ago(5 * MINUTE), 'remote'));

    const again = await world.hold(runbook, containment.target, incidentId);
    expect((await world.contain(runbook, again)).end).toBe('succeeded');

    const left = await readRules(ec2, id);
    expect(left).toHaveLength(2);
    expect(left).toContain(shop);
    expect(await texts()).toMatch(/left as they are: sgr-\w+ tcp 443 from 0\.0\.0\.0\/0 \(there since /);

    trail.put(revokedBy(again, id, 3389));
    const ran = await world.release(runbook, again, incidentId, { force: true });

    expect(ran.states.at(-1)).toBe('Released');
    // Nothing that only the later attempt revoked: the state before does not know it.
    expect(await readRules(ec2, id)).toEqual([...before, shop].sort());
    expect((await released())?.text).not.toContain('everything is as it was before');
    expect(JSON.stringify((await released())?.details?.['tasks'])).toMatch(
      /tcp 3389 from 0\.0\.0\.0\/0 \('remote'\), sgr-3389, was revoked on .*Authorise it by hand/,
    );
  });

  test('GIVEN a record of this morning, WHEN it is contained again, THEN what was opened since goes, and people hear of it', async () => {
    const { id, before, incidentId, containment, texts, released } = await start();
    await world.contain(runbook, containment);
    await opened(id, 443, ago(0));

    const again = await world.hold(runbook, containment.target, incidentId);
    await world.contain(runbook, again);

    expect(await readRules(ec2, id)).toHaveLength(1);
    // CloudTrail shows nothing of it so early.
    trail.refuse('ThrottlingExceptionOfATest');
    await world.release(runbook, again, incidentId);
    expect(await readRules(ec2, id)).toEqual(before);
    expect((await released())?.text).not.toContain('everything is as it was before');
    expect(JSON.stringify((await released())?.details?.['tasks'])).toMatch(
      /may have revoked rules that the state before does not know.*ThrottlingExceptionOfATest/,
    );
    expect(await texts()).not.toContain('Release refused');
  });

  test('GIVEN an attacker who makes many calls on the group, THEN only what an alert shows to be new goes', async () => {
    const { id, incidentId, containment, texts } = await start();
    trail.put(await opened(id, 8443, ago(30 * DAY), 'production'));
    const alerted = await opened(id, 3389, ago(5 * MINUTE), 'remote');
    trail.put(alerted);
    await raiseAlert(world, incidentId, alerted);
    for (let call = 0; call < 201; call++) trail.put(called(id, 'ModifySecurityGroupRules', ago(call)));

    expect((await world.contain(runbook, containment)).end).toBe('succeeded');

    const left = (await readRules(ec2, id)).join('\n');
    expect(left).toContain('production');
    expect(left).not.toContain('remote');
    expect(await texts()).toMatch(
      /left as they are: .*tcp 8443 from 0\.0\.0\.0\/0 \(CloudTrail knows more of the group than was read/,
    );
  });
});
