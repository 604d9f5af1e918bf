import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type EmbeddedAws, startEmbeddedAws } from '../../local/embedded-aws';
import { packageRoot } from '../../local/paths';
import { deployFirebreak } from './deploy-firebreak';

declare global {
  /** Handed from global setup to global teardown, which jest runs in the same process. */
  var firebreakTestAws: EmbeddedAws | undefined;
}

/** One embedded AWS for the whole integration project; tests find it by `embeddedAws()` of `./aws`. */
export default async function globalSetup(): Promise<void> {
  const aws = await startEmbeddedAws({
    // A minute of a state machine passes in 0.6 seconds.
    waitScale: 0.01,
    // Idle workers count: some twenty functions, several of them at once.
    lambdaConcurrency: 64,
    log: (message) => process.stderr.write(`${message}\n`),
  });
  globalThis.firebreakTestAws = aws;
  const moto = aws.servers.find(({ name }) => name === 'moto');
  // Set before the workers are made: they inherit it.
  Object.assign(process.env, aws.env, {
    FIREBREAK_TEST_ENDPOINT: aws.endpoint,
    // Roles that instances get must be made in moto's own IAM too; no call from outside the tests goes there.
    ...(moto && { FIREBREAK_TEST_MOTO: `http://127.0.0.1:${moto.port}` }),
  });
  try {
    await deployOnce(aws);
  } catch (error) {
    await aws.stop(); // Jest runs no teardown after a failed setup.
    throw error;
  }
}

/** A deployment that all integration tests share; its outputs go to FIREBREAK_TEST_OUTPUTS, a file. */
async function deployOnce(aws: EmbeddedAws): Promise<void> {
  const outputs = join(packageRoot(), '.firebreak', 'test-outputs.json');
  await rm(outputs, { force: true });
  await deployFirebreak(aws, outputs);
  process.env.FIREBREAK_TEST_OUTPUTS = outputs;
}
