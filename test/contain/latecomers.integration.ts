import { beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { IAMClient } from '@aws-sdk/client-iam';
import { CreateStateMachineCommand, SFNClient, StartExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { refuseContainment } from '../../lambdas/contain/guard-rails/refuse';
import { handler as auditor } from '../../lambdas/contain/auditor/handler';
import { failContainment } from '../../lambdas/contain/shared/fail-containment';
import { changeContainment } from '../../lambdas/shared/store/containments';
import { getIncident } from '../../lambdas/shared/store/incidents';
import type { Table } from '../../lambdas/shared/store/table';
import type { Containment } from '../../lib/model/containment';
import { executionName } from '../../lib/model/ids';
import { runbook } from '../../runbooks/disable-access-key/actions';
import { cases, type UserCase } from '../../runbooks/disable-access-key/cases';
import { embeddedAws, eventually } from '../embedded/aws';
import { makeUser } from '../runbooks/user';
import { World } from './world';

jest.setTimeout(60_000);

const aws = embeddedAws();
const iam = new IAMClient(aws.client);
let world: World;

beforeAll(async () => {
  world = await World.create(aws, 'arn:aws:iam::000000000000:policy/unused');
});
beforeEach(() => {
  jest.spyOn(console, 'log').mockReturnValue();
  jest.spyOn(console, 'error').mockReturnValue();
});

async function start() {
  const { target } = await makeUser(iam, cases[0] as UserCase);
  const incidentId = await world.openIncident();
  return { incidentId, containment: await world.hold(runbook, target, incidentId) };
}

describe('GIVEN an incident that begins to hold a containment while its end is written down', () => {
  /** The table of a run before whose first write to the containment another incident holds it. */
  function joinedBy(incidentId: string, { id }: Containment): Table {
    let joined = false;
    const client = new Proxy(world.table.client, {
      get(target, property, receiver) {
        if (property !== 'send') return Reflect.get(target, property, receiver) as unknown;
        return async (command: Parameters<typeof target.send>[0]) => {
          const isEnd =
            command.constructor.name === 'PutCommand' && JSON.stringify(command.input).includes(`"id":"${id}"`);
          if (isEnd && !joined) {
            joined = true;
            await world.addHold(id, incidentId);
          }
          return target.send(command);
        };
      },
    });
    return { ...world.table, client };
  }

  const failed = { kind: 'failed', because: 'it was throttled', by: 'a test' } as const;
  test.each<[string, string, (table: Table, containment: Containment) => Promise<void>]>([
    ['failed', 'containment-failed', (table, containment) => failContainment(table, containment, failed)],
    [
      'refused',
      'containment-refused',
      (table, containment) => refuseContainment(table, containment, 'it is protected', 'a test'),
    ],
  ])('WHEN it is %s, THEN people of that incident are told and paged as well, each once', async (status, kind, end) => {
    const { incidentId, containment } = await start();
    const late = await world.openIncident();

    await end(joinedBy(late, containment), containment);

    expect(await world.containment(containment.id)).toMatchObject({ status, holds: [incidentId, late] });
    for (const id of [incidentId, late]) {
      expect((await world.kinds(id)).filter((found) => found === kind)).toHaveLength(1);
      expect((await getIncident(world.table, id))?.handOvers['escalation']).toMatchObject({ attempt: 1 });
    }
  });
});

describe('GIVEN a containment that waited for more than half an hour to be started', () => {
  const sfn = new SFNClient(aws.client);

  async function machine(): Promise<string> {
    const { stateMachineArn = '' } = await sfn.send(
      new CreateStateMachineCommand({
        name: `waits-${world.table.name}`,
        roleArn: process.env['CONTAIN_ROLE_ARN'],
        definition: JSON.stringify({ StartAt: 'W', States: { W: { Type: 'Wait', Seconds: 36_000, End: true } } }),
      }),
    );
    return stateMachineArn;
  }

  test('WHEN it was started just now, THEN it is not said that it never was; WHEN that ends unheard, THEN it is', async () => {
    const stateMachineArn = await machine();
    process.env['RUNBOOK_MACHINES'] = JSON.stringify({ [runbook.facts.id]: stateMachineArn });
    const { containment } = await start();
    const startedAt = new Date(Date.now() - 31 * 60_000).toISOString();
    await changeContainment(world.table, containment.id, (now) => now && { ...now, startedAt });
    const name = executionName(containment.id, containment.attempt);
    const { executionArn } = await sfn.send(new StartExecutionCommand({ stateMachineArn, name }));

    expect(await auditor({})).toEqual({ failed: [] });
    await sfn.send(new StopExecutionCommand({ executionArn }));
    await eventually('its end', async () => ((await auditor({})).failed.includes(containment.id) ? true : undefined));

    expect((await world.containment(containment.id)).reason).toMatch(/its execution ended as ABORTED/);
  });
});
