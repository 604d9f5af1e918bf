import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type EmbeddedAws, startEmbeddedAws } from '../../local/embedded-aws';
import { packageRoot } from '../../local/paths';
import { deployFirebreak } from './deploy-firebreak';
import { giveWorkers, type WorkerAws } from './worker-aws';

declare global {
  /** Handed from global setup to global teardown, which jest runs in the same process. */
  var firebreakTestAws: EmbeddedAws[] | undefined;
}

/**
 * One embedded AWS for each of jest's workers, so that they need not share faults, wait scale and the journal of calls;
 * tests find theirs by `embeddedAws()` of `./aws`.
 */
export default async function globalSetup({ maxWorkers }: { readonly maxWorkers: number }): Promise<void> {
  globalThis.firebreakTestAws = [];
  const workers = Array.from({ length: maxWorkers }, (_, index) => startFor(index + 1));
  const results = await Promise.allSettled(workers);
  const failed = results.find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') {
    // Jest runs no teardown after a failed setup.
    await Promise.all(globalThis.firebreakTestAws.map((aws) => aws.stop()));
    throw failed.reason;
  }
  giveWorkers(await Promise.all(workers));
}

async function startFor(worker: number): Promise<WorkerAws> {
  const aws = await startEmbeddedAws({
    // A minute of a state machine passes in 0.6 seconds.
    waitScale: 0.01,
    // Idle workers count: some twenty functions, several of them at once.
    lambdaConcurrency: 64,
    log: (message) => process.stderr.write(`${message}\n`),
  });
  globalThis.firebreakTestAws?.push(aws);
  const moto = aws.servers.find(({ name }) => name === 'moto');
  return {
    ...aws.env,
    FIREBREAK_TEST_ENDPOINT: aws.endpoint,
    // Roles that instances get must be made in moto's own IAM too; no call from outside the tests goes there.
    ...(moto && { FIREBREAK_TEST_MOTO: `http://127.0.0.1:${moto.port}` }),
    FIREBREAK_TEST_OUTPUTS: await deployOnce(aws, worker),
  };
}

/** A deployment that all integration tests of a worker share; returns the file with its outputs. */
async function deployOnce(aws: EmbeddedAws, worker: number): Promise<string> {
  const outputs = join(packageRoot(), '.firebreak', `test-outputs-${worker}.json`);
  await rm(outputs, { force: true });
  await deployFirebreak(aws, { outputs, assembly: join(packageRoot(), '.firebreak', `test-assembly-${worker}`) });
  return outputs;
}
