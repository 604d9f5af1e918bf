import { describe, expect, test } from '@jest/globals';
import { groupingOf } from '../../lambdas/triage/triage/grouping-keys';
import { rateSeverity } from '../../lambdas/triage/triage/rate-severity';
import { entitiesOf } from '../../lambdas/detect/detector/entities';
import { toAlert } from '../../lambdas/detect/detector/to-alert';
import { entityKey, type Entity } from '../../lib/model/entity';
import type { JsonObject } from '../../lib/model/json';
import { sequenceFinding, SEQUENCE } from '../samples/attack-sequence';
import { busEvent, RECEIVED } from './finding';
import { event as call, HOME } from './records';

const short = ({ role, kind, id, trust }: Entity): string => `${role} ${kind} ${id} (${trust})`;
const read = (sequence: JsonObject = SEQUENCE, more: JsonObject = {}) =>
  busEvent(JSON.stringify({ 'detail-type': 'GuardDuty Finding', detail: sequenceFinding(sequence, more) }));
const rule = { id: 'rule', title: 'Critical finding', description: '', level: 'critical', tags: [] } as never;
const alertOf = (event: ReturnType<typeof read>) =>
  toAlert({ rule, because: [] }, event, { via: 'eventbridge', from: '', receivedAt: '' }, { now: RECEIVED });

describe('an attack sequence', () => {
  test('names who acted, on what and from where', () => {
    expect(entitiesOf(read()).map(short)).toEqual([
      `actor user arn:aws:iam::${HOME}:user/alice (finding)`,
      'actor access-key AKIAIOSFODNN7EXAMPLE (finding)',
      `actor role-session arn:aws:sts::${HOME}:assumed-role/web/i-0123456789abcdef0 (finding)`,
      `actor role arn:aws:iam::${HOME}:role/app/web (finding)`,
      'actor access-key AKIAI44QH8DHBEXAMPLE (finding)',
      `actor role arn:aws:iam::${HOME}:role/web-profile (claimed)`,
      `target instance arn:aws:ec2:eu-central-1:${HOME}:instance/i-0123456789abcdef0 (finding)`,
      `target network-interface arn:aws:ec2:eu-central-1:${HOME}:network-interface/eni-0123456789abcdef0 (finding)`,
      'target bucket arn:aws:s3:::customer-data (finding)',
      'actor address 198.51.100.23 (finding)',
    ]);
  });

  test('names a user as a call of that user does', () => {
    const keys = entitiesOf(read()).map(entityKey);
    const caller = entitiesOf(call()).filter(({ role, kind }) => role === 'actor' && kind !== 'address');

    expect(keys).toEqual(expect.arrayContaining(caller.map(entityKey)));
  });

  test('never takes the name of a session, which its caller chose, for that of a role', () => {
    const user = { type: 'AssumedRole', name: 'admin', uid: 'AROAEXAMPLE:admin' };
    const trusts = (actor: JsonObject) => entitiesOf(read({ actors: [actor] })).map(short);

    expect(trusts({ user })).toEqual([`actor role arn:aws:iam::${HOME}:role/admin (claimed)`]);
    expect(trusts({ user: { ...user, uid: 'AROAEXAMPLE' } })).toEqual([
      `actor role arn:aws:iam::${HOME}:role/admin (claimed)`,
    ]);
    expect(trusts({ user: { ...user, name: 'web' } })).toEqual([
      `actor role-session arn:aws:sts::${HOME}:assumed-role/web/admin (finding)`,
      `actor role arn:aws:iam::${HOME}:role/web (finding)`,
    ]);
  });

  test('of hundreds of actors and containers still names the instance and the address', () => {
    const many = Array.from({ length: 400 }, (_, i) => ({
      id: `a${i}`,
      user: { type: 'IAMUser', name: `u${i}`, uid: `U${i}` },
    }));
    const containers = many.map(({ id }) => ({ uid: id, resourceType: 'CONTAINER', data: { container: {} } }));
    const kinds = entitiesOf(
      read({ ...SEQUENCE, actors: many, resources: [...containers, ...(SEQUENCE.resources as JsonObject[])] }),
    ).map(({ kind }) => kind);

    expect(kinds.length).toBeLessThanOrEqual(50);
    expect(kinds).toEqual(expect.arrayContaining(['user', 'instance', 'bucket', 'address']));
  });

  test.each<[string, JsonObject]>([
    ['is no sequence', { sequence: 'x' }],
    ['holds no lists', { actors: 'x', resources: { uid: 1 }, endpoints: [null, 'x', 7] }],
    ['holds empty objects', { actors: [{}, { user: 'x' }], resources: [{}, { resourceType: 'S3_BUCKET' }] }],
  ])('that %s names nobody', (_, sequence) => {
    expect(entitiesOf(read(sequence))).toEqual([]);
  });

  test('is urgent, whether or not it names anything that we know', () => {
    const settings = { assets: [], stagedRules: [] };

    expect(rateSeverity(alertOf(read()), undefined, settings).severity).toBe('SEV2');
    expect(rateSeverity(alertOf(read({})), undefined, settings).severity).toBe('SEV2');
  });

  test('that goes on is about the same entities, under an id of its own', () => {
    const first = alertOf(read());
    const update = alertOf(
      read(
        { ...SEQUENCE, actors: [...(SEQUENCE.actors as JsonObject[])].reverse() },
        { updatedAt: '2026-03-01T10:25:00.000Z' },
      ),
    );

    expect(update.finding_info.uid).not.toBe(first.finding_info.uid);
    expect(groupingOf(first).isStrong).toBe(true);
    expect([...groupingOf(update).keys].sort()).toEqual([...groupingOf(first).keys].sort());
  });
});
