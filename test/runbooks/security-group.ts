import {
  AuthorizeSecurityGroupIngressCommand,
  CreateManagedPrefixListCommand,
  CreateSecurityGroupCommand,
  CreateVpcCommand,
  DescribeSecurityGroupRulesCommand,
  type EC2Client,
  type IpPermission,
} from '@aws-sdk/client-ec2';
import { randomBytes } from 'node:crypto';
import type { Target } from '../../lib/model/plan';
import type { RuleCase, SecurityGroupCase } from '../../runbooks/close-security-group/cases';

export const targetOf = (id: string): Target => ({
  kind: 'security-group',
  id: `arn:aws:ec2:us-east-1:000000000000:security-group/${id}`,
  account: '000000000000',
  region: 'us-east-1',
});

/** Makes a group of a shape, in a VPC of its own. */
export async function makeGroup(ec2: EC2Client, shape: SecurityGroupCase): Promise<string> {
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
  const { GroupId = '' } = await ec2.send(
    new CreateSecurityGroupCommand({
      VpcId: Vpc?.VpcId,
      GroupName: `open-${randomBytes(4).toString('hex')}`,
      Description: 'test',
    }),
  );
  for (const rule of shape.rules) await authorize(ec2, GroupId, rule);
  return GroupId;
}

export async function authorize(
  ec2: EC2Client,
  GroupId: string,
  { protocol, from, to, source, description, tags }: RuleCase,
): Promise<void> {
  const base = { IpProtocol: protocol, FromPort: from, ToPort: to };
  const Description = description;
  const permission = async (): Promise<IpPermission> => {
    if (source === 'group') return { ...base, UserIdGroupPairs: [{ GroupId }] };
    if (source.startsWith('list:')) return { ...base, PrefixListIds: [{ PrefixListId: await makeList(ec2, source) }] };
    return source.includes(':')
      ? { ...base, Ipv6Ranges: [{ CidrIpv6: source, Description }] }
      : { ...base, IpRanges: [{ CidrIp: source, Description }] };
  };
  const Tags = Object.entries(tags ?? {}).map(([Key, Value]) => ({ Key, Value }));
  await ec2.send(
    new AuthorizeSecurityGroupIngressCommand({
      GroupId,
      IpPermissions: [await permission()],
      ...(Tags.length > 0 && { TagSpecifications: [{ ResourceType: 'security-group-rule', Tags }] }),
    }),
  );
}

async function makeList(ec2: EC2Client, source: string): Promise<string> {
  const { PrefixList } = await ec2.send(
    new CreateManagedPrefixListCommand({
      PrefixListName: randomBytes(4).toString('hex'),
      AddressFamily: 'IPv4',
      MaxEntries: 5,
      Entries: source
        .slice('list:'.length)
        .split(',')
        .map((Cidr) => ({ Cidr })),
    }),
  );
  return PrefixList?.PrefixListId ?? '';
}

/** Every inbound rule but for its id, which EC2 gives anew; as text, so that order says nothing. */
export async function readRules(ec2: EC2Client, GroupId: string): Promise<string[]> {
  const { SecurityGroupRules } = await ec2.send(
    new DescribeSecurityGroupRulesCommand({ Filters: [{ Name: 'group-id', Values: [GroupId] }] }),
  );
  return (SecurityGroupRules ?? [])
    .filter(({ IsEgress }) => IsEgress !== true)
    .map((rule) =>
      JSON.stringify([
        rule.IpProtocol,
        rule.FromPort ?? -1,
        rule.ToPort ?? -1,
        rule.CidrIpv4 ?? rule.CidrIpv6 ?? rule.PrefixListId ?? rule.ReferencedGroupInfo?.GroupId,
        rule.Description ?? '',
        (rule.Tags ?? []).map(({ Key, Value }) => `${Key ?? ''}=${Value ?? ''}`).sort(),
      ]),
    )
    .sort();
}
