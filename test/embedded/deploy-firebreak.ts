import { CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateQueueCommand } from '@aws-sdk/client-sqs';
import { join } from 'node:path';
import { awsApi } from '../../local/api';
import { deploy } from '../../local/cdk';
import { completeAll } from '../../local/complete';
import type { EmbeddedAws } from '../../local/embedded-aws';
import { packageRoot } from '../../local/paths';
import { deployedStack } from '../../local/stack';

export const TEST_STACK = 'FirebreakTest';
export const TEST_LOG_GROUPS = ['/company/cloudtrail', '/company/orders'];
export const TEST_PHONES = ['phone-first', 'phone-second'];

/** Deploys the real app, as `test/embedded/firebreak.yaml` says, and completes what the emulator dropped. */
export async function deployFirebreak(
  aws: EmbeddedAws,
  { outputs, assembly }: { readonly outputs: string; readonly assembly: string },
): Promise<void> {
  const api = awsApi(aws);
  await Promise.all([
    ...TEST_LOG_GROUPS.map((logGroupName) => api.logs.send(new CreateLogGroupCommand({ logGroupName }))),
    ...TEST_PHONES.map((QueueName) => api.queues.send(new CreateQueueCommand({ QueueName }))),
  ]);
  await deploy({
    aws,
    app: `${process.execPath} ${join(packageRoot(), 'dist/bin/app.js')}`,
    assembly,
    cwd: packageRoot(),
    env: { FIREBREAK_CONFIG: join(packageRoot(), 'test/embedded/firebreak.yaml') },
    outputsFile: outputs,
  });
  await completeAll(await deployedStack(api, assembly, TEST_STACK), api);
}
