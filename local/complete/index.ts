import { type AwsApi } from '../api';
import { type DeployedStack } from '../stack';
import { type Completion } from './completion';
import { dynamodbEncryption } from './dynamodb-encryption';
import { dynamodbRecovery } from './dynamodb-recovery';
import { dynamodbTtl } from './dynamodb-ttl';
import { iamBoundary } from './iam-boundary';
import { lambdaConcurrency } from './lambda-concurrency';
import { lambdaDeadLetters } from './lambda-dead-letters';
import { logFilterPattern } from './log-filter-pattern';
import { s3Encryption } from './s3-encryption';
import { s3Lifecycle } from './s3-lifecycle';
import { s3ObjectLock } from './s3-object-lock';
import { sfnLogging } from './sfn-logging';
import { snsKey } from './sns-key';

/** What MiniStack 1.5.33 drops. A test notices when a newer one makes an entry unnecessary. */
export const COMPLETIONS: readonly Completion[] = [
  dynamodbEncryption,
  dynamodbRecovery,
  dynamodbTtl,
  iamBoundary,
  lambdaConcurrency,
  lambdaDeadLetters,
  logFilterPattern,
  s3Encryption,
  s3Lifecycle,
  s3ObjectLock,
  sfnLogging,
  snsKey,
];

/** Completes a deployed stack; gives a line for each thing that was set. An update of the stack may undo it: repeat it. */
export async function completeAll(stack: DeployedStack, api: AwsApi): Promise<string[]> {
  const done = await Promise.all(
    COMPLETIONS.map(async (completion) =>
      (await completion.complete(stack, api)).map((line) => `${completion.name}: ${line}`),
    ),
  );
  return done.flat();
}
