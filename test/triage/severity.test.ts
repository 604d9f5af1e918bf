import { describe, expect, test } from '@jest/globals';
import type { AssetGroup } from '../../lib/model/criticality';
import { weigh } from '../../lib/model/criticality';
import type { Incident } from '../../lib/model/incident';
import type { Severity } from '../../lib/model/severity';
import { joinIncident, openIncident } from '../../lambdas/triage/triage/decide';
import { rateSeverity } from '../../lambdas/triage/triage/rate-severity';
import { ACCOUNT, sampleAlert, user, type SampleAlert } from '../samples/alert';
import { triageContext } from './triage-context';

const BUCKET = 'arn:aws:s3:::prod-customers';
const bucket = (more: Parameters<typeof user>[1] = {}) =>
  user('', { kind: 'bucket', id: BUCKET, role: 'target', trust: 'confirmed', ...more });
const PRODUCTION: AssetGroup = {
  name: 'production',
  criticality: 'high',
  resources: ['arn:aws:s3:::prod-*'],
  data: ['personal'],
};
const SANDBOX: AssetGroup = { name: 'sandbox', criticality: 'low', accounts: [ACCOUNT] };

function severityOf(sample: SampleAlert, assets: AssetGroup[] = [], stagedRules: string[] = []): Severity {
  return rateSeverity(sampleAlert(sample), undefined, { assets, stagedRules }).severity;
}

describe('severity: impact x urgency', () => {
  test.each<[string, SampleAlert, AssetGroup[], Severity]>([
    ['high on what is critical', { entities: [bucket()] }, [PRODUCTION], 'SEV1'],
    ['medium on what is critical', { level: 'medium', entities: [bucket()] }, [PRODUCTION], 'SEV2'],
    ['high on the rest', {}, [PRODUCTION], 'SEV2'],
    ['high in an account of little weight', {}, [SANDBOX], 'SEV3'],
    ['critical things weigh more than their account', { entities: [bucket()] }, [SANDBOX, PRODUCTION], 'SEV1'],
    ['what only an attacker named', { entities: [bucket({ trust: 'claimed' })] }, [PRODUCTION], 'SEV3'],
  ])('%s', (_, sample, assets, expected) => {
    expect(severityOf(sample, assets)).toBe(expected);
  });

  test('data that has left for certain is SEV1, and what was only tried is not', () => {
    const tags = ['attack.exfiltration'];

    expect(severityOf({ tags, entities: [bucket()] })).toBe('SEV1');
    expect(severityOf({ tags, entities: [user('mallory'), bucket({ trust: 'claimed' })] })).toBe('SEV2');
    expect(severityOf({ tags, level: 'medium', entities: [bucket()] })).toBe('SEV3');
  });

  test('a finding that names nothing weighs what its account does; another alert about nobody weighs little', () => {
    const nobody = { level: 'critical', entities: [] } as const;
    const critical: AssetGroup = { name: 'main', criticality: 'high', accounts: [ACCOUNT] };

    expect(severityOf({ ...nobody, source: 'guardduty' })).toBe('SEV2');
    expect(severityOf({ ...nobody, source: 'guardduty' }, [critical])).toBe('SEV1');
    expect(severityOf({ ...nobody, source: 'guardduty' }, [SANDBOX])).toBe('SEV3');
    expect(severityOf({ ...nobody, source: 'application' })).toBe('SEV3');
  });

  test('a staged rule makes nothing worse than SEV3', () => {
    const rule = 'rule-new';

    expect(severityOf({ rule, level: 'critical' }, [PRODUCTION], [rule])).toBe('SEV3');
    expect(severityOf({ rule, level: 'low' }, [], [rule])).toBe('SEV4');
  });

  test('a harmless name lowers nothing', () => {
    const named: AssetGroup = { ...PRODUCTION, criticality: 'low' };

    expect(weigh(sampleAlert({ entities: [bucket()] }), [named]).impact).toBe('medium');
  });

  test('the incident knows which assets and which data it is about', () => {
    const { incident } = openIncident(sampleAlert({ entities: [bucket()] }), triageContext({ assets: [PRODUCTION] }));

    expect(incident).toMatchObject({ assets: ['production'], data: ['personal'] });
  });
});

describe('severity of an incident that goes on', () => {
  const open = (sample: SampleAlert, more: Partial<Incident> = {}): Incident => ({
    ...openIncident(sampleAlert(sample), triageContext()).incident,
    timelineLength: 2,
    timelineHash: 'x',
    ...more,
  });
  const rule = 'rule-a';

  test('rises by one step with the alert that makes them many, once, and not above SEV2', () => {
    const context = triageContext({ repeatsThatRaise: 5 });
    let incident = open({ rule, level: 'medium' });
    const seen: Severity[] = [];
    for (let i = 0; i < 12; i++) {
      const change = joinIncident(sampleAlert({ rule, level: 'medium', event: `event-${i}` }), incident, context);
      incident = { ...incident, ...change.set };
      seen.push(incident.severity);
    }

    expect(seen.slice(0, 3)).toEqual(['SEV3', 'SEV3', 'SEV3']);
    expect(new Set(seen.slice(3))).toEqual(new Set(['SEV2']));
  });

  test('is SEV1 where it goes on in a second account', () => {
    const alert = sampleAlert({ event: 'event-2' });
    const elsewhere = { ...alert, cloud: { ...alert.cloud, account: { uid: '999999999999' } } };

    expect(joinIncident(elsewhere, open({}), triageContext()).set?.severity).toBe('SEV1');
  });

  test('never falls', () => {
    const incident = open({ level: 'critical' }, { severity: 'SEV1' });

    expect(joinIncident(sampleAlert({ level: 'low', event: 'e2' }), incident, triageContext()).set?.severity).toBe(
      'SEV1',
    );
  });
});

describe('what is missing', () => {
  const context = triageContext({
    plans: [
      {
        name: 'instances',
        when: {},
        runbooks: [{ runbook: 'isolate-instance', mode: 'enforce', contains: 'target' }],
        chain: 'on-call',
      },
    ],
    targetKinds: { 'isolate-instance': 'instance' },
  });

  test('a runbook that finds no target is asked about, once', () => {
    const { incident, entries } = openIncident(sampleAlert(), context);
    const asked = entries.filter(({ kind }) => kind === 'information-missing');
    const again = joinIncident(
      sampleAlert({ event: 'event-2' }),
      { ...incident, timelineLength: 1, timelineHash: 'x' },
      context,
    );

    expect(asked.map(({ text }) => text)).toEqual([expect.stringMatching(/names? no instance as what was acted upon/)]);
    expect(incident.questions).toHaveLength(1);
    expect(again.entries.some(({ kind }) => kind === 'information-missing')).toBe(false);
  });

  test('an alert that names nobody whom AWS attests is asked about', () => {
    const { incident } = openIncident(sampleAlert({ entities: [user('x', { trust: 'claimed' })] }), triageContext());

    expect(incident.questions).toEqual([expect.stringMatching(/who acted, and on what/)]);
  });
});

describe('staging', () => {
  const plan = {
    name: 'users',
    when: {},
    runbooks: [{ runbook: 'disable-access-key', mode: 'enforce' as const, contains: 'actor' as const }],
    chain: 'on-call',
  };
  const observed = (settings: Parameters<typeof triageContext>[0]) =>
    Object.values(
      openIncident(
        sampleAlert({ rule: 'rule-new' }),
        triageContext({ plans: [plan], targetKinds: { 'disable-access-key': 'user' }, ...settings }),
      ).incident.handOvers,
    ).flatMap(({ containment }) => containment?.observeBecause ?? []);

  test('a staged plan only observes', () => {
    expect(observed({ plans: [{ ...plan, staged: true }] })).toEqual([expect.stringMatching(/plan 'users' is staged/)]);
  });

  test('a staged rule only observes', () => {
    expect(observed({ stagedRules: ['rule-new'] })).toEqual([expect.stringMatching(/rule rule-new is staged/)]);
    expect(observed({ stagedRules: ['rule-old'] })).toEqual([]);
  });
});
