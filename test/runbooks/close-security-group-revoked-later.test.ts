import { describe, expect, test } from '@jest/globals';
import type { Event } from '@aws-sdk/client-cloudtrail';
import { DescribeSecurityGroupRulesCommand, type SecurityGroupRule } from '@aws-sdk/client-ec2';
import type { ActionContext } from '../../lambdas/contain/runbook-host/action';
import type { Choice } from '../../runbooks/close-security-group/actions/choose';
import { revokedLater } from '../../runbooks/close-security-group/actions/revoked-later';
import { revokeOpenRules } from '../../runbooks/close-security-group/actions/revoke-open-rules';

const READ = '2026-03-01T00:00:00.000Z';
const LATER = '2026-03-24T00:00:00.000Z';
const NEXT_DAY = '2026-03-25T00:00:00.000Z';
const OF_BEFORE: Choice = {
  rule: {
    id: 'sgr-22',
    protocol: 'tcp',
    from: 22,
    to: 22,
    source: { kind: 'ipv4', value: '0.0.0.0/0' },
    description: null,
    tags: {},
  },
  revoke: true,
  because: 'added',
};

interface Given {
  readonly startedAt?: string;
  readonly now?: string;
  readonly open?: readonly SecurityGroupRule[];
  readonly events?: readonly Event[];
}

function contextOf({ startedAt = LATER, now = NEXT_DAY, open = [], events = [] }: Given): ActionContext {
  const send = (command: unknown) =>
    Promise.resolve(
      command instanceof DescribeSecurityGroupRulesCommand ? { SecurityGroupRules: open } : { Events: events },
    );
  return {
    target: { kind: 'security-group', id: 'sg-0123456789abcdef0', account: '111122223333', region: 'eu-central-1' },
    containmentId: 'con-0123456789abcdef',
    startedAt,
    now: () => new Date(now),
    aws: { of: () => ({ send }) },
  } as unknown as ActionContext;
}

/** As CloudTrail tells of a revoking: what it let in only where the answer of EC2 is in the record. */
function revoking(id: string, port?: number): Event {
  const rule = port === undefined ? {} : { ipProtocol: 'tcp', fromPort: port, toPort: port, cidrIpv4: '0.0.0.0/0' };
  return {
    EventName: 'RevokeSecurityGroupIngress',
    EventTime: new Date(LATER),
    CloudTrailEvent: JSON.stringify({
      userIdentity: { arn: 'arn:aws:sts::111122223333:assumed-role/contain/con-0123456789abcdef' },
      responseElements: { revokedSecurityGroupRuleSet: { items: [{ securityGroupRuleId: id, ...rule }] } },
    }),
  };
}

const tasksOf = (given: Given, readAt: string | undefined = READ) =>
  revokedLater({ ...(readAt !== '' && { readAt }), choices: [OF_BEFORE] }, contextOf(given));

describe('what later attempts revoked', () => {
  test('is a task for each rule, with what it let in', async () => {
    expect(await tasksOf({ events: [revoking('sgr-3389', 3389), revoking('sgr-1')] })).toEqual([
      expect.stringMatching(
        /^tcp 3389 from 0\.0\.0\.0\/0, sgr-3389, was revoked on 2026-03-24.*by arn:.*it stays revoked/,
      ),
      expect.stringMatching(/^a rule, sgr-1, was revoked/),
    ]);
  });

  test('is none where the record knows the rule, or lets in the same again, or where it is open', async () => {
    const open = [{ SecurityGroupRuleId: 'sgr-9', IpProtocol: 'tcp', FromPort: 80, ToPort: 80, CidrIpv4: '0.0.0.0/0' }];
    const events = [revoking('sgr-22', 22), revoking('sgr-23', 22), revoking('sgr-80', 80)];

    expect(await tasksOf({ events, open })).toEqual([]);
  });

  test('is nobody asked for where no attempt began after the record', async () => {
    expect(await tasksOf({ startedAt: '2026-02-28T23:59:00.000Z', events: [revoking('sgr-1', 1)] })).toEqual([]);
  });

  test.each<[string, Given, string | undefined, RegExp]>([
    ['it is too early', { now: '2026-03-24T01:00:00.000Z' }, READ, /it may not show all of it yet/],
    ['it is too late', { now: '2026-07-01T00:00:00.000Z' }, READ, /it keeps 90 days/],
    ['an older version wrote the record', {}, '', /it keeps 90 days/],
    [
      'the record of a call says nothing',
      { events: [{ EventName: 'RevokeSecurityGroupIngress', CloudTrailEvent: '{' }] },
      READ,
      /it does not say what was revoked on a day that it does not name/,
    ],
  ])('may be more than CloudTrail tells, where %s', async (_, given, readAt, why) => {
    const tasks = await tasksOf(given, readAt);

    expect(tasks).toHaveLength(1);
    expect(tasks[0]).toMatch(/^The attempt of 2026-03-24.* may have revoked rules/);
    expect(tasks[0]).toMatch(why);
  });
});

describe('the plan of a later attempt', () => {
  const planOf = (readAt: string) =>
    revokeOpenRules
      .changes({ readAt, choices: [OF_BEFORE] }, contextOf({}))
      .map(({ resource, from, to }) => `${resource}: ${from}: ${to}`);

  test('names what the record does not know, which goes within a day and is judged after that', () => {
    expect(planOf('2026-03-24T00:00:01.000Z')).toHaveLength(1);
    expect(planOf('2026-03-23T12:00:00.000Z')[1]).toMatch(/^sg-\w+: whatever was opened .* since .*: revoked$/);
    expect(planOf(READ)[1]).toMatch(/: judged when it comes to it, as a first attempt would$/);
  });
});
