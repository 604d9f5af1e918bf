import {
  DescribeSecurityGroupRulesCommand,
  EC2Client,
  GetManagedPrefixListEntriesCommand,
  type IpPermission,
  type SecurityGroupRule,
} from '@aws-sdk/client-ec2';
import type { ActionContext } from '../../../lambdas/contain/runbook-host/action';
import { isNamed } from '../../../lambdas/shared/aws-error';
import { groupId } from './group';
import { isWorld } from './world';

/** An inbound rule, as it can be given back. Its id cannot: EC2 gives a new one. */
export type Rule = {
  readonly id: string;
  readonly protocol: string;
  /** -1 where the protocol has no ports, or all are meant. */
  readonly from: number;
  readonly to: number;
  readonly source: { readonly kind: 'ipv4' | 'ipv6' | 'list'; readonly value: string };
  readonly description: string | null;
  readonly tags: { readonly [key: string]: string };
};

/** Every inbound rule of the group, whatever its source. */
export async function readAllRules(context: ActionContext): Promise<SecurityGroupRule[]> {
  const rules: SecurityGroupRule[] = [];
  let NextToken: string | undefined;
  do {
    const page = await context.aws.of(EC2Client).send(
      new DescribeSecurityGroupRulesCommand({
        Filters: [{ Name: 'group-id', Values: [groupId(context)] }],
        MaxResults: 1000,
        NextToken,
      }),
    );
    rules.push(...(page.SecurityGroupRules ?? []));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return rules.filter(({ IsEgress }) => IsEgress !== true);
}

/** The inbound rules that let the world in. */
export async function readOpenRules(context: ActionContext): Promise<Rule[]> {
  const rules = (await readAllRules(context)).map(toRule).filter((rule) => rule !== undefined);
  const lists = new Map<string, boolean>();
  for (const { source } of rules) {
    if (source.kind === 'list' && !lists.has(source.value))
      lists.set(source.value, await isOpenList(context, source.value));
  }
  return rules
    .filter(({ source }) => (source.kind === 'list' ? lists.get(source.value) === true : isWorld(source.value)))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Undefined where another group is the source: that is never the world. */
function toRule(rule: SecurityGroupRule): Rule | undefined {
  const source = sourceOf(rule);
  return (
    source && {
      id: rule.SecurityGroupRuleId ?? '',
      protocol: rule.IpProtocol ?? '-1',
      from: rule.FromPort ?? -1,
      to: rule.ToPort ?? -1,
      source,
      description: rule.Description === undefined || rule.Description === '' ? null : rule.Description,
      tags: Object.fromEntries((rule.Tags ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? ''])),
    }
  );
}

function sourceOf({ CidrIpv4, CidrIpv6, PrefixListId }: SecurityGroupRule): Rule['source'] | undefined {
  if (CidrIpv4 !== undefined) return { kind: 'ipv4', value: CidrIpv4 };
  if (CidrIpv6 !== undefined) return { kind: 'ipv6', value: CidrIpv6 };
  return PrefixListId === undefined ? undefined : { kind: 'list', value: PrefixListId };
}

async function isOpenList(context: ActionContext, PrefixListId: string): Promise<boolean> {
  let NextToken: string | undefined;
  try {
    do {
      const page = await context.aws
        .of(EC2Client)
        .send(new GetManagedPrefixListEntriesCommand({ PrefixListId, NextToken }));
      if ((page.Entries ?? []).some(({ Cidr }) => isWorld(Cidr ?? ''))) return true;
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    return false;
  } catch (error) {
    // A list that is gone lets nobody in.
    if (isNamed(error, 'InvalidPrefixListID.NotFound', 'InvalidPrefixListId.NotFound')) return false;
    throw error;
  }
}

/** What makes two rules the same for EC2, whatever their ids and descriptions. */
export function sameAccess(a: Rule, b: Rule): boolean {
  return accessText(a) === accessText(b);
}

/** What a rule lets in, e.g. `tcp 22 from 0.0.0.0/0`. */
export function accessText({ protocol, from, to, source }: Rule): string {
  if (protocol === '-1') return `everything from ${source.value}`;
  const ports = from === -1 ? '' : from === to ? ` ${from}` : ` ${from}-${to}`;
  return `${protocol}${ports} from ${source.value}`;
}

export function sameDetails(a: Rule, b: Rule): boolean {
  const tags = ({ tags }: Rule) => JSON.stringify(Object.entries(tags).sort());
  return a.description === b.description && tags(a) === tags(b);
}

/** The rule as AuthorizeSecurityGroupIngress takes it. */
export function toPermission(rule: Rule): IpPermission {
  const Description = rule.description ?? undefined;
  const base = {
    IpProtocol: rule.protocol,
    ...(rule.protocol !== '-1' && { FromPort: rule.from, ToPort: rule.to }),
  };
  const { kind, value } = rule.source;
  if (kind === 'ipv4') return { ...base, IpRanges: [{ CidrIp: value, Description }] };
  if (kind === 'ipv6') return { ...base, Ipv6Ranges: [{ CidrIpv6: value, Description }] };
  return { ...base, PrefixListIds: [{ PrefixListId: value, Description }] };
}
