import { runSimulation } from '@cloud-copilot/iam-simulate';
import { describe, expect, test } from '@jest/globals';
import { cutOff, denies, denyDocument, wantedFor } from '../../runbooks/revoke-role-sessions/actions/deny-document';
import type { Scope } from '../../runbooks/revoke-role-sessions/actions/scope';
import { readTrust } from '../../runbooks/revoke-role-sessions/actions/trust';

const ACCOUNT = '111122223333';
const PLACE = { partition: 'aws', account: ACCOUNT };
const NOW = new Date('2026-11-21T05:00:00.250Z');
const BEFORE = '2026-11-21T04:00:00Z';
const AFTER = '2026-11-21T06:00:00Z';
const STOLEN = `arn:aws:ec2:eu-central-1:${ACCOUNT}:instance/i-0fedcba9876543210`;
const SIBLING = `arn:aws:ec2:eu-central-1:${ACCOUNT}:instance/i-00000000000000001`;
const FUNCTION = `arn:aws:lambda:eu-central-1:${ACCOUNT}:function:shop`;

const trust = (Principal: unknown, Effect = 'Allow') =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect, Principal, Action: 'sts:AssumeRole' }] });
const OF_SERVICE = trust({ Service: ['ec2.amazonaws.com', 'lambda.amazonaws.com'] });
const OF_PEOPLE = trust({ AWS: `arn:aws:iam::${ACCOUNT}:root` });

interface Session {
  readonly issued: string;
  readonly instance?: string;
  readonly function?: string;
}

/** What a session that may do everything may still do, by IAM's own rules. */
async function verdict(scope: Scope, document: string, session: Session): Promise<string> {
  const deny = denyDocument(wantedFor(scope, document, PLACE), cutOff(NOW, NOW.toISOString()));
  const all = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
  const result = await runSimulation(
    {
      request: {
        principal: `arn:aws:sts::${ACCOUNT}:assumed-role/shop/mallory`,
        action: 's3:GetObject',
        resource: { resource: 'arn:aws:s3:::customers/all.csv', accountId: ACCOUNT },
        contextVariables: {
          'aws:TokenIssueTime': session.issued,
          ...(session.instance !== undefined && { 'ec2:SourceInstanceARN': session.instance }),
          ...(session.function !== undefined && { 'lambda:SourceFunctionArn': session.function }),
        },
      },
      identityPolicies: [
        { name: 'all', policy: all },
        { name: 'deny', policy: JSON.parse(deny) as unknown },
      ],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    {},
  );
  if (result.resultType === 'error') throw new Error(JSON.stringify(result.errors));
  return result.overallResult === 'Allowed' ? 'allowed' : 'denied';
}

describe('which sessions the deny binds, by a simulation of IAM', () => {
  const ALL: Scope = { instances: [], all: true };
  const ONE: Scope = { instances: ['i-0fedcba9876543210'], all: false };
  const BOTH: Scope = { instances: ['i-0fedcba9876543210'], all: true };
  test.each<[string, Scope, string, Session, string]>([
    ['an old session', ALL, OF_SERVICE, { issued: BEFORE }, 'denied'],
    ['a session of this very second', ALL, OF_SERVICE, { issued: '2026-11-21T05:00:00Z' }, 'denied'],
    ['an old session of an instance', ALL, OF_SERVICE, { issued: BEFORE, instance: SIBLING }, 'denied'],
    ['a new one of an instance', ALL, OF_SERVICE, { issued: AFTER, instance: SIBLING }, 'allowed'],
    ['a new one of a task', ALL, OF_SERVICE, { issued: AFTER }, 'allowed'],
    ['a new one, where people can assume the role again', ALL, OF_PEOPLE, { issued: AFTER }, 'denied'],
    ['a new one of an instance there', ALL, OF_PEOPLE, { issued: AFTER, instance: SIBLING }, 'allowed'],
    ['a new one of a function there', ALL, OF_PEOPLE, { issued: AFTER, function: FUNCTION }, 'allowed'],
    ['the instance, an old session', ONE, OF_PEOPLE, { issued: BEFORE, instance: STOLEN }, 'denied'],
    ['the instance, a new session', ONE, OF_PEOPLE, { issued: AFTER, instance: STOLEN }, 'denied'],
    ['its sibling', ONE, OF_PEOPLE, { issued: BEFORE, instance: SIBLING }, 'allowed'],
    ['the instance, where all are denied too', BOTH, OF_SERVICE, { issued: AFTER, instance: STOLEN }, 'denied'],
    ['its sibling then, a new session', BOTH, OF_SERVICE, { issued: AFTER, instance: SIBLING }, 'allowed'],
  ])('%s', async (_, scope, document, session, expected) => {
    expect(await verdict(scope, document, session)).toBe(expected);
  });
});

describe('reading it back', () => {
  const wanted = wantedFor({ instances: [], all: true }, OF_PEOPLE, PLACE);
  const startedAt = NOW.toISOString();

  test('what was made is what is wanted, and what was made before it began is not', () => {
    expect(denies(denyDocument(wanted, cutOff(NOW, startedAt)), wanted, startedAt)).toBe(true);
    expect(denies(denyDocument(wanted, '2026-11-21T04:59:59.000Z'), wanted, startedAt)).toBe(false);
  });

  test.each([
    ['nothing', null],
    ['no JSON', 'Deny'],
    ['another policy', OF_PEOPLE],
    ['less than is wanted', denyDocument({ ...wanted, newSessions: false }, cutOff(NOW, startedAt))],
    ['an allow of the same words', denyDocument(wanted, cutOff(NOW, startedAt)).replace('"Deny"', '"Allow"')],
  ])('%s does not count', (_, document) => {
    expect(denies(document, wanted, startedAt)).toBe(false);
  });

  test('a clock that is behind the one that started it does not shorten the deny', () => {
    expect(cutOff(new Date('2026-11-21T04:00:00Z'), startedAt)).toBe('2026-11-21T05:00:01.000Z');
  });
});

describe('who can assume a role again', () => {
  test.each<[string, unknown, readonly string[]]>([
    ['a service', { Service: 'ec2.amazonaws.com' }, []],
    ['a pod', { Federated: 'arn:aws:iam::1:oidc-provider/oidc.eks.eu-central-1.amazonaws.com/id/A' }, []],
    [
      'a pipeline',
      { Federated: 'arn:aws:iam::1:oidc-provider/gitlab.com' },
      ['arn:aws:iam::1:oidc-provider/gitlab.com'],
    ],
    ['a user beside a service', { AWS: ['AIDAX'], Service: 'ec2.amazonaws.com' }, ['AIDAX']],
    ['anybody', '*', ['*']],
    ['all but somebody', undefined, ['everybody but those whom a NotPrincipal names']],
    ['what is not understood', { Moon: 'x' }, ['x']],
  ])('%s', (_, principal, others) => {
    expect(readTrust(trust(principal)).others).toEqual(others);
  });

  test('a Deny lets nobody in', () => {
    expect(readTrust(trust('*', 'Deny'))).toEqual({ services: [], others: [] });
  });
});
