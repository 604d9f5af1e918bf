import { describe, expect, test } from '@jest/globals';
import { App, Duration, Stack } from 'aws-cdk-lib';
import {
  Approval,
  ContainmentMode,
  Contains,
  DisableAccessKeyRunbook,
  Recipient,
  ResponsePlan,
  WhenNobodyDecides,
  type RunbookChoice,
} from '../../lib';
import type { PlanToApprove } from '../../lib/model/approval';
import { actorAmong } from '../../lib/model/is-actor';
import { planDifference, planHash } from '../../lib/model/plan-hash';
import { planContainments } from '../../lambdas/triage/triage/plan-containments';
import { ACCOUNT, sampleAlert, user } from '../samples/alert';

describe('how a plan asks', () => {
  const runbook = new DisableAccessKeyRunbook(new Stack(new App(), 'S'), 'R');
  const mode = (choice: Partial<RunbookChoice>, byDefault: ContainmentMode, approval = Approval.required()) =>
    new ResponsePlan({ name: 'p', runbooks: [{ runbook, contains: Contains.ACTOR, ...choice }] })._toData(
      byDefault,
      'chain',
      approval,
    ).runbooks[0];
  const { OBSERVE, APPROVE, ENFORCE } = ContainmentMode;

  test.each([
    ['the default', {}, APPROVE, 'approve'],
    ['its own mode', { mode: APPROVE }, OBSERVE, 'approve'],
    ['its own approval over a default that enforces', { approval: Approval.required() }, ENFORCE, 'approve'],
    ['nobody, over a default that asks', { approval: Approval.automatic() }, APPROVE, 'enforce'],
    ['nobody where nothing is contained', { approval: Approval.required() }, OBSERVE, 'observe'],
  ])('by %s', (_, choice, byDefault, expected) => {
    const planned = mode(choice, byDefault);
    expect(planned?.mode).toBe(expected);
    expect(planned?.approval !== undefined).toBe(expected === 'approve');
  });

  test('15 minutes and until somebody decides, unless it says otherwise', () => {
    expect(mode({ mode: APPROVE }, OBSERVE)?.approval).toEqual({
      withinSeconds: 900,
      onTimeout: { SEV1: 'escalate', SEV2: 'escalate', SEV3: 'escalate', SEV4: 'escalate' },
    });
    const ada = Recipient.email('ada@example.com');
    const approval = Approval.required({
      within: Duration.minutes(5),
      onTimeout: { sev1: WhenNobodyDecides.CONTAIN, sev4: WhenNobodyDecides.ABORT },
      approvers: [{ recipient: ada, principals: ['arn:aws:iam::*:user/ada'] }],
    });
    expect(mode({ mode: APPROVE, approval }, OBSERVE)?.approval).toEqual({
      withinSeconds: 300,
      onTimeout: { SEV1: 'contain', SEV2: 'escalate', SEV3: 'escalate', SEV4: 'abort' },
      approvers: [{ id: ada._id, label: 'a***@example.com', principals: ['arn:aws:iam::*:user/ada'] }],
    });
  });

  test.each([
    ['asks, and nobody is asked', { mode: APPROVE, approval: Approval.automatic() }, /plan 'p'.*'approve'.*automatic/],
    [
      'enforces, and is to be approved',
      { mode: ENFORCE, approval: Approval.required() },
      /plan 'p'.*'enforce'.*required/,
    ],
  ])('a plan that %s is refused', (_, choice, message) => {
    expect(() => mode(choice, OBSERVE)).toThrow(message);
  });

  test.each<[string, Parameters<typeof Approval.required>[0], RegExp]>([
    ['too little time', { within: Duration.seconds(30) }, /'within' must be 1 minute to 24 hours, got 30 seconds/],
    ['too much time', { within: Duration.days(2) }, /24 hours, got 2 days/],
    ['nobody', { approvers: [] }, /'approvers' is empty/],
    [
      'somebody twice',
      { approvers: [{ recipient: Recipient.email('a@b.co') }, { recipient: Recipient.email('A@b.co') }] },
      /twice/,
    ],
    [
      'a name that is no ARN',
      { approvers: [{ recipient: Recipient.email('a@b.co'), principals: ['ada'] }] },
      /'ada', which is not the ARN of a user/,
    ],
  ])('asking with %s is refused', (_, options, message) => {
    expect(() => Approval.required(options)).toThrow(message);
  });
});

describe('the hash of a plan', () => {
  const SINCE = '2026-11-21T03:00:00.000Z';
  const change = (to: string, resource = 'key-1') => ({ call: 'iam:UpdateAccessKey', resource, from: 'Active', to });
  const plan = (change_: Partial<PlanToApprove> = {}, changes = [change('Inactive')]): PlanToApprove => ({
    runbook: 'r',
    title: 'A title',
    target: { kind: 'user', id: 'arn:aws:iam::111122223333:user/m', account: ACCOUNT, region: 'us-east-1' },
    generation: 1,
    steps: [{ action: 'a', title: 'Do a', release: 'restores', changes }],
    limits: [],
    ...change_,
  });
  const hash = (of: PlanToApprove) => planHash(of, SINCE);

  test('is the same for the same changes, in whatever order and at whatever time', () => {
    const [one, two] = [change('Inactive', 'key-1'), change('Inactive', 'key-2')];
    expect(hash(plan({}, [one, two]))).toBe(hash(plan({}, [two, one])));
    expect(hash(plan({}, [change('before 2026-11-21T03:00:01Z')]))).toBe(
      hash(plan({}, [change('before 2026-11-21T03:20:00.123Z')])),
    );
    expect(hash(plan({ title: 'Another title' }))).toBe(hash(plan()));
  });

  test.each<[string, PlanToApprove]>([
    ['target', plan({ target: { ...plan().target, id: 'arn:aws:iam::111122223333:user/n' } })],
    ['runbook', plan({ runbook: 's' })],
    ['generation', plan({ generation: 2 })],
    ['change more', plan({}, [change('Inactive'), change('Inactive', 'key-2')])],
    ['change less', plan({}, [])],
    ['state before', plan({}, [{ ...change('Inactive'), from: 'Inactive' }])],
    ['time of old', plan({}, [change('before 2026-01-01T00:00:00Z')])],
    ['reach', plan({ steps: plan().steps.map((step) => ({ ...step, reach: ['credentials of i-1'] })) })],
    [
      'action that cannot be planned',
      plan({ steps: [{ action: 'a', title: 'Do a', release: 'restores', changes: [], problem: 'x' }] }),
    ],
  ])('is another one with another %s', (_, other) => {
    expect(hash(other)).not.toBe(hash(plan()));
  });

  test('people are told what differs', () => {
    expect(planDifference(plan(), plan({}, [change('Inactive', 'key-2')]))).toEqual([
      'new: iam:UpdateAccessKey key-2: Active → Inactive',
      'gone: iam:UpdateAccessKey key-1: Active → Inactive',
    ]);
  });
});

describe('whoever acted', () => {
  const actor = { ...user('mallory'), role: 'actor' } as const;

  test.each([
    ['by ARN', ['arn:aws:iam::111122223333:user/mallory'], true],
    ['by pattern', ['arn:aws:iam::*:user/mal*'], true],
    ['under a path that the alert does not know', ['arn:aws:iam::111122223333:user/team/mallory'], true],
    ['not somebody whose name ends alike', ['arn:aws:iam::111122223333:user/not-mallory'], false],
    ['not without identities', [], false],
  ])('is known %s', (_, principals, expected) => {
    expect(actorAmong([actor], principals) !== undefined).toBe(expected);
  });

  test('is not who was acted upon, nor whom only a claim names', () => {
    const principals = [actor.id];
    expect(actorAmong([{ ...actor, role: 'target' }], principals)).toBeUndefined();
    expect(actorAmong([{ ...actor, trust: 'claimed' }], principals)).toBeUndefined();
  });
});

describe("what Firebreak's own roles do", () => {
  const plan = {
    name: 'p',
    when: {},
    runbooks: [{ runbook: 'disable-access-key', mode: 'enforce', contains: 'target' }],
    chain: 'c',
  } as const;
  const role = {
    kind: 'role',
    id: `arn:aws:iam::${ACCOUNT}:role/Firebreak-Release`,
    account: ACCOUNT,
    region: 'us-east-1',
    role: 'actor',
    trust: 'attested',
    path: 'userIdentity.sessionContext.sessionIssuer.arn',
  } as const;
  const because = (ownRoles: string[], trust: 'attested' | 'claimed' = 'attested') =>
    planContainments(
      sampleAlert({
        entities: [
          { ...role, trust },
          { ...user('mallory'), role: 'target', trust: 'finding' },
        ],
      }),
      plan,
      { 'disable-access-key': 'user' },
      { account: ACCOUNT, ownRoles },
    ).map(({ observeBecause }) => observeBecause);

  test('contains nobody, and says why', () => {
    expect(because([`arn:*:iam::${ACCOUNT}:role/Firebreak-*`])).toEqual([`Firebreak itself did it, as ${role.id}`]);
  });

  test('is not what others do, or only claim to be', () => {
    expect(because([`arn:*:iam::${ACCOUNT}:role/Other-*`])).toEqual([undefined]);
    expect(because([`arn:*:iam::${ACCOUNT}:role/Firebreak-*`], 'claimed')).toEqual([undefined]);
  });
});
