import { DescribeNetworkInterfacesCommand, EC2Client } from '@aws-sdk/client-ec2';
import type { SubjectContext, Touched } from '../../lambdas/contain/guard-rails/subject';
import { readGroup } from './actions/group';

/** A group takes the traffic of every instance behind it with it: a protected instance protects its groups. */
export async function subjectOf(context: SubjectContext): Promise<Touched> {
  const group = await readGroup(context);
  const { target, aws } = context;
  const { NetworkInterfaces } = await aws
    .of(EC2Client)
    .send(new DescribeNetworkInterfacesCommand({ Filters: [{ Name: 'group-id', Values: [group.id] }] }));
  const interfaces = NetworkInterfaces ?? [];
  const arn = (kind: string, id: string) =>
    `arn:${group.partition}:ec2:${target.region}:${target.account}:${kind}/${id}`;
  const instances = interfaces.map(({ Attachment }) => Attachment?.InstanceId).filter((id) => id !== undefined);
  return {
    arns: [arn('security-group', group.id), ...new Set(instances.map((id) => arn('instance', id)))],
    networks: [...new Set([group.vpc, ...interfaces.map(({ VpcId }) => VpcId)])].filter((vpc) => vpc !== undefined),
  };
}
