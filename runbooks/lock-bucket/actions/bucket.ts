import type { ActionContext } from '../../../lambdas/contain/runbook-host/action';
import { isNamed } from '../../../lambdas/shared/aws-error';

/** The name out of a bucket's ARN. */
export function bucketName({ target }: Pick<ActionContext, 'target'>): string {
  const name = /^arn:aws[a-z-]*:s3:::([^/*?]+)$/.exec(target.id)?.[1];
  if (name === undefined) throw new Error(`'${target.id}' is not the ARN of a bucket, such as arn:aws:s3:::my-bucket`);
  return name;
}

/**
 * Goes with every call: a bucket that was deleted and taken by another account answers AccessDenied then, and is not
 * changed by mistake.
 */
export function thisBucket({ target }: Pick<ActionContext, 'target'>): {
  readonly Bucket: string;
  readonly ExpectedBucketOwner: string;
} {
  return { Bucket: bucketName({ target }), ExpectedBucketOwner: target.account };
}

/** What is read, or null where S3 says by one of these names that there is none: absent is a state of its own. */
export async function orAbsent<T>(work: Promise<T>, ...absent: readonly string[]): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (isNamed(error, ...absent)) return null;
    throw error;
  }
}
