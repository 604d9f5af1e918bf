import { GetUserCommand, IAMClient } from '@aws-sdk/client-iam';
import type { SubjectContext, Touched } from '../../lambdas/contain/guard-rails/subject';
import { isNamed } from '../../lambdas/shared/aws-error';

/** The ARN may have been made from a name alone; what is protected may be named by its path. */
export async function subjectOf({ target, aws }: SubjectContext): Promise<Touched> {
  const UserName = target.id.split('/').at(-1) ?? '';
  try {
    const { User } = await aws.of(IAMClient).send(new GetUserCommand({ UserName }));
    if (User?.Arn === undefined) throw new Error(`IAM gave no ARN for user '${UserName}'`);
    return { arns: [User.Arn], networks: [] };
  } catch (error) {
    if (!isNamed(error, 'NoSuchEntity', 'NoSuchEntityException')) throw error;
    throw new Error(
      `user '${UserName}' does not exist in account ${target.account}; it may have been deleted or renamed`,
      {
        cause: error,
      },
    );
  }
}
