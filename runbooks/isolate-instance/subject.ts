import { DescribeInstancesCommand, EC2Client, type Instance } from '@aws-sdk/client-ec2';
import { GetInstanceProfileCommand, IAMClient } from '@aws-sdk/client-iam';
import type { SubjectContext, Touched } from '../../lambdas/contain/guard-rails/subject';
import { isNamed } from '../../lambdas/shared/aws-error';

/** An instance takes its networks and its role with it, which others may share. */
export async function subjectOf(context: SubjectContext): Promise<Touched> {
  const instance = await readInstance(context);
  const networks = (instance.NetworkInterfaces ?? []).map(({ VpcId }) => VpcId);
  const profile = instance.IamInstanceProfile?.Arn;
  return {
    arns: profile === undefined ? [] : await rolesOf(context, profile),
    networks: [...new Set([instance.VpcId, ...networks])].filter((vpc) => vpc !== undefined),
  };
}

async function readInstance({ target, aws }: SubjectContext): Promise<Instance> {
  const id = target.id.split('/').at(-1) ?? target.id;
  const missing = `instance '${id}' does not exist in ${target.region}; it may have been terminated some time ago`;
  try {
    const { Reservations } = await aws.of(EC2Client).send(new DescribeInstancesCommand({ InstanceIds: [id] }));
    const instance = Reservations?.[0]?.Instances?.[0];
    if (!instance) throw new Error(missing);
    return instance;
  } catch (error) {
    if (isNamed(error, 'InvalidInstanceID.NotFound')) throw new Error(missing, { cause: error });
    throw error;
  }
}

async function rolesOf({ aws }: SubjectContext, profileArn: string): Promise<string[]> {
  const InstanceProfileName = profileArn.split('/').at(-1);
  const { InstanceProfile } = await aws.of(IAMClient).send(new GetInstanceProfileCommand({ InstanceProfileName }));
  return (InstanceProfile?.Roles ?? []).map(({ Arn }) => Arn).filter((arn) => arn !== undefined);
}
