import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { handler as auditor } from '../../lambdas/contain/auditor/handler';
import { lockResource, releaseOwner } from '../../lambdas/contain/shared/target-lock';
import { acquireLock } from '../../lambdas/shared/store/locks';
import { changeContainment } from '../../lambdas/shared/store/containments';
import { runbook } from '../../runbooks/disable-access-key/actions';
import { embeddedAws } from '../embedded/aws';
import { World } from './world';

const execution = (name: string) => `arn:aws:states:us-east-1:000000000000:execution:release:${name}`;

describe('GIVEN a release that failed, and another one that began while the auditor asked how it ended', () => {
  const aws = embeddedAws();
  let world: World;
  let stepFunctions: Server;
  let meanwhile: () => Promise<void> = () => Promise.resolve();

  beforeAll(async () => {
    jest.spyOn(console, 'log').mockReturnValue();
    stepFunctions = createServer((_, response) => {
      void meanwhile().then(() => {
        response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end('{"status":"FAILED"}');
      });
    });
    await new Promise<void>((resolve) => stepFunctions.listen(0, '127.0.0.1', resolve));
    process.env['AWS_ENDPOINT_URL_SFN'] = `http://127.0.0.1:${(stepFunctions.address() as AddressInfo).port}`;
    world = await World.create(aws, 'arn:aws:iam::000000000000:policy/unused');
  });
  afterAll(async () => {
    delete process.env['AWS_ENDPOINT_URL_SFN'];
    stepFunctions.closeAllConnections();
    await new Promise((resolve) => stepFunctions.close(resolve));
  });

  test('WHEN the auditor goes on, THEN the one at work is not said to have failed, and keeps its lock', async () => {
    const target = { kind: 'user', id: 'arn:aws:iam::000000000000:user/late', account: '000000000000' } as const;
    const incidentId = await world.openIncident();
    const containment = await world.hold(runbook, { ...target, region: 'us-east-1' }, incidentId);
    const startedAt = new Date(Date.now() - 10 * 60_000).toISOString();
    const releasing = (executionArn: string) =>
      changeContainment(
        world.table,
        containment.id,
        (now) => now && { ...now, startedAt, status: 'releasing', executionArn },
      );
    await releasing(execution('first'));
    const owner = releaseOwner(containment, execution('second'));
    meanwhile = async () => {
      await releasing(execution('second'));
      await acquireLock(world.table, {
        resource: lockResource(containment.target),
        ...owner,
        seconds: 600,
        now: new Date(),
      });
    };

    expect(await auditor({ source: 'firebreak.schedule' })).toEqual({ failed: [] });

    expect(await world.containment(containment.id)).toMatchObject({
      status: 'releasing',
      executionArn: execution('second'),
    });
    const another = { resource: lockResource(containment.target), owner: 'contain:another', run: 1, seconds: 60 };
    expect(await acquireLock(world.table, { ...another, now: new Date() })).toBeUndefined();
  });
});
