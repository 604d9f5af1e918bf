import { DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { GetInstanceProfileCommand, GetUserCommand, IAMClient } from '@aws-sdk/client-iam';
import type { Subject } from '../../../lib/model/guard-rails';
import type { Target } from '../../../lib/model/plan';

let ec2: EC2Client | undefined;
let iam: IAMClient | undefined;

/**
 * What is touched with the target: for an instance its networks and its role, which others may share.
 *
 * @throws the error of AWS: whoever asks must refuse.
 */
export async function subjectOf(target: Target): Promise<Subject> {
  if (target.kind === 'instance') return instanceSubject(target);
  return target.kind === 'user' ? userSubject(target) : { target, arns: [], networks: [] };
}

/** The ARN may have been made from a name alone; what is protected may be named by its path. */
async function userSubject(target: Target): Promise<Subject> {
  iam ??= new IAMClient({});
  const UserName = target.id.split('/').at(-1);
  const { User } = await iam.send(new GetUserCommand({ UserName }));
  return { target, arns: User?.Arn === undefined ? [] : [User.Arn], networks: [] };
}

async function instanceSubject(target: Target): Promise<Subject> {
  ec2 ??= new EC2Client({});
  const id = target.id.split('/').at(-1) ?? target.id;
  const { Reservations } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
  const instance = Reservations?.[0]?.Instances?.[0];
  if (!instance) throw new Error(`instance '${id}' does not exist`);
  const networks = (instance.NetworkInterfaces ?? []).map(({ VpcId }) => VpcId);
  const profile = instance.IamInstanceProfile?.Arn;
  return {
    target,
    arns: profile === undefined ? [] : await rolesOf(profile),
    networks: [...new Set([instance.VpcId, ...networks])].filter((vpc) => vpc !== undefined),
  };
}

async function rolesOf(profileArn: string): Promise<string[]> {
  iam ??= new IAMClient({});
  const InstanceProfileName = profileArn.split('/').at(-1);
  const { InstanceProfile } = await iam.send(new GetInstanceProfileCommand({ InstanceProfileName }));
  return (InstanceProfile?.Roles ?? []).map(({ Arn }) => Arn).filter((arn) => arn !== undefined);
}
