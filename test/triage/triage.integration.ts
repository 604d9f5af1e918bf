import { describe, expect, test } from '@jest/globals';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import { randomUUID } from 'node:crypto';
import type { Alert } from '../../lib/model/alert';
import { verifyChain } from '../../lib/model/timeline-chain';
import { ESCALATION, nextEscalation } from '../../lambdas/shared/hand-over/chain';
import { changeIncident } from '../../lambdas/shared/store/incidents';
import { deployedFirebreak } from '../embedded/firebreak';
import { sampleAlert, user } from '../samples/alert';

const ACCOUNT = '000000000000';

describe('triage, deployed', () => {
  const firebreak = deployedFirebreak();
  const { aws, table } = firebreak;
  const states = new SFNClient(aws.client);

  /** An alert that only escalates: no plan of the deployment contains what it is about. */
  function alertAbout(name: string, event: string = randomUUID()): Alert {
    const entity = user(name, { kind: 'bucket', id: `arn:aws:s3:::${name}`, account: ACCOUNT });
    return sampleAlert({ event, level: 'medium', entities: [entity] });
  }

  async function deliver(...alerts: readonly Alert[]): Promise<string[]> {
    const { batchItemFailures } = await firebreak.invoke<{ batchItemFailures: { itemIdentifier: string }[] }>(
      await firebreak.functionName('FirebreakTriageFunction'),
      { Records: alerts.map((alert, index) => ({ messageId: String(index), body: JSON.stringify(alert) })) },
    );
    return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  }

  async function incidentOf(alert: Alert): Promise<string | undefined> {
    const { Item } = await table.client.send(
      new GetCommand({
        TableName: table.name,
        Key: { pk: `ALERT#${alert.finding_info.uid}`, sk: 'META' },
        ConsistentRead: true,
      }),
    );
    return Item?.['incidentId'] as string | undefined;
  }

  async function escalations(incidentId: string): Promise<number> {
    const machine = firebreak
      .output('Machines')
      .split(',')
      .find((arn) => arn.includes('oncall'));
    const { executions } = await states.send(new ListExecutionsCommand({ stateMachineArn: machine, maxResults: 1000 }));
    return (executions ?? []).filter(({ name }) => name?.startsWith(incidentId)).length;
  }

  test('the same alert twice, and once more, is one incident with one escalation', async () => {
    const alert = alertAbout('twice');

    await deliver(alert, alert);
    const [before] = [await firebreak.show((await incidentOf(alert)) ?? '')];
    await deliver(alert);
    const after = await firebreak.show(before.incident.id);

    expect(after.incident.alertCount).toBe(1);
    expect(await escalations(after.incident.id)).toBe(1);
    expect(after.timeline.filter(({ kind }) => kind === 'alert-raised')).toHaveLength(1);
  });

  test('two alerts about one thing at once are one incident', async () => {
    const alerts = Array.from({ length: 6 }, () => alertAbout('at-once'));

    const failures = await Promise.all(alerts.map((alert) => deliver(alert)));
    const incidents = new Set(await Promise.all(alerts.map(incidentOf)));

    expect(failures.flat()).toEqual([]);
    expect(incidents.size).toBe(1);
    const view = await firebreak.show([...incidents][0] ?? '');
    expect(view.incident.alertCount).toBe(6);
    expect(verifyChain(view.incident.id, view.timeline)).toMatchObject({ intact: true });
  });

  test('alerts about different things are different incidents', async () => {
    const [one, other] = [alertAbout('bucket-one'), alertAbout('bucket-other')];

    await deliver(one, other);

    expect(await incidentOf(one)).not.toBe(await incidentOf(other));
  });

  test('a message that is no alert fails alone, and the others are dealt with', async () => {
    const good = alertAbout('good');
    const bad = { ...alertAbout('bad'), class_uid: 1 } as unknown as Alert;

    expect(await deliver(bad, good)).toEqual(['0']);
    expect(await incidentOf(good)).toBeDefined();
  });

  test.each(['kill-before', 'kill-after'] as const)(
    'killed at any of its calls (%s) and delivered again, nothing is lost and nothing is done twice',
    async (fault) => {
      const source = await firebreak.functionName('FirebreakTriageFunction');
      let struck = 0;
      for (let call = 0; ; call++) {
        const alert = alertAbout(`killed-${fault}-${call}`);
        await aws.proxy.clearFaults();
        await aws.proxy.inject({ match: { source }, fault, skip: call });
        await deliver(alert).catch(() => undefined);
        const [active] = await aws.proxy.faults();
        await aws.proxy.clearFaults();
        if (active?.struck !== 1) break;
        struck++;

        expect(await deliver(alert)).toEqual([]);

        const view = await firebreak.show((await incidentOf(alert)) ?? '');
        expect(view.incident.alertCount).toBe(1);
        expect(view.incident.handOvers['escalation']?.state).toBe('started');
        expect(await escalations(view.incident.id)).toBe(1);
        expect(view.timeline.filter(({ kind }) => kind === 'escalation-started')).toHaveLength(1);
        expect(verifyChain(view.incident.id, view.timeline)).toMatchObject({ intact: true });
      }
      // Look-ups, the transaction, the start of the execution, and its mark: fewer calls would mean that no fault struck.
      expect(struck).toBeGreaterThanOrEqual(5);
    },
    120_000,
  );

  test('an incident whose chain was renamed is paged by the default one, and its alerts do not end as dead letters', async () => {
    const [first, second] = [alertAbout('renamed'), alertAbout('renamed')];
    await deliver(first);
    const id = (await incidentOf(first)) ?? '';
    const deployed = (await firebreak.show(id)).incident.chain;
    await changeIncident(table, id, (incident) => ({
      set: {
        chain: 'renamed',
        handOvers: { ...incident.handOvers, [ESCALATION]: nextEscalation(incident, new Date()) },
      },
      entries: [{ stage: 'triage', kind: 'note', text: 'paged anew', by: 'Test' }],
    }));

    expect(await deliver(second)).toEqual([]);

    const { incident, timeline } = await firebreak.show(id);
    expect(incident).toMatchObject({ chain: deployed, handOvers: { escalation: { state: 'started', attempt: 2 } } });
    expect(await escalations(id)).toBe(2);
    expect(timeline.filter(({ text }) => text.startsWith("Escalation chain 'renamed' is not deployed"))).toHaveLength(
      1,
    );
  });

  test('what triage left pending is resumed by the reconciler', async () => {
    const source = await firebreak.functionName('FirebreakTriageFunction');
    const alert = alertAbout('reconciled');
    await aws.proxy.inject({ match: { source, operation: 'StartExecution' }, fault: 'access-denied', times: 0 });
    expect(await deliver(alert)).toEqual(['0']);
    await aws.proxy.clearFaults();
    const id = (await incidentOf(alert)) ?? '';

    await firebreak.invoke(await firebreak.functionName('FirebreakTriageReconciler'), { graceSeconds: 0 });

    expect((await firebreak.show(id)).incident.handOvers['escalation']?.state).toBe('started');
    expect(await escalations(id)).toBe(1);
  });
});
