import { S3Client } from '@aws-sdk/client-s3';
import { cases } from '../../../runbooks/lock-bucket/cases';
import { makeBucket, readBucketState } from '../bucket';
import type { Shape } from '../contract';
import { targetOf } from '../run-actions';

export const shapes: readonly Shape[] = cases.map((shape) => ({
  name: shape.name,
  async arrange(aws) {
    const s3 = new S3Client({ ...aws.client, forcePathStyle: true });
    const name = await makeBucket(s3, shape);
    return { target: targetOf('bucket', `arn:aws:s3:::${name}`), stateOf: () => readBucketState(s3, name) };
  },
}));
