import {
  GetBucketLifecycleConfigurationCommand,
  type LifecycleRule,
  PutBucketLifecycleConfigurationCommand,
} from '@aws-sdk/client-s3';
import { type Completion, only, orNone, tryOut } from './completion';

const BUCKET = 'AWS::S3::Bucket';

/** The parts of a template's rule that have another name or shape in the API. */
interface TemplateRule {
  readonly Id?: string;
  readonly Status: 'Enabled' | 'Disabled';
  readonly Prefix?: string;
  readonly ExpirationInDays?: number;
  readonly NoncurrentVersionExpiration?: { readonly NoncurrentDays: number };
  readonly AbortIncompleteMultipartUpload?: { readonly DaysAfterInitiation: number };
}

export const s3Lifecycle: Completion = {
  name: 's3-lifecycle',
  why: "CloudFormation drops a bucket's LifecycleConfiguration",

  needed: (api) =>
    tryOut(
      api,
      {
        Bucket: {
          Type: BUCKET,
          Properties: { LifecycleConfiguration: { Rules: [{ Id: 'old', Status: 'Enabled', ExpirationInDays: 30 }] } },
        },
      },
      async (stack) => {
        const Bucket = only(stack, BUCKET).physicalId;
        const asked = api.s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
        return (await orNone(['NoSuchLifecycleConfiguration'], asked)) === undefined;
      },
    ),

  async complete(stack, api) {
    const done: string[] = [];
    for (const bucket of stack.ofType(BUCKET)) {
      const wanted = bucket.properties.LifecycleConfiguration as { Rules: TemplateRule[] } | undefined;
      if (wanted === undefined) continue;
      const Rules = wanted.Rules.map((rule, index): LifecycleRule => ({
        ID: rule.Id ?? `rule-${index}`,
        Status: rule.Status,
        Filter: { Prefix: rule.Prefix ?? '' },
        ...(rule.ExpirationInDays !== undefined && { Expiration: { Days: rule.ExpirationInDays } }),
        NoncurrentVersionExpiration: rule.NoncurrentVersionExpiration,
        AbortIncompleteMultipartUpload: rule.AbortIncompleteMultipartUpload,
      }));
      const LifecycleConfiguration = { Rules };
      await api.s3.send(
        new PutBucketLifecycleConfigurationCommand({ Bucket: bucket.physicalId, LifecycleConfiguration }),
      );
      done.push(`${bucket.logicalId}: lifecycle`);
    }
    return done;
  },
};
