import { beforeAll, describe, expect, test } from '@jest/globals';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { startHandOvers } from '../../lambdas/shared/hand-over/start-hand-overs';
import { alertPages } from '../../lambdas/shared/store/alerts';
import { getContainment } from '../../lambdas/shared/store/containments';
import { getIncident } from '../../lambdas/shared/store/incidents';
import { survivorOf } from '../../lambdas/shared/store/survivor';
import { readSuppressedCounts } from '../../lambdas/shared/store/suppressions';
import { incidentKey } from '../../lambdas/shared/store/table';
import { showIncident } from '../../lambdas/triage/query/show-incident';
import { mergeIncidents } from '../../lambdas/triage/triage/merge-incidents';
import type { TriageContext } from '../../lambdas/triage/triage/triage-context';
import { triageAlert, type Triaged } from '../../lambdas/triage/triage/triage-alert';
import { toAlert } from '../../lambdas/detect/detector/to-alert';
import type { Alert } from '../../lib/model/alert';
import type { Entity } from '../../lib/model/entity';
import { containmentId } from '../../lib/model/ids';
import type { Incident } from '../../lib/model/incident';
import type { JsonObject } from '../../lib/model/json';
import type { Mode } from '../../lib/model/plan';
import { verifyChain } from '../../lib/model/timeline-chain';
import { deployedFirebreak } from '../embedded/firebreak';
import { busEvent } from '../detect/finding';
import { sampleAlert, user } from '../samples/alert';
import { sequenceFinding, SEQUENCE } from '../samples/attack-sequence';
import { triageContext } from './triage-context';

/** As many as SQS lets work at once; see lib/triage/triage.ts. */
const WORKERS = 5;
/** As often as SQS delivers before it gives up. */
const DELIVERIES = 5;

describe('alerts, grouped into incidents in the store', () => {
  const firebreak = deployedFirebreak();
  const { table } = firebreak;

  beforeAll(() => {
    const machine = (part: string): string =>
      firebreak
        .output('Machines')
        .split(',')
        .find((arn) => arn.includes(part)) ?? '';
    process.env['ESCALATION_MACHINES'] = JSON.stringify({ default: machine('oncall'), oncall: machine('oncall') });
    process.env['CONTAINMENT_MACHINES'] = JSON.stringify({ 'disable-access-key': machine('disableaccesskeyContain') });
    Object.assign(process.env, firebreak.aws.env);
  });

  async function alertsOf(id: string): Promise<Alert[]> {
    const found: Alert[] = [];
    for await (const page of alertPages(table, id)) found.push(...page);
    return found;
  }

  /** As the queue would: every alert at least once, several at a time, those that fail again. */
  async function deliver(alerts: readonly Alert[], context = triageContext()): Promise<Triaged[]> {
    const waiting = [...alerts];
    const done: Triaged[] = [];
    await Promise.all(
      Array.from({ length: WORKERS }, async () => {
        for (let alert = waiting.shift(); alert; alert = waiting.shift()) {
          for (let delivery = 1; ; delivery++) {
            try {
              done.push(await triageAlert(table, alert, { ...context, now: new Date() }));
              break;
            } catch (error) {
              if (delivery === DELIVERIES) throw error;
            }
          }
        }
      }),
    );
    return done;
  }

  async function survivors(triaged: readonly Triaged[]): Promise<Incident[]> {
    const ids = new Set(triaged.flatMap((one) => ('incident' in one ? one.incident.id : [])));
    const found = await Promise.all([...ids].map((id) => survivorOf(table, id)));
    return [...new Map(found.flatMap((one) => (one ? [[one.id, one] as const] : []))).values()];
  }

  function things(): Record<'mallory' | 'key' | 'instance' | 'bucket' | 'eve' | 'function' | 'address', Entity> {
    const run = randomUUID().slice(0, 8);
    return {
      mallory: user(`mallory-${run}`),
      key: user('', { kind: 'access-key', id: `AKIA${run.toUpperCase()}` }),
      instance: user('', { kind: 'instance', id: `i-${run}`, role: 'target', trust: 'finding' }),
      bucket: user('', { kind: 'bucket', id: `arn:aws:s3:::b-${run}`, role: 'target', trust: 'confirmed' }),
      eve: user(`eve-${run}`),
      function: user('', { kind: 'function', id: `arn:aws:lambda:us-east-1:1:function:${run}`, role: 'target' }),
      address: user('', { kind: 'address', id: '198.51.100.7' }),
    };
  }

  const about = (...entities: Entity[]): Alert =>
    sampleAlert({ event: randomUUID(), level: 'medium', entities, time: new Date() });

  function usersContained(mode: Mode): TriageContext {
    return triageContext({
      plans: [
        {
          name: 'users',
          when: {},
          runbooks: [{ runbook: 'disable-access-key', mode, contains: 'actor' }],
          chain: 'oncall',
        },
      ],
      targetKinds: { 'disable-access-key': 'user' },
    });
  }

  test('an attack sequence that goes on joins its incident, and pages no second time', async () => {
    const run = randomUUID().slice(0, 8);
    const sequence = JSON.parse(JSON.stringify(SEQUENCE).replaceAll('alice', `alice-${run}`)) as JsonObject;
    const alertAt = (updatedAt: string): Alert => {
      const detail = sequenceFinding(sequence, { id: run, updatedAt });
      const event = busEvent(JSON.stringify({ 'detail-type': 'GuardDuty Finding', detail }));
      const rule = { id: 'sequence', title: 'Sequence', description: '', level: 'critical', tags: [] } as never;
      const delivery = { via: 'eventbridge', from: '', receivedAt: updatedAt } as const;
      return toAlert({ rule, because: [] }, event, delivery, { now: new Date() });
    };

    const [first] = await survivors(await deliver([alertAt('2026-03-01T09:25:00.000Z')]));
    const after = await survivors(await deliver([alertAt('2026-03-01T10:25:00.000Z')]));

    expect(first).toMatchObject({ severity: 'SEV2', alertCount: 1 });
    expect(after).toMatchObject([{ id: first?.id, severity: 'SEV2', alertCount: 2 }]);
    expect(Object.values(after[0]?.handOvers ?? {}).map(({ kind, attempt }) => [kind, attempt])).toEqual([
      ['escalation', 1],
    ]);
  });

  test('one attack through three services is one incident, an unrelated one from behind its address another, in any order', async () => {
    const { mallory, key, instance, bucket, eve, function: fn, address } = things();
    const kinds: readonly (() => Alert)[] = [
      () => about(mallory, address),
      () => about(key, address),
      () => about(instance),
      () => about(bucket, address),
    ];
    const others: readonly (() => Alert)[] = [() => about(eve, address), () => about(fn, address)];
    const bridges = [about(mallory, key), about(key, instance), about(instance, bucket), about(eve, fn, address)];
    const attack = Array.from({ length: 330 }, (_, i) => kinds[i % kinds.length]?.() ?? about(mallory));
    const unrelated = Array.from({ length: 166 }, (_, i) => others[i % others.length]?.() ?? about(eve));
    const all = [...bridges, ...attack, ...unrelated];
    const duplicates = all.filter((_, index) => index % 5 === 0);
    const [order = []] = fc.sample(
      fc.shuffledSubarray([...all, ...duplicates], { minLength: all.length + duplicates.length }),
      1,
    );

    const triaged = await deliver(order);
    const incidents = await survivors(triaged);

    expect(triaged).toHaveLength(order.length);
    expect(incidents.map(({ alertCount }) => alertCount).sort((a, b) => b - a)).toEqual([333, 167]);
    for (const { id } of incidents) {
      const view = await showIncident(table, id);
      for (const { incident, timeline } of [
        { incident: view?.incident, timeline: view?.timeline ?? [] },
        ...(view?.merged ?? []),
      ]) {
        expect(verifyChain(incident?.id ?? '', timeline)).toMatchObject({ intact: true });
      }
      const raised = [view?.timeline ?? [], ...(view?.merged ?? []).map(({ timeline }) => timeline)]
        .flat()
        .filter(({ kind }) => kind === 'alert-raised');
      expect(raised).toHaveLength(view?.incident.alertCount ?? -1);
    }
  }, 300_000);

  test('whatever comes first, the same alerts give the same incidents', async () => {
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: 6 }), async (order) => {
        const { mallory, key, bucket, eve, address } = things();
        const alerts = [
          about(mallory, address),
          about(key),
          about(bucket, address),
          about(mallory, key),
          about(key, bucket),
          about(eve, address),
        ];
        const triaged = await deliver(order.flatMap((index) => alerts[index] ?? []));
        const counts = (await survivors(triaged)).map(({ alertCount }) => alertCount).sort();

        expect(counts).toEqual([1, 5]);
      }),
      { numRuns: 15 },
    );
  }, 120_000);

  test.each([
    ['a merge moves what was started: one hold, by the one that goes on', 'observe', 1],
    [
      'a merge by an alert that allows more begins anew: one hold as well, so that its release is the last',
      'enforce',
      2,
    ],
  ] as const)(
    '%s',
    async (_, mode, attempt) => {
      const { mallory, eve } = things();
      const context = usersContained('observe');
      const [first, second] = await Promise.all([mallory, eve].map((one) => deliver([about(one)], context)));
      const [older, younger] = [...(await survivors([...(first ?? []), ...(second ?? [])]))].sort((a, b) =>
        a.openedAt === b.openedAt ? a.id.localeCompare(b.id) : a.openedAt.localeCompare(b.openedAt),
      );
      for (const incident of [older, younger]) if (incident) await startHandOvers(table, incident);

      const [merged] = await deliver([about(mallory, eve)], usersContained(mode));
      const going = merged && 'incident' in merged ? merged.incident : undefined;
      if (going) await startHandOvers(table, going);

      expect(going?.id).toBe(older?.id);
      expect(await getIncident(table, younger?.id ?? '')).toMatchObject({ status: 'merged', mergedInto: older?.id });
      for (const one of [mallory, eve]) {
        const containment = await getContainment(table, containmentId('disable-access-key', one));
        expect(containment?.holds).toEqual([older?.id]);
        expect(containment).toMatchObject({ mode, attempt });
      }
    },
    60_000,
  );

  test('merged again and again, by hand of two at once, none is lost', async () => {
    const { mallory, eve } = things();
    const [one, other] = await Promise.all([mallory, eve].map((entity) => deliver([about(entity)])));
    const open = await survivors([...(one ?? []), ...(other ?? [])]);
    const tries = await Promise.allSettled([1, 2, 3].map(async () => mergeIncidents(table, open, new Date())));

    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await survivors([...(one ?? []), ...(other ?? [])])).map(({ alertCount }) => alertCount)).toEqual([2]);
  });

  test('what is suppressed is counted once, and is heard beside an open incident', async () => {
    const { mallory, bucket } = things();
    const name = `scanner-${randomUUID().slice(0, 8)}`;
    const context = triageContext({
      suppressions: [
        {
          name,
          owner: 'platform',
          reason: 'weekly scan',
          until: new Date(Date.now() + 60_000).toISOString(),
          levelAtMost: 'high',
          when: { principals: [mallory.id] },
        },
      ],
    });
    const alerts = Array.from({ length: 12 }, () => about(mallory));

    const quiet = await deliver([...alerts, ...alerts], context);
    const [open] = await deliver([about(bucket)], context);
    const [beside] = await deliver([about(mallory, bucket)], context);

    expect(quiet.every((one) => 'suppressedBy' in one && one.suppressedBy === name)).toBe(true);
    expect((await readSuppressedCounts(table)).find((count) => count.name === name)).toMatchObject({
      count: 12,
      owner: 'platform',
    });
    expect(
      beside && 'incident' in beside && open && 'incident' in open && beside.incident.id === open.incident.id,
    ).toBe(true);
  }, 60_000);

  test('lines that name nobody are one incident for each rule and log group, not a page for each', async () => {
    const run = randomUUID().slice(0, 8);
    const line = (rule: string, from: string): Alert => {
      const alert = sampleAlert({ rule: `${run}-${rule}`, event: randomUUID(), entities: [], source: 'application' });
      const { firebreak: unmapped } = alert.unmapped;
      return { ...alert, unmapped: { firebreak: { ...unmapped, delivery: { ...unmapped.delivery, from } } } };
    };
    const triaged = await deliver([
      ...Array.from({ length: 20 }, (_, index) => line('jndi', `/orders:stream-${index}`)),
      line('jndi', '/payments:stream-1'),
      line('ssh', '/orders:stream-1'),
    ]);

    expect((await survivors(triaged)).map(({ alertCount }) => alertCount).sort()).toEqual([1, 1, 20]);
  }, 60_000);

  const unnamed = (
    rule: string,
    more: { source?: Alert['unmapped']['firebreak']['source']; finding?: string; group?: string } = {},
  ): Alert => {
    const alert = sampleAlert({ rule, event: randomUUID(), entities: [], source: more.source ?? 'application' });
    return {
      ...alert,
      evidences: [{ data: { id: more.finding ?? '' } }],
      unmapped: { firebreak: { ...alert.unmapped.firebreak, ...(more.group !== undefined && { group: more.group }) } },
    };
  };

  test('findings that name nobody have their severity in common and are not one incident, updates of one are', async () => {
    const rule = randomUUID();
    const finding = (id: string) => unnamed(rule, { source: 'guardduty', finding: `${rule}-${id}` });

    const triaged = await deliver([finding('cluster'), finding('database'), finding('cluster'), finding('cluster')]);

    expect((await survivors(triaged)).map(({ alertCount }) => alertCount).sort()).toEqual([1, 3]);
  }, 60_000);

  test('what correlations counted by tells their incidents apart', async () => {
    const rule = randomUUID();
    const triaged = await deliver([
      unnamed(rule, { group: 'ada' }),
      unnamed(rule, { group: 'sam' }),
      unnamed(rule, { group: 'ada' }),
    ]);

    expect((await survivors(triaged)).map(({ alertCount }) => alertCount).sort()).toEqual([1, 2]);
  }, 60_000);

  test('the window of a rule does not move: whoever hits it now and then keeps nothing from paging', async () => {
    const rule = randomUUID();
    const now = Date.now();
    const at = (minutes: number) =>
      triageAlert(table, unnamed(rule), { ...triageContext(), now: new Date(now + minutes * 60_000) });
    const window = triageContext().settings.windowMinutes;

    const incidents = [];
    for (const minutes of [0, window - 1, window + 1]) incidents.push(await at(minutes));

    const ids = incidents.map((one) => ('incident' in one ? one.incident.id : ''));
    expect(ids[1]).toBe(ids[0]);
    expect(ids[2]).not.toBe(ids[0]);
  }, 60_000);

  test('beside an open incident that is about nobody, a suppression keeps quiet what it says', async () => {
    const rule = randomUUID();
    const suppressions = [
      {
        name: `own-scanner-${rule}`,
        owner: 'platform',
        reason: 'weekly scan',
        until: new Date(Date.now() + 60_000).toISOString(),
        levelAtMost: 'high' as const,
        when: { rules: [rule] },
      },
    ];

    const [opened] = await deliver([unnamed(rule)]);
    const [quiet] = await deliver([unnamed(rule)], triageContext({ suppressions }));

    expect(opened && 'incident' in opened).toBe(true);
    expect(quiet).toEqual({ suppressedBy: `own-scanner-${rule}` });
  }, 60_000);

  test('whatever somebody writes into a log can be stored, and is given back as it came', async () => {
    const deep = Array.from({ length: 60 }).reduce<JsonObject>((inner) => ({ inner }), { end: true });
    const data: JsonObject = {
      at: 1732200000123456789,
      constructor: { name: 'String' },
      '': 'no name',
      deep,
      half: '\ud83d',
    };
    const alert = { ...about(things().mallory), evidences: [{ data }] };

    const [triaged] = await deliver([alert]);
    const id = triaged && 'incident' in triaged ? triaged.incident.id : '';

    expect(await alertsOf(id)).toEqual([JSON.parse(JSON.stringify(alert))]);
  });

  test('an alert that an older version stored as a map is read as well', async () => {
    const { mallory } = things();
    const [triaged] = await deliver([about(mallory)]);
    const id = triaged && 'incident' in triaged ? triaged.incident.id : '';
    const older = about(mallory);
    await table.client.send(
      new PutCommand({
        TableName: table.name,
        Item: { pk: incidentKey(id).pk, sk: `ALERT#${older.finding_info.uid}`, alert: older },
      }),
    );

    expect((await alertsOf(id)).map(({ finding_info }) => finding_info.uid)).toContain(older.finding_info.uid);
  });
});
