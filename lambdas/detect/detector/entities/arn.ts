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

/** Source: AWS General Reference, "Partitions". */
export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  if (region.startsWith('us-gov-')) return 'aws-us-gov';
  return 'aws';
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

/**
 * The ARN of a function, without version or alias. Calls name it by ARN, by a part of one (`111122223333:function:f`) or by
 * name, each with or without a qualifier: all of them are the same entity.
 */
export function functionArn(scope: { partition: string; account: string; region: string }, id: string): string {
  const arn = parseArn(id);
  const [name = ''] = (/(?:^|:)function:(.+)$/.exec(id)?.[1] ?? id).split(':');
  const account = arn?.account ?? /^(\d{12}):/.exec(id)?.[1] ?? scope.account;
  return `arn:${arn?.partition ?? scope.partition}:lambda:${arn?.region ?? scope.region}:${account}:function:${name}`;
}
