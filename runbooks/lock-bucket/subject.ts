import { CloudTrailClient, DescribeTrailsCommand } from '@aws-sdk/client-cloudtrail';
import { ConfigServiceClient, DescribeDeliveryChannelsCommand } from '@aws-sdk/client-config-service';
import { HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import type { SubjectContext, Touched } from '../../lambdas/contain/guard-rails/subject';
import { bucketName, thisBucket } from './actions/bucket';

/**
 * A bucket takes nothing with it. Buckets into which CloudTrail or Config write are refused: who locks them may end
 * the very logging that shows the attack. Those of Firebreak are protected by the guard rails.
 *
 * @throws Error where there is no such bucket in this account and Region, or where logs are written into it.
 */
export async function subjectOf(context: SubjectContext): Promise<Touched> {
  await findBucket(context);
  const writers = await logWriters(context);
  if (writers.length > 0) {
    throw new Error(
      `bucket '${bucketName(context)}' holds the logs of ${writers.join(' and ')}: locking it could end the logging, so a person has to decide`,
    );
  }
  return { arns: [], networks: [] };
}

async function findBucket(context: SubjectContext): Promise<void> {
  const { account, region } = context.target;
  const name = bucketName(context);
  let found: string | undefined;
  try {
    found = (await context.aws.of(S3Client).send(new HeadBucketCommand(thisBucket(context)))).BucketRegion;
  } catch (error) {
    // A HEAD has no body: all that is known is the status.
    const status = (error as { readonly $metadata?: { readonly httpStatusCode?: number } }).$metadata?.httpStatusCode;
    const meaning = new Map([
      [404, `bucket '${name}' does not exist; it may have been deleted`],
      [
        403,
        `bucket '${name}' is not of account ${account}, or its policy keeps Firebreak out: only root of the account can take such a policy away`,
      ],
      [301, `bucket '${name}' is in another Region than ${region}, and is contained from there`],
    ]).get(status ?? 0);
    throw meaning === undefined ? error : new Error(meaning, { cause: error });
  }
  if (found !== undefined && found !== region) {
    throw new Error(`bucket '${name}' is in Region ${found}, not in ${region}, and is contained from there`);
  }
}

async function logWriters(context: SubjectContext): Promise<string[]> {
  const name = bucketName(context);
  const [{ trailList }, { DeliveryChannels }] = await Promise.all([
    context.aws.of(CloudTrailClient).send(new DescribeTrailsCommand({})),
    context.aws.of(ConfigServiceClient).send(new DescribeDeliveryChannelsCommand({})),
  ]);
  return [
    ...(trailList ?? [])
      .filter(({ S3BucketName }) => S3BucketName === name)
      .map((trail) => `trail '${trail.Name ?? trail.TrailARN ?? ''}'`),
    ...(DeliveryChannels ?? [])
      .filter(({ s3BucketName }) => s3BucketName === name)
      .map((channel) => `AWS Config (delivery channel '${channel.name ?? ''}')`),
  ];
}
