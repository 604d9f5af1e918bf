import {
  GetBucketEncryptionCommand,
  PutBucketEncryptionCommand,
  type ServerSideEncryptionRule,
} from '@aws-sdk/client-s3';
import { type Completion, only, tryOut } from './completion';

const BUCKET = 'AWS::S3::Bucket';

interface TemplateRule {
  readonly BucketKeyEnabled?: boolean;
  readonly ServerSideEncryptionByDefault?: {
    readonly SSEAlgorithm: 'aws:kms' | 'AES256';
    readonly KMSMasterKeyID?: string;
  };
}

export const s3Encryption: Completion = {
  name: 's3-encryption',
  why: "CloudFormation drops a bucket's BucketEncryption: objects are written under S3's own key",

  needed: (api) =>
    tryOut(
      api,
      {
        Bucket: {
          Type: BUCKET,
          Properties: {
            BucketEncryption: {
              ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } }],
            },
          },
        },
      },
      async (stack) => {
        const Bucket = only(stack, BUCKET).physicalId;
        const { ServerSideEncryptionConfiguration: found } = await api.s3.send(
          new GetBucketEncryptionCommand({ Bucket }),
        );
        return found?.Rules?.[0]?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm !== 'aws:kms';
      },
    ),

  async complete(stack, api) {
    const done: string[] = [];
    for (const bucket of stack.ofType(BUCKET)) {
      const wanted = bucket.properties.BucketEncryption as
        { ServerSideEncryptionConfiguration: TemplateRule[] } | undefined;
      if (wanted === undefined) continue;
      const Rules = wanted.ServerSideEncryptionConfiguration.map(
        ({ ServerSideEncryptionByDefault, BucketKeyEnabled }): ServerSideEncryptionRule => ({
          ApplyServerSideEncryptionByDefault: ServerSideEncryptionByDefault,
          BucketKeyEnabled,
        }),
      );
      await api.s3.send(
        new PutBucketEncryptionCommand({ Bucket: bucket.physicalId, ServerSideEncryptionConfiguration: { Rules } }),
      );
      done.push(`${bucket.logicalId}: encryption`);
    }
    return done;
  },
};
