import { describe, expect, test } from '@jest/globals';
import type { Event } from '@aws-sdk/client-cloudtrail';
import { choose } from '../../runbooks/close-security-group/actions/choose';
import { addedRules } from '../../runbooks/close-security-group/actions/history';
import type { Rule } from '../../runbooks/close-security-group/actions/rules';
import { isWorld } from '../../runbooks/close-security-group/actions/world';

const STARTED = '2026-03-02T12:00:00.000Z';
const MALLORY = 'arn:aws:iam::111122223333:user/mallory';

const rule = (id: string, port: number): Rule => ({
  id,
  protocol: 'tcp',
  from: port,
  to: port,
  source: { kind: 'ipv4', value: '0.0.0.0/0' },
  description: null,
  tags: {},
});

const authorized = (at: string, id: string, more: Record<string, unknown> = {}): Event => ({
  EventName: 'AuthorizeSecurityGroupIngress',
  EventTime: new Date(at),
  CloudTrailEvent: JSON.stringify({
    userIdentity: { arn: MALLORY },
    responseElements: { securityGroupRuleSet: { items: [{ securityGroupRuleId: id }] } },
    ...more,
  }),
});

describe('which ranges are the world', () => {
  test.each([
    ['0.0.0.0/0', true],
    ['128.0.0.0/1', true],
    ['10.0.0.0/8', false],
    ['198.51.100.0/24', false],
    ['::/0', true],
    ['2000::/3', true],
    ['2001:db8::/32', false],
    ['', false],
  ])('%s: %s', (cidr, expected) => expect(isWorld(cidr)).toBe(expected));
});

describe('which open rules go', () => {
  const decide = (one: Rule, events: readonly Event[], more = false) =>
    choose([one], { added: addedRules(events), more }, STARTED)[0];

  test('what was added within a day goes, a web port too, and says by whom', () => {
    const choice = decide(rule('sgr-1', 443), [authorized('2026-03-02T11:59:00Z', 'sgr-1')]);

    expect(choice).toMatchObject({ revoke: true, because: `added or changed 2026-03-02T11:59:00.000Z by ${MALLORY}` });
  });

  test('what is known to be older stays, a sensitive port too: a posture fix takes services down', () => {
    expect(decide(rule('sgr-1', 22), [authorized('2026-01-01T00:00:00Z', 'sgr-1')])).toMatchObject({ revoke: false });
  });

  test('what CloudTrail does not know goes, but for a web port', () => {
    expect(decide(rule('sgr-1', 22), [])).toMatchObject({ revoke: true });
    expect(decide(rule('sgr-1', 443), [])).toMatchObject({ revoke: false });
    expect(decide({ ...rule('sgr-1', 80), to: 443 }, [])).toMatchObject({ revoke: true });
  });

  test('what is behind more calls than were read stays, and what was read decides as ever', () => {
    const added = authorized('2026-03-02T11:59:00Z', 'sgr-1');

    expect(decide(rule('sgr-1', 22), [], true)).toMatchObject({
      revoke: false,
      because: expect.stringMatching(/more of the group than was read.*; a person decides/),
    });
    expect(decide(rule('sgr-1', 22), [added], true)).toMatchObject({ revoke: true });
  });

  test('an old rule that was changed in place an hour ago is a new one', () => {
    const changed: Event = {
      EventName: 'ModifySecurityGroupRules',
      EventTime: new Date('2026-03-02T11:00:00Z'),
      CloudTrailEvent: JSON.stringify({
        userIdentity: { arn: MALLORY },
        requestParameters: {
          ModifySecurityGroupRulesRequest: { SecurityGroupRule: { SecurityGroupRuleId: 'sgr-1' } },
        },
      }),
    };

    expect(decide(rule('sgr-1', 443), [authorized('2026-01-01T00:00:00Z', 'sgr-1'), changed])).toMatchObject({
      revoke: true,
    });
  });

  test('a call that failed, a description and a broken record say nothing of a rule', () => {
    const failed = authorized('2026-03-02T11:00:00Z', 'sgr-1', { errorCode: 'AccessDenied' });
    const described = authorized('2026-03-02T11:00:00Z', 'sgr-2', {
      requestParameters: { ipPermissions: { items: [{ description: 'sgr-1' }] } },
    });
    const broken: Event = { ...failed, CloudTrailEvent: '{' };

    expect([...addedRules([failed, described, broken]).keys()]).toEqual(['sgr-2']);
  });
});
