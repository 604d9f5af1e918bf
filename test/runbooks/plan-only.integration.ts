import { beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { evidenceHandler } from '../../lambdas/contain/runbook-host/evidence';
import type { Preview } from '../../lambdas/contain/runbook-host/preview';
import type { RecordedCall } from '../../local/proxy/call';
import { RUNBOOKS } from '../../runbooks';
import { World } from '../contain/world';
import { embeddedAws } from '../embedded/aws';
import { triedRunbooks, type Tried } from './shapes';

jest.setTimeout(180_000);

const aws = embeddedAws();
// One for all: the handlers remember the first table that they were told of.
let world: World;

beforeAll(async () => {
  world = await World.create(aws, 'arn:aws:iam::000000000000:policy/unused');
});

describe.each(RUNBOOKS)('$id, where nothing may be changed', ({ id }) => {
  let tried: Tried;

  beforeAll(async () => {
    [tried] = (await triedRunbooks(id)) as [Tried];
  });
  beforeEach(() => {
    jest.spyOn(console, 'log').mockReturnValue();
    jest.spyOn(console, 'error').mockReturnValue();
  });

  const last = () => aws.proxy.last();
  /** Tests run one after the other: what is no Lambda of the deployment is this test. */
  const mine = async (after: number) =>
    (await aws.proxy.calls({ after })).filter(({ source }) => source.kind === 'client');
  const isOwn = ({ service, resource }: RecordedCall) =>
    service === 'dynamodb'
      ? Object.values(resource).includes(world.table.name)
      : service === 's3' && resource['Bucket'] === world.bucket;

  test('observe changes nothing but what is Firebreak’s own, on every shape', async () => {
    for (const { name, arrange } of tried.shapes) {
      const { target, stateOf } = await arrange(aws);
      const before = await stateOf();
      const incidentId = await world.openIncident();
      const containment = await world.hold(tried.runbook, target, incidentId, 'observe');
      const after = await last();

      await world.contain(tried.runbook, containment);

      const calls = await mine(after);
      expect([name, calls.filter((call) => call.mutating && !isOwn(call))]).toEqual([name, []]);
      expect(calls.filter((call) => !isOwn(call)).length).toBeGreaterThan(0);
      expect((await world.containment(containment.id)).status).toBe('planned');
      expect(await stateOf()).toEqual(before);
    }
  });

  test('a plan for a person changes nothing at all, and names each action', async () => {
    const preview = evidenceHandler(tried.runbook);
    for (const { name, arrange } of tried.shapes) {
      const { target } = await arrange(aws);
      const after = await last();

      const plan = (await preview({ schemaVersion: 1, op: 'preview', target })) as Preview;

      const calls = await mine(after);
      expect([name, calls.filter(({ mutating }) => mutating)]).toEqual([name, []]);
      expect(calls.length).toBeGreaterThan(0);
      expect(plan.actions.map(({ action }) => action)).toEqual(tried.runbook.actions.map((action) => action.id));
      expect(plan.actions.flatMap(({ problem }) => problem ?? [])).toEqual([]);
    }
  });
});
