import { describe, expect, test } from '@jest/globals';
import { suppressionOf, type Suppression } from '../../lib/model/suppression';
import { Suppression as SuppressionConstruct, type SuppressionProps } from '../../lib/triage/suppression';
import { Level } from '../../lib/triage/level';
import { ACCOUNT, sampleAlert, user, type SampleAlert } from '../samples/alert';

const NOW = new Date('2026-11-21T03:00:00Z');
const RULE = 'rule-a';
const SCANNER = user('scanner');
const ADDRESS = user('', { kind: 'address', id: '198.51.100.7' });

function quiet(when: Suppression['when'], sample: SampleAlert = {}, more: Partial<Suppression> = {}): boolean {
  const suppression: Suppression = {
    name: 'scanner',
    owner: 'platform',
    reason: 'weekly scan',
    until: '2026-12-01T00:00:00Z',
    levelAtMost: 'high',
    when,
    ...more,
  };
  return suppressionOf(sampleAlert({ rule: RULE, ...sample }), [suppression], NOW) !== undefined;
}

describe('a suppression keeps quiet', () => {
  test.each<[string, Suppression['when'], SampleAlert]>([
    ['a rule', { rules: [RULE] }, {}],
    ['a principal', { principals: [`arn:aws:iam::${ACCOUNT}:user/scan*`] }, { entities: [SCANNER] }],
    ['an address', { addresses: ['198.51.100.0/24'] }, { entities: [SCANNER, ADDRESS] }],
    ['an account', { accounts: [ACCOUNT] }, {}],
  ])('%s', (_, when, sample) => {
    expect(quiet(when, sample)).toBe(true);
  });
});

describe('a suppression does not keep quiet', () => {
  test.each<[string, Suppression['when'], SampleAlert, Partial<Suppression>]>([
    ['another rule', { rules: ['rule-b'] }, {}, {}],
    ['what is worse than its level', { rules: [RULE] }, { level: 'critical' }, {}],
    ['after its end', { rules: [RULE] }, {}, { until: '2026-11-21T03:00:00Z' }],
    ['before it begins', { rules: [RULE] }, {}, { from: '2026-11-21T03:00:01Z' }],
    [
      'who only claims to be the scanner',
      { principals: ['arn:aws:iam::*:user/scanner'] },
      { entities: [user('scanner', { trust: 'claimed' }), user('mallory')] },
      {},
    ],
    [
      'what is done to the scanner',
      { principals: ['arn:aws:iam::*:user/scanner'] },
      { entities: [user('scanner', { role: 'target', trust: 'confirmed' })] },
      {},
    ],
    [
      'a target beside the one that is excepted',
      { resources: ['arn:aws:iam::*:user/test-*'] },
      { entities: [user('test-1', { role: 'target' }), user('ceo', { role: 'target' })] },
      {},
    ],
    ['an address that was claimed', { addresses: ['0.0.0.0/0'] }, { entities: [{ ...ADDRESS, trust: 'claimed' }] }, {}],
    [
      'a service name in the place of an address',
      { addresses: ['0.0.0.0/0'] },
      { entities: [{ ...ADDRESS, id: 's3.amazonaws.com' }] },
      {},
    ],
    ['where one of two conditions does not hold', { rules: [RULE], accounts: ['999999999999'] }, {}, {}],
  ])('%s', (_, when, sample, more) => {
    expect(quiet(when, sample, more)).toBe(false);
  });
});

describe('a suppression is refused at synth', () => {
  const good: SuppressionProps = {
    name: 'scanner',
    owner: 'platform',
    reason: 'weekly scan',
    until: new Date(Date.now() + 86_400_000),
    rules: [RULE],
  };

  test.each<[string, Partial<SuppressionProps>, RegExp]>([
    ['without an end', { until: new Date('never') }, /'until' is no time/],
    ['that ends in two years', { until: new Date(Date.now() + 2 * 366 * 86_400_000) }, /at most 366/],
    ['that begins after its end', { from: new Date(Date.now() + 2 * 86_400_000) }, /'from' is not before 'until'/],
    ['without an owner', { owner: ' ' }, /'owner' is empty/],
    ['without a reason', { reason: '' }, /'reason' is empty/],
    ['without a condition', { rules: undefined }, /no condition/],
    ['with an empty condition', { rules: [] }, /'rules' is empty/],
    ['with an address that is none', { addresses: ['10.0.0.0/33'] }, /holds '10.0.0.0\/33'/],
  ])('%s', (_, more, problem) => {
    expect(() => new SuppressionConstruct({ ...good, ...more })).toThrow(problem);
  });

  test('and is good as long as it has all of that; what is worse than medium is heard by default', () => {
    expect(new SuppressionConstruct(good)._toData()).toMatchObject({ levelAtMost: Level.MEDIUM });
    expect(new SuppressionConstruct({ ...good, until: new Date(0) }).isOver).toBe(true);
  });
});
