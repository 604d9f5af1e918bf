import { describe, expect, test } from '@jest/globals';
import { containFound, isHandedOver } from '../../../lambdas/contain/sweep/contain-found';
import { findDeeds, type Found } from '../../../lambdas/contain/sweep/find-deeds';
import { endEntry, foundEntries } from '../../../lambdas/contain/sweep/say';
import { handOverKey } from '../../../lambdas/shared/hand-over/begin-hand-overs';
import type { Alert } from '../../../lib/model/alert';
import type { ApprovalSettings } from '../../../lib/model/approval';
import type { Containment } from '../../../lib/model/containment';
import type { HandOver, Incident, PlannedContainment } from '../../../lib/model/incident';
import type { JsonObject } from '../../../lib/model/json';
import type { Mode } from '../../../lib/model/plan';
import type { Finding, SweepMode } from '../../../lib/model/sweep';
import { sampleContainment, sampleIncident } from '../../cli/sample';
import { sampleAlert, user as entity } from '../../samples/alert';
import { ACCOUNT, MALLORY, record } from './records';

const ALL = ['disable-access-key', 'revoke-role-sessions', 'quarantine-function'];
const APPROVAL: ApprovalSettings = {
  withinSeconds: 900,
  onTimeout: { SEV1: 'escalate', SEV2: 'escalate', SEV3: 'escalate', SEV4: 'escalate' },
};
const CONTAINMENT: Containment = {
  ...sampleContainment(),
  target: { kind: 'user', id: MALLORY.arn, account: ACCOUNT, region: 'us-east-1' },
};

function incident(
  sweep: SweepMode | undefined,
  mode: Mode = 'enforce',
  more: Partial<PlannedContainment> = {},
): Incident {
  const containment: PlannedContainment = {
    plan: 'leaked-key',
    planned: {
      runbook: 'disable-access-key',
      mode,
      contains: 'actor',
      ...(mode === 'approve' && { approval: APPROVAL }),
    },
    target: CONTAINMENT.target,
    eventAt: '2026-11-21T03:00:00.000Z',
    ...(sweep !== undefined && { sweep }),
    ...more,
  };
  const since = containment.eventAt;
  return {
    ...sampleIncident(),
    handOvers: {
      [`containment#${CONTAINMENT.id}`]: { kind: 'containment', state: 'started', since, attempt: 1, containment },
    },
  };
}

const user = (name: string): JsonObject => ({ user: { arn: `arn:aws:iam::${ACCOUNT}:user/${name}` } });
const found = (responseElements: JsonObject, seenIn: Finding['seenIn'] = 'cloudtrail'): Found[] => [
  ...findDeeds([record('iam:CreateUser', { responseElements })], () => seenIn).found,
];
/** The alert that the containment was planned for. */
const ASKED = sampleAlert({ time: new Date('2026-11-21T03:00:00.000Z') });
const plan = (
  of: Incident,
  what: readonly Found[],
  deployed: readonly string[] = ALL,
  alerts: readonly (readonly Alert[])[] = [[ASKED]],
) => containFound(of, CONTAINMENT, [MALLORY], what, { alerts, deployed }).wanted;

describe('what of the findings is contained as well', () => {
  test.each([['list'], ['off'], [undefined]] as const)('GIVEN a plan that says %s THEN nothing is', (sweep) => {
    expect(plan(incident(sweep), found(user('b')))).toEqual([]);
  });

  test.each([['observe'], ['approve'], ['enforce']] as const)(
    'GIVEN a plan that contains in the mode %s THEN it is in that mode, and is swept after by nobody',
    (mode) => {
      const [one, ...rest] = plan(incident('contain', mode), found(user('b')));
      expect(rest).toEqual([]);
      expect(one).toMatchObject({
        plan: 'leaked-key',
        planned: { runbook: 'disable-access-key', mode, contains: 'target' },
        target: { kind: 'user', id: `arn:aws:iam::${ACCOUNT}:user/b`, account: ACCOUNT, region: 'us-east-1' },
        sweep: 'off',
      });
      expect(one?.planned.approval).toEqual(mode === 'approve' ? APPROVAL : undefined);
    },
  );

  test('GIVEN a reservation about the actor THEN it is one about what the actor made', () => {
    const [one] = plan(incident('contain', 'enforce', { observeBecause: 'the rule is staged' }), found(user('b')));
    expect(one?.observeBecause).toBe('the rule is staged');
  });

  test('GIVEN only the record of an alert, which others may have written, THEN it waits for CloudTrail itself', () => {
    expect(plan(incident('contain'), found(user('b'), 'alert'))).toEqual([]);
  });

  test('GIVEN the actor itself, or a runbook that the stack does not have, THEN nothing is', () => {
    expect(plan(incident('contain'), found(user('team/mallory')))).toEqual([]);
    expect(plan(incident('contain'), found(user('b')), ['isolate-instance'])).toEqual([]);
  });

  test('GIVEN a second look THEN the same is not asked for again, and a later deed is', () => {
    const first = found(user('b'));
    const [one] = plan(incident('contain'), first);
    if (!one) throw new Error('nothing was planned');
    const before = incident('contain');
    const after: Incident = {
      ...before,
      handOvers: {
        ...before.handOvers,
        [handOverKey(one)]: { kind: 'containment', state: 'started', since: one.eventAt, attempt: 1, containment: one },
      },
    };
    expect(plan(after, first)).toEqual([]);
    expect(isHandedOver(after, first[0] ?? {})).toBe(true);
    expect(plan(after, found(user('b')))).toHaveLength(1);
  });
});

describe('what was handed over before', () => {
  /** The incident, where the user that was made is handed over already, in this mode. */
  function handedOver(mode: Mode, eventAt: string, more: Partial<PlannedContainment> = {}): Incident {
    const before = incident('contain');
    const [one] = plan(before, found(user('b')));
    if (!one) throw new Error('nothing was planned');
    const containment = { ...one, planned: { ...one.planned, mode }, eventAt, ...more };
    const handed: HandOver = { kind: 'containment', state: 'started', since: eventAt, attempt: 1, containment };
    return { ...before, handOvers: { ...before.handOvers, [handOverKey(one)]: handed } };
  }
  const LATER = '2026-11-21T23:00:00.000Z';

  test('GIVEN that people were asked about a later deed THEN an older one does not go over their heads', () => {
    expect(plan(handedOver('approve', LATER), found(user('b')))).toEqual([]);
  });

  test('GIVEN that it was only observed THEN it is contained', () => {
    expect(plan(handedOver('observe', LATER), found(user('b')))).toHaveLength(1);
    expect(plan(handedOver('enforce', LATER, { observeBecause: 'staged' }), found(user('b')))).toHaveLength(1);
  });
});

describe('since when what an actor did is contained', () => {
  const at = (time: string) => new Date(`2026-11-21T${time}Z`);
  const made = (time: string): Found[] => [
    ...findDeeds(
      [record('iam:CreateUser', { eventTime: at(time).toISOString(), responseElements: user('b') })],
      () => 'cloudtrail',
    ).found,
  ];
  const planned = (time: string, alerts: readonly (readonly Alert[])[]) =>
    plan(incident('contain'), made(time), ALL, alerts).length;

  test('GIVEN a look that goes further back for another incident THEN what was done before the own alerts is not', () => {
    expect([planned('02:59:59', [[ASKED]]), planned('03:00:00', [[ASKED]])]).toEqual([0, 1]);
  });

  test('GIVEN an incident without an alert, because a person opened it by hand, THEN nothing is', () => {
    expect([planned('02:59:59', [[]]), planned('03:00:00', [[]])]).toEqual([0, 0]);
  });

  test('GIVEN an earlier alert of the incident that names the actor THEN what was done since then is', () => {
    const earlier = sampleAlert({ time: at('02:00:00'), entities: [entity('team/mallory', { role: 'target' })] });
    expect([planned('01:59:59', [[ASKED, earlier]]), planned('02:00:00', [[ASKED, earlier]])]).toEqual([0, 1]);
  });

  test.each([
    ['somebody else', entity('alice')],
    ['the actor, by a name that the caller wrote', entity('mallory', { trust: 'claimed' })],
    ['the actor, without proof that it acted', entity('mallory', { trust: 'confirmed' })],
    ['the same name in another account', entity('mallory', { account: '999988887777' })],
  ])('GIVEN an earlier alert that names %s THEN it says nothing', (_what, named) => {
    const earlier = sampleAlert({ time: at('02:00:00'), entities: [named] });
    expect(planned('02:30:00', [[ASKED, earlier]])).toBe(0);
  });

  test('GIVEN an older incident that became one with it THEN what was done between the two is not', () => {
    const older = sampleAlert({ time: new Date('2026-11-11T03:00:00Z') });
    expect([planned('02:59:59', [[older], [ASKED]]), planned('03:00:00', [[older], [ASKED]])]).toEqual([0, 1]);
  });
});

describe('a flood of findings', () => {
  test('GIVEN more than twenty things THEN twenty are handed over, now and at every later look, and the rest is counted', () => {
    const flood = Array.from({ length: 30 }, (_, index) => found(user(`b${index}`))).flat();
    const before = incident('contain');
    const first = containFound(before, CONTAINMENT, [MALLORY], flood, { alerts: [[ASKED]], deployed: ALL });
    expect([first.wanted.length, first.left]).toEqual([20, 10]);
    const handed = first.wanted.map((containment): [string, HandOver] => [
      handOverKey(containment),
      { kind: 'containment', state: 'started', since: containment.eventAt, attempt: 1, containment },
    ]);
    const after = { ...before, handOvers: { ...before.handOvers, ...Object.fromEntries(handed) } };
    expect(containFound(after, CONTAINMENT, [MALLORY], flood, { alerts: [[ASKED]], deployed: ALL })).toEqual({
      wanted: [],
      left: 10,
    });
  });
});

describe('what is said', () => {
  const hostile = (index: number): Finding => ({
    kind: 'user',
    id: `${index}${'\u202e<script>'.repeat(200)}`,
    did: 'created',
    call: 'iam:CreateUser',
    at: '2026-11-21T03:00:00.000Z',
    eventId: `event-${index}`,
    region: 'us-east-1',
    by: 'x'.repeat(5_000),
    seenIn: 'cloudtrail',
  });

  test('GIVEN names without an end THEN every record stays small and none is lost', () => {
    const entries = foundEntries(
      CONTAINMENT,
      [MALLORY],
      Array.from({ length: 40 }, (_, index) => hostile(index)),
      'sweep',
    );
    expect(entries.flatMap(({ details }) => details?.['findings'])).toHaveLength(40);
    for (const entry of entries) {
      expect(JSON.stringify(entry.details).length).toBeLessThan(4_000);
      expect(entry.text.length).toBeLessThanOrEqual(600);
    }
  });

  const looked = (gaps: readonly { readonly why: string; readonly byHand: string }[]) => ({
    from: new Date('2026-11-21T03:00:00Z'),
    to: new Date('2026-11-21T03:40:00Z'),
    regions: ['eu-central-1', 'us-east-1'],
    collected: {
      all: { records: [], trails: [] },
      proven: { records: [], trails: [] },
      gaps,
      events: 7,
      asked: ['Username mallory'],
    },
    others: new Map([['sns:CreateTopic', 2]]),
    listed: 3,
    unlisted: 0,
  });

  test('GIVEN a whole look THEN it says which time and Regions were seen, and what was not', () => {
    const { entry, problem } = endEntry(CONTAINMENT, [MALLORY], looked([]), 'sweep');
    expect(problem).toBeUndefined();
    expect(entry).toMatchObject({ kind: 'sweep-ended', details: { otherCalls: ['sns:CreateTopic (2)'] } });
    expect(entry.text).toMatch(
      /from 2026-11-21 03:00 UTC to 2026-11-21 03:40 UTC: CloudTrail of eu-central-1 and us-east-1 .*2 other call.*Not looked at: other Regions/,
    );
  });

  test('GIVEN more than an incident lists THEN it says how many are not listed', () => {
    const { entry, problem } = endEntry(CONTAINMENT, [MALLORY], { ...looked([]), unlisted: 40 }, 'sweep');
    expect(entry.kind).toBe('sweep-failed');
    expect(problem).toMatch(
      /40 further thing\(s\) were found and are not listed.*AttributeKey=Username,AttributeValue=mallory/,
    );
  });

  test('GIVEN a gap THEN it says so, with the command for a person', () => {
    const gap = { why: 'AccessDeniedException: no', byHand: 'aws cloudtrail lookup-events --region eu-central-1' };
    const { entry, problem } = endEntry(CONTAINMENT, [MALLORY], looked([gap, gap]), 'sweep');
    expect(entry.kind).toBe('sweep-failed');
    expect(problem).toMatch(
      /not complete: AccessDeniedException: no \(and 1 more, in the record\)\. Do it by hand: aws cloudtrail/,
    );
    expect(entry.details?.['gaps']).toHaveLength(2);
  });
});
