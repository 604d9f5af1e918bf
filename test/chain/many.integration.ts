import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { DeleteCommand, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { ListExecutionsCommand } from '@aws-sdk/client-sfn';
import { drillApi } from '../../drills/clients';
import type { Person } from '../../drills/company/people';
import { getContainment } from '../../lambdas/shared/store/containments';
import type { Containment } from '../../lib/model/containment';
import { containmentId } from '../../lib/model/ids';
import type { Target } from '../../lib/model/plan';
import type { EmbeddedAws } from '../../local/embedded-aws';
import { eventually } from '../embedded/aws';
import { deployedFirebreak } from '../embedded/firebreak';
import { Attack } from './attack';

jest.setTimeout(300_000);

const RUNBOOK = 'disable-access-key';
/** A sample in `npm test`; `npm run test:many` has twenty. */
const MANY = Number(process.env['FIREBREAK_MANY'] ?? 8);
/** `test/embedded/firebreak.yaml` says so. */
const LIMIT = 100;
/** A Node process starts for each, on whatever machine this is. */
const PATIENCE_MS = 240_000;

describe('many at once, deployed', () => {
  const firebreak = deployedFirebreak();
  const { aws, table } = firebreak;
  const api = drillApi(aws as unknown as EmbeddedAws);
  const attack = new Attack(api, firebreak);
  const hour = () => ({ pk: `RATE#${RUNBOOK}#${new Date().toISOString().slice(0, 13)}`, sk: 'META' });

  const target = ({ arn }: Person): Target => ({ kind: 'user', id: arn, account: aws.account, region: 'us-east-1' });
  const idOf = (person: Person) => containmentId(RUNBOOK, target(person));

  async function open(title: string, people: readonly Person[]): Promise<string> {
    const { incidentId } = await attack.respond<{ incidentId: string }>({
      op: 'open',
      by: 'Ada',
      title,
      severity: 'SEV3',
      contain: people.map((person) => ({ runbook: RUNBOOK, target: { ...target(person) } })),
    });
    return incidentId;
  }

  /** Waits until each containment has ended. */
  async function ended(people: readonly Person[], ends: readonly Containment['status'][]): Promise<Containment[]> {
    const over: readonly (Containment['status'] | undefined)[] = [
      'held',
      'refused',
      'failed',
      'released',
      'release-failed',
    ];
    const all = await eventually(
      `the end of ${people.length} containments`,
      async () => {
        const now = await Promise.all(people.map((person) => getContainment(table, idOf(person))));
        // What was held before it is released has not ended: only one of these ends is waited for.
        return now.every(
          (one) =>
            one &&
            (over.includes(one.status) || ends.includes(one.status)) &&
            (one.status !== 'held' || ends.includes('held')),
        )
          ? (now as Containment[])
          : undefined;
      },
      PATIENCE_MS,
    );
    const others = all
      .filter(({ status }) => !ends.includes(status))
      .map(({ status, reason }) => `${status}: ${reason ?? ''}`);
    expect(others).toEqual([]);
    return all;
  }

  async function executions(prefix: string): Promise<string[]> {
    const stateMachineArn = firebreak
      .output('Machines')
      .split(',')
      .find((arn) => arn.includes('disableaccesskeyContain'));
    const { executions: found = [] } = await api.machines.send(
      new ListExecutionsCommand({ stateMachineArn, maxResults: 1000 }),
    );
    return found.flatMap(({ name }) => (name?.startsWith(prefix) ? [name] : []));
  }

  const hire = (name: string, count: number) =>
    Promise.all(Array.from({ length: count }, (_, index) => attack.hire(`${name}-${index}`)));

  // The hour's counter is shared with the tests that follow.
  afterEach(async () => {
    await table.client.send(new DeleteCommand({ TableName: table.name, Key: hour() }));
  });

  test(`${MANY} incidents for one target are one containment, held by all of them, released by the last`, async () => {
    const [mallory] = (await hire('wanted', 1)) as [Person];

    const incidents = await Promise.all(
      Array.from({ length: MANY }, (_, index) => open(`incident ${index}`, [mallory])),
    );
    const [held] = (await ended([mallory], ['held'])) as [Containment];

    expect([...held.holds].sort()).toEqual([...incidents].sort());
    expect(await executions(held.id)).toEqual([`${held.id}-1`]);
    expect(await attack.stateOf(mallory)).toEqual({ denied: true, keys: ['Inactive', 'Inactive'] });
    const { Item } = await table.client.send(new GetCommand({ TableName: table.name, Key: hour() }));
    expect([...(Item?.['taken'] as Set<string>)].filter((id) => id === held.id)).toHaveLength(1);
    let started = 0;
    for (const incidentId of incidents) {
      const kinds = (await attack.show(incidentId)).timeline.map(({ kind }) => kind);
      started += kinds.filter((kind) => kind === 'containment-started').length;
      expect(kinds.filter((kind) => /^containment-(started|held-by-another)$/.test(kind))).toHaveLength(1);
    }
    expect(started).toBeGreaterThanOrEqual(1);

    const letGo = (incidentId: string) =>
      attack.respond({
        op: 'release',
        containmentId: held.id,
        incidentId,
        by: 'Ada',
        reason: 'over',
        force: false,
        reactivateKeys: true,
      });
    await Promise.all(incidents.map(letGo));
    const [released] = (await ended([mallory], ['released'])) as [Containment];

    expect(released.holds).toEqual([]);
    expect(await attack.stateOf(mallory)).toEqual({ denied: false, keys: ['Active', 'Active'] });
    const words = await Promise.all(
      incidents.map(async (incidentId) => (await attack.show(incidentId)).timeline.map(({ kind }) => kind)),
    );
    const last = words.filter((kinds) => kinds.includes('containment-released'));
    expect(last).toHaveLength(1);
    // Each that lets go is heard of by all that still hold.
    const hears = words.filter((kinds) => kinds.includes('hold-removed') || kinds.includes('containment-released'));
    expect(hears).toHaveLength(MANY);
  });

  test(`one incident with ${MANY} targets is one containment each`, async () => {
    const people = await hire('gang', MANY);

    const incidentId = await open('many at once', people);
    const all = await ended(people, ['held']);

    expect(all.map(({ holds }) => holds)).toEqual(all.map(() => [incidentId]));
    for (const { id } of all) expect(await executions(id)).toEqual([`${id}-1`]);
    for (const person of people) {
      expect(await attack.stateOf(person)).toEqual({ denied: true, keys: ['Inactive', 'Inactive'] });
    }
    const { timeline } = await attack.show(incidentId);
    expect(timeline.filter(({ kind }) => kind === 'containment-verified')).toHaveLength(MANY);
  });

  test(`of ${MANY} targets no more than the limit of the hour are contained, and people are asked about the others`, async () => {
    const left = 3;
    const others = new Set(Array.from({ length: LIMIT - left }, (_, index) => `con-other-${index}`));
    await table.client.send(
      new UpdateCommand({
        TableName: table.name,
        Key: hour(),
        UpdateExpression: 'ADD taken :others',
        ExpressionAttributeValues: { ':others': others },
      }),
    );
    const people = await hire('mob', MANY);

    const incidentId = await open('too many', people);
    const all = await ended(people, ['held', 'awaiting-approval']);

    const contained = all.filter(({ status }) => status === 'held');
    expect(contained).toHaveLength(left);
    for (const person of people) {
      const denied = contained.some(({ id }) => id === idOf(person));
      expect(await attack.stateOf(person)).toMatchObject({ denied });
    }
    const { incident, timeline } = await attack.show(incidentId);
    expect(timeline.filter(({ kind }) => kind === 'approval-requested')).toHaveLength(MANY - left);
    expect(incident.handOvers['escalation']).toBeDefined();
  });
});
