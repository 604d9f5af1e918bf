import { IAMClient, DeleteLoginProfileCommand, GetLoginProfileCommand } from '@aws-sdk/client-iam';
import { action, type ActionContext } from '../../../lambdas/contain/runbook-host/action';
import { isNamed } from '../../../lambdas/shared/aws-error';
import { facts } from '../facts';
import { readUser, userName, userPermission } from './user';

type Before = {
  readonly userId: string;
  /** The user's ARN with its path; absent in what earlier versions wrote down. */
  readonly arn?: string;
  /** When the password was made, ISO 8601; null where the user has none. */
  readonly createdAt: string | null;
};

const ID = 'delete-login-profile';

/** A password cannot be switched off, only deleted. The deny binds the console in the meantime. */
export const deleteLoginProfile = action<Before>({
  id: ID,

  async read(context) {
    const [user, createdAt] = await Promise.all([readUser(context), readLoginProfile(context)]);
    return { userId: user.UserId ?? '', ...(user.Arn !== undefined && { arn: user.Arn }), createdAt };
  },

  changes(before, context) {
    if (before.createdAt === null) return [];
    return [
      {
        call: 'iam:DeleteLoginProfile',
        resource: context.target.id,
        from: `console password of ${before.createdAt}`,
        to: 'no console password',
      },
    ];
  },

  permissions(before, context, step) {
    if (step === 'release') return [];
    return [{ actions: ['iam:DeleteLoginProfile'], ...userPermission(before.arn, context) }];
  },

  async contain(_before, context) {
    try {
      await context.change.of(IAMClient).send(new DeleteLoginProfileCommand({ UserName: userName(context) }));
    } catch (error) {
      // There is none; reading back tells.
      if (!isNamed(error, 'NoSuchEntity', 'NoSuchEntityException')) throw error;
    }
  },

  async verify(_before, context) {
    const createdAt = await readLoginProfile(context);
    return createdAt === null
      ? { ok: true, observed: 'the user has no console password' }
      : { ok: false, observed: `the user has a console password of ${createdAt}` };
  },

  async release(before) {
    const task = facts.actions.find(({ id }) => id === ID)?.task;
    return Promise.resolve({ restored: [], tasks: before.createdAt === null || task === undefined ? [] : [task] });
  },

  async verifyReleased(before) {
    return Promise.resolve({
      ok: true,
      observed:
        before.createdAt === null ? 'the user had no console password' : 'the deleted password cannot be given back',
    });
  },
});

async function readLoginProfile(context: ActionContext): Promise<string | null> {
  try {
    const { LoginProfile } = await context.aws
      .of(IAMClient)
      .send(new GetLoginProfileCommand({ UserName: userName(context) }));
    return LoginProfile?.CreateDate?.toISOString() ?? 'an unknown time';
  } catch (error) {
    if (isNamed(error, 'NoSuchEntity', 'NoSuchEntityException')) return null;
    throw error;
  }
}
