import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
} from '@aws-sdk/client-ec2';
import type { DrillApi } from '../clients';

export interface Network {
  readonly vpc: string;
  /** Both in one Availability Zone: an instance has its interfaces in one. */
  readonly subnets: { readonly web: string; readonly data: string };
  readonly groups: { readonly web: string; readonly admin: string; readonly data: string };
  readonly zone: string;
}

export async function buildNetwork({ ec2, region }: DrillApi): Promise<Network> {
  const zone = `${region}a`;
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.20.0.0/16' }));
  const VpcId = Vpc?.VpcId ?? '';
  const subnet = async (CidrBlock: string): Promise<string> => {
    const { Subnet } = await ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock, AvailabilityZone: zone }));
    return Subnet?.SubnetId ?? '';
  };
  const group = async (GroupName: string, port: number, CidrIp: string): Promise<string> => {
    const { GroupId = '' } = await ec2.send(
      new CreateSecurityGroupCommand({ VpcId, GroupName, Description: `The company's ${GroupName} servers` }),
    );
    const IpPermissions = [{ IpProtocol: 'tcp', FromPort: port, ToPort: port, IpRanges: [{ CidrIp }] }];
    await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
    return GroupId;
  };
  const [web, data] = [await subnet('10.20.1.0/24'), await subnet('10.20.2.0/24')];
  const groups = {
    web: await group('web', 443, '0.0.0.0/0'),
    admin: await group('admin', 22, '10.20.0.0/16'),
    data: await group('data', 5432, '10.20.1.0/24'),
  };
  return { vpc: VpcId, subnets: { web, data }, groups, zone };
}
