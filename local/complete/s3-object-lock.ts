import {
  GetObjectLockConfigurationCommand,
  type ObjectLockConfiguration,
  PutObjectLockConfigurationCommand,
} from '@aws-sdk/client-s3';
import { type AwsApi } from '../api';
import { type DeployedResource } from '../stack';
import { type Completion, only, orNone, tryOut } from './completion';

const BUCKET = 'AWS::S3::Bucket';

async function isLocked(api: AwsApi, bucket: DeployedResource): Promise<boolean> {
  const found = await orNone(
    ['ObjectLockConfigurationNotFoundError'],
    api.s3.send(new GetObjectLockConfigurationCommand({ Bucket: bucket.physicalId })),
  );
  return found?.ObjectLockConfiguration?.ObjectLockEnabled === 'Enabled';
}

export const s3ObjectLock: Completion = {
  name: 's3-object-lock',
  why: "CloudFormation drops a bucket's ObjectLockEnabled and ObjectLockConfiguration: evidence could be deleted",

  needed: (api) =>
    tryOut(
      api,
      { Bucket: { Type: BUCKET, Properties: { ObjectLockEnabled: true } } },
      async (stack) => !(await isLocked(api, only(stack, BUCKET))),
    ),

  async complete(stack, api) {
    const done: string[] = [];
    for (const bucket of stack.ofType(BUCKET)) {
      if (bucket.properties.ObjectLockEnabled !== true || (await isLocked(api, bucket))) continue;
      // The template's words are the API's own.
      const wanted = bucket.properties.ObjectLockConfiguration as ObjectLockConfiguration | undefined;
      const ObjectLockConfiguration = { ...wanted, ObjectLockEnabled: 'Enabled' as const };
      await api.s3.send(new PutObjectLockConfigurationCommand({ Bucket: bucket.physicalId, ObjectLockConfiguration }));
      done.push(`${bucket.logicalId}: Object Lock`);
    }
    return done;
  },
};
