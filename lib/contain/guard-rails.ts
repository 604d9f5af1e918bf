import { Aws, Stack, Token } from 'aws-cdk-lib';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { ALWAYS_PROTECTED, type GuardRailSettings } from '../model/guard-rails';
import type { EvidenceVault } from '../report/evidence-vault';
import { ownRoles, ownTargets } from './own-resources';

const DEFAULT_PER_HOUR = 5;
/** Above this the limit is none: no incident needs more, and a runaway rule does. */
const MAX_PER_HOUR = 100;
/** Lambda takes 4 KB of environment in all. */
const MAX_SETTINGS_CHARACTERS = 2_500;
/** `*` and `?` in any part but the service, as IAM takes them. */
const ARN = /^arn:(?:\*|aws[a-z-]*):[a-z0-9-]+:[a-z0-9*?-]*:[\d*?]{0,12}:\S+$/;
const VPC = /^vpc-(?:[0-9a-f]{8}|[0-9a-f]{17})$/;

/** What may never be contained, and how much at once. */
export interface GuardRailsProps {
  /**
   * Users and roles that are never contained, as ARNs in which `*` and `?` stand for anything: break-glass users
   * above all.
   *
   * @default - only Firebreak's own roles and those that AWS and the CDK need
   */
  readonly protectedPrincipals?: string[];
  /**
   * Other resources that are never contained, as ARNs in which `*` and `?` stand for anything, e.g. the instance
   * that everything depends on.
   *
   * @default - none
   */
  readonly protectedResources?: string[];
  /**
   * Ids of VPCs in which no instance is isolated.
   *
   * @default - none
   */
  readonly protectedNetworks?: string[];
  /**
   * How many targets each runbook may contain in an hour, 1 to 100. What is over it is refused and escalated.
   *
   * @default 5
   */
  readonly maximumContainmentsPerHour?: number;
}

/**
 * Guard rails stand twice: in code, which says why it refuses, and as a Deny in the roles that change things. They are
 * part of the deployment and never tags, which an attacker could set.
 */
export class GuardRails {
  private readonly patterns: string[];
  private readonly networks: string[];
  private readonly perHour: number;

  /** @throws Error that lists everything that is wrong. */
  constructor(props: GuardRailsProps = {}) {
    this.patterns = [...(props.protectedPrincipals ?? []), ...(props.protectedResources ?? [])];
    this.networks = [...(props.protectedNetworks ?? [])];
    this.perHour = props.maximumContainmentsPerHour ?? DEFAULT_PER_HOUR;
    const problems = [
      ...(props.protectedPrincipals ?? []).flatMap((arn) => checkArn('protectedPrincipals', arn, /:(?:iam|sts)::/)),
      ...(props.protectedResources ?? []).flatMap((arn) => checkArn('protectedResources', arn)),
      ...this.networks.flatMap((id) =>
        Token.isUnresolved(id) || VPC.test(id)
          ? []
          : [`'protectedNetworks' holds '${id}', which is not the id of a VPC such as vpc-0123456789abcdef0`],
      ),
      ...checkPerHour(this.perHour),
    ];
    if (problems.length > 0) throw new Error(`the guard rails cannot be used:\n- ${problems.join('\n- ')}`);
  }

  /**
   * What the code reads, as JSON.
   *
   * @internal
   */
  public _settings(stack: Stack, vault: EvidenceVault): string {
    const settings: GuardRailSettings = {
      account: stack.account,
      region: stack.region,
      protected: [
        ...this.patterns,
        ...ownTargets(stack, vault).map((arn) => arn.replace(`arn:${Aws.PARTITION}:`, 'arn:*:')),
      ],
      networks: this.networks,
      maximumContainmentsPerHour: this.perHour,
    };
    const length = JSON.stringify(settings).length;
    if (length > MAX_SETTINGS_CHARACTERS) {
      throw new Error(
        `the guard rails take ${length} characters, at most ${MAX_SETTINGS_CHARACTERS} fit; name several things by one pattern with '*'`,
      );
    }
    return stack.toJsonString(settings);
  }

  /**
   * The same rules for IAM: goes into every role that changes something.
   *
   * @internal
   */
  public _denials(stack: Stack): PolicyStatement[] {
    const always = ALWAYS_PROTECTED.map(({ arn }) => arn.replace('{partition}', Aws.PARTITION));
    const denials = [
      new PolicyStatement({
        sid: 'GuardRails',
        effect: Effect.DENY,
        actions: ['*'],
        resources: [...new Set([...this.patterns, ...always, ...ownRoles(stack)])],
      }),
    ];
    if (this.networks.length > 0) {
      denials.push(
        new PolicyStatement({
          sid: 'ProtectedNetworks',
          effect: Effect.DENY,
          actions: ['ec2:ModifyNetworkInterfaceAttribute'],
          resources: [`arn:${Aws.PARTITION}:ec2:*:*:network-interface/*`],
          conditions: {
            ArnLike: {
              'ec2:Vpc': this.networks.map((id) => `arn:${Aws.PARTITION}:ec2:*:*:vpc/${id}`),
            },
          },
        }),
      );
    }
    return denials;
  }
}

function checkArn(where: string, arn: string, kind = /./): string[] {
  if (Token.isUnresolved(arn)) {
    return [`'${where}' holds a value that is known only after the deploy; write the ARN, or a pattern, as text`];
  }
  if (!ARN.test(arn))
    return [`'${where}' holds '${arn}', which is not an ARN such as arn:aws:iam::*:user/break-glass-*`];
  if (!kind.test(arn)) return [`'${where}' holds '${arn}', which is not of IAM; put it into 'protectedResources'`];
  return [];
}

function checkPerHour(perHour: number): string[] {
  if (Token.isUnresolved(perHour)) return [];
  if (Number.isInteger(perHour) && perHour >= 1 && perHour <= MAX_PER_HOUR) return [];
  return [`'maximumContainmentsPerHour' must be a whole number from 1 to ${MAX_PER_HOUR}, got ${perHour}`];
}
