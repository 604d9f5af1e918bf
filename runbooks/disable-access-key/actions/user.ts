import { IAMClient, GetUserCommand, type User } from '@aws-sdk/client-iam';
import type { ActionContext } from '../../../lambdas/contain/runbook-host/action';
import type { Permission } from '../../../lib/model/runbook-facts';

/** The name out of a user's ARN: what comes after the last slash of its path. */
export function userName(context: ActionContext): string {
  const name = /:user\/(?:.*\/)?([^/]+)$/.exec(context.target.id)?.[1];
  if (name === undefined) throw new Error(`'${context.target.id}' is not the ARN of an IAM user`);
  return name;
}

/**
 * The user, if it is still the one that the ARN names. Findings and request parameters know only the name, so that an ARN
 * made of them has no path; names are unique in an account whatever the path.
 *
 * @throws Error where the ARN has a path, and the user of this name lives under another one: somebody made it anew.
 */
export async function readUser(context: ActionContext): Promise<User> {
  const UserName = userName(context);
  const { User: user } = await context.aws.of(IAMClient).send(new GetUserCommand({ UserName }));
  const pathless = context.target.id.endsWith(`:user/${UserName}`);
  if (user === undefined || (user.Arn !== context.target.id && !pathless)) {
    throw new Error(`user '${UserName}' is '${user?.Arn ?? 'unknown'}' by now, not '${context.target.id}'`);
  }
  return user;
}

/**
 * The ARN under which IAM asks about the user. What an earlier version wrote down has none, and the target's may lack the
 * path: then any path, because names are unique in an account.
 */
export function userPermission(arn: string | undefined, context: ActionContext): Omit<Permission, 'actions'> {
  if (arn !== undefined) return { resources: [arn] };
  return {
    resources: [context.target.id, `arn:{partition}:iam::{account}:user/*/${userName(context)}`],
    why: 'an earlier version wrote down the user without its path',
  };
}

/** All pages of a listing of IAM. */
export async function allPages<Page extends { readonly IsTruncated?: boolean; readonly Marker?: string }, Item>(
  read: (marker: string | undefined) => Promise<Page>,
  items: (page: Page) => readonly Item[] | undefined,
): Promise<Item[]> {
  const found: Item[] = [];
  let marker: string | undefined;
  do {
    const page = await read(marker);
    found.push(...(items(page) ?? []));
    marker = page.IsTruncated ? page.Marker : undefined;
  } while (marker !== undefined);
  return found;
}
