/** The parts of an ARN, or undefined for anything else. */
export interface Arn {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly account: string;
  readonly resource: string;
}

export function parseArn(text: string): Arn | undefined {
  const [arn, partition = '', service = '', region = '', account = '', ...resource] = text.split(':');
  if (arn !== 'arn' || partition === '' || service === '' || resource.length === 0) return undefined;
  return { partition, service, region, account, resource: resource.join(':') };
}

/**
 * The Region of what has none (IAM): where the partition keeps it. The same user is the same entity, wherever
 * he was seen.
 */
export function globalRegion(partition: string): string {
  if (partition === 'aws-cn') return 'cn-north-1';
  if (partition === 'aws-us-gov') return 'us-gov-west-1';
  return 'us-east-1';
}
