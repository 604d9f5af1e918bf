import { functionArn } from './arn';
import type { Scope } from './scope';

/** Makes the ARN of what an event names in its own way. */
export type ToArn = (scope: Scope, id: string) => string;

/** Many calls take an ARN where others give an id. */
const orArn =
  (toArn: ToArn): ToArn =>
  (scope, id) =>
    id.startsWith('arn:') ? id : toArn(scope, id);

export const bare: ToArn = (_, id) => id;

/** Names stay names where AWS has ARNs with a path that the call does not say: the last part is what counts. */
export const iam = (type: 'user' | 'role'): ToArn =>
  orArn(({ partition, account }, name) => `arn:${partition}:iam::${account}:${type}/${name}`);

export const regional = (service: string, prefix: string): ToArn =>
  orArn(({ partition, account, region }, id) => `arn:${partition}:${service}:${region}:${account}:${prefix}${id}`);

/** Snapshots and images have no account in their ARN. */
export const shared = (prefix: string): ToArn =>
  orArn(({ partition, region }, id) => `arn:${partition}:ec2:${region}::${prefix}${id}`);

export const bucket: ToArn = orArn(({ partition }, name) => `arn:${partition}:s3:::${name}`);

/** By ARN, a part of one, or name, with or without a qualifier. */
export const lambdaFunction: ToArn = functionArn;
