import type { EntityKind } from './entity';
import type { Target } from './plan';

/** What may never be contained, and how much at once. Written by the stack, read by every stage that changes something. */
export interface GuardRailSettings {
  /** The one account in which something may be contained. */
  readonly account: string;
  /** The one Region in which something may be contained; IAM knows none. */
  readonly region: string;
  /** ARN patterns, `*` and `?` as in IAM. */
  readonly protected: readonly string[];
  /** VPC ids. */
  readonly networks: readonly string[];
  readonly maximumContainmentsPerHour: number;
}

/** A target, and what else is touched with it. */
export interface Subject {
  readonly target: Target;
  /** ARNs of what is changed besides the target, e.g. the role of an instance. */
  readonly arns: readonly string[];
  /** VPCs in which it has network interfaces. */
  readonly networks: readonly string[];
}

export type Verdict = { readonly allowed: true } | { readonly allowed: false; readonly because: string };

/**
 * Never contained by any stack, whatever its configuration: what AWS itself and the deployment need. `{partition}`
 * stands for the stack's own. Names alone protect nothing that an attacker could make: these are those of AWS, and
 * of the CDK's bootstrap.
 */
export const ALWAYS_PROTECTED: readonly { readonly arn: string; readonly what: string }[] = [
  { arn: 'arn:{partition}:iam::*:role/aws-service-role/*', what: 'a service-linked role' },
  { arn: 'arn:{partition}:iam::*:role/aws-reserved/*', what: 'a role of IAM Identity Center' },
  { arn: 'arn:{partition}:iam::*:role/AWSReservedSSO_*', what: 'a role of IAM Identity Center' },
  { arn: 'arn:{partition}:iam::*:role/*aws-controltower-*', what: 'a role of Control Tower' },
  { arn: 'arn:{partition}:iam::*:role/AWSControlTowerExecution', what: 'a role of Control Tower' },
  { arn: 'arn:{partition}:iam::*:role/service-role/AWSControlTower*', what: 'a role of Control Tower' },
  { arn: 'arn:{partition}:iam::*:role/stacksets-exec-*', what: 'a role of CloudFormation StackSets' },
  { arn: 'arn:{partition}:iam::*:role/AWSCloudFormationStackSet*Role', what: 'a role of CloudFormation StackSets' },
  { arn: 'arn:{partition}:iam::*:role/cdk-*-deploy-role-*', what: 'a role of the CDK bootstrap' },
  { arn: 'arn:{partition}:iam::*:role/cdk-*-cfn-exec-role-*', what: 'a role of the CDK bootstrap' },
  { arn: 'arn:{partition}:iam::*:role/cdk-*-file-publishing-role-*', what: 'a role of the CDK bootstrap' },
  { arn: 'arn:{partition}:iam::*:role/cdk-*-image-publishing-role-*', what: 'a role of the CDK bootstrap' },
  { arn: 'arn:{partition}:iam::*:role/cdk-*-lookup-role-*', what: 'a role of the CDK bootstrap' },
];

/** Where an id is what it claims to be. What is not here is contained by no runbook. */
const SHAPES: Partial<Record<EntityKind, { readonly shape: RegExp; readonly regional: boolean }>> = {
  user: { shape: /^arn:aws[a-z-]*:iam::(?<account>\d{12}):user\/(?:[\w+=,.@-]+\/)*[\w+=,.@-]{1,64}$/, regional: false },
  role: { shape: /^arn:aws[a-z-]*:iam::(?<account>\d{12}):role\/(?:[\w+=,.@-]+\/)*[\w+=,.@-]{1,64}$/, regional: false },
  instance: {
    shape:
      /^(?:arn:aws[a-z-]*:ec2:(?<region>[a-z0-9-]+):(?<account>\d{12}):instance\/)?i-(?:[0-9a-f]{8}|[0-9a-f]{17})$/,
    regional: true,
  },
  'security-group': {
    shape:
      /^(?:arn:aws[a-z-]*:ec2:(?<region>[a-z0-9-]+):(?<account>\d{12}):security-group\/)?sg-(?:[0-9a-f]{8}|[0-9a-f]{17})$/,
    regional: true,
  },
  bucket: { shape: /^arn:aws[a-z-]*:s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, regional: false },
  function: {
    shape: /^arn:aws[a-z-]*:lambda:(?<region>[a-z0-9-]+):(?<account>\d{12}):function:[\w-]{1,64}$/,
    regional: true,
  },
  // Snapshots and images of EC2 have no account in their ARN; those of RDS do.
  snapshot: {
    shape:
      /^arn:aws[a-z-]*:(?:ec2:(?<region>[a-z0-9-]+)::(?:snapshot\/snap|image\/ami)-(?:[0-9a-f]{8}|[0-9a-f]{17})|rds:(?<rdsRegion>[a-z0-9-]+):(?<account>\d{12}):(?:cluster-)?snapshot:[a-zA-Z][\w:-]{0,254})$/,
    regional: true,
  },
  /** Its logging: trails, recorder and detector of one Region. */
  account: { shape: /^(?<account>\d{12})$/, regional: true },
};

/** Asks every rule that needs no AWS call. The first that says no is the answer. */
export function checkGuardRails(subject: Subject, settings: GuardRailSettings): Verdict {
  const { target } = subject;
  return (
    checkPlace(target, settings) ??
    checkProtected([target.kind === 'instance' ? instanceArn(target) : target.id, ...subject.arns], settings) ??
    checkNetworks(subject.networks, settings) ?? { allowed: true }
  );
}

function checkPlace(target: Target, settings: GuardRailSettings): Verdict | undefined {
  const known = SHAPES[target.kind];
  if (!known) return refuse(`Firebreak contains no ${target.kind}`);
  const match = known.shape.exec(target.id);
  if (!match) return refuse(`'${target.id.slice(0, 200)}' is not the id of an AWS ${target.kind}`);
  const accounts = [target.account, match.groups?.['account'] ?? target.account];
  const foreign = accounts.find((account) => account !== settings.account);
  if (foreign !== undefined) return refuse(`it belongs to account ${foreign}; only ${settings.account} is contained`);
  if (!known.regional) return undefined;
  const regions = [target.region, match.groups?.['region'] ?? match.groups?.['rdsRegion'] ?? target.region];
  const elsewhere = regions.find((region) => region !== settings.region);
  if (elsewhere !== undefined) return refuse(`it is in Region ${elsewhere}; this stack contains in ${settings.region}`);
  return undefined;
}

function checkProtected(arns: readonly string[], settings: GuardRailSettings): Verdict | undefined {
  for (const arn of arns) {
    const because = whyProtected(arn, settings);
    if (because !== undefined) return refuse(because);
  }
  return undefined;
}

/** Why one ARN may not be touched; undefined where nothing protects it. */
export function whyProtected(arn: string, settings: GuardRailSettings): string | undefined {
  const always = ALWAYS_PROTECTED.find((pattern) => matchesArn(pattern.arn.replace('{partition}', '*'), arn));
  if (always) return `'${arn}' is ${always.what}, which is never contained`;
  const pattern = settings.protected.find((candidate) => matchesArn(candidate, arn));
  return pattern === undefined ? undefined : `'${arn}' is protected by the guard rail '${pattern}'`;
}

function checkNetworks(networks: readonly string[], settings: GuardRailSettings): Verdict | undefined {
  const network = networks.find((candidate) => settings.networks.includes(candidate));
  return network === undefined ? undefined : refuse(`it has a network interface in the protected VPC ${network}`);
}

function refuse(because: string): Verdict {
  return { allowed: false, because };
}

/** `*` is any text and `?` one character, as in IAM. Case is ignored: IAM names differ in more than case. */
export function matchesArn(pattern: string, arn: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.');
  return new RegExp(`^${source}$`, 'is').test(arn);
}

/** The ARN of an instance, which events name by ARN or by id. */
export function instanceArn(target: Target, partition = 'aws'): string {
  return target.id.startsWith('arn:')
    ? target.id
    : `arn:${partition}:ec2:${target.region}:${target.account}:instance/${target.id}`;
}
