import {
  DeleteRolePolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { action, type ActionContext } from '../../../lambdas/contain/runbook-host/action';
import { isNamed } from '../../../lambdas/shared/aws-error';
import { canonicalJson } from '../../../lib/model/canonical-json';
import type { Json } from '../../../lib/model/json';
import { QUARANTINE_POLICY_NAME } from '../../../lib/model/quarantine';
import { functionName, readFunction } from './function';

type Before = {
  /** ARN of the execution role, with its path. */
  readonly arn: string;
  /** `AROA…`: what begins the user id of each of its sessions. */
  readonly roleId: string;
  /** The document of a policy of our name, if there was one. */
  readonly inline: string | null;
};

/** What runs to its end goes on writing its log, which is evidence. */
const SPARED = ['logs:CreateLogStream', 'logs:PutLogEvents'];

/**
 * Invocations that run go on for up to 15 minutes, and their credentials can be elsewhere by now. Two conditions find
 * them without touching others that share the role: the function's ARN, which Lambda puts into what its code asks for,
 * and the session's name, which is the function's and goes with the credentials wherever they are used.
 */
export const denyRole = action<Before>({
  id: 'deny-role',

  async read(context) {
    const { Role } = await readFunction(context);
    return readRole(context, Role ?? '');
  },

  changes(before, context) {
    if (isOurs(before.inline, document(context, before.roleId))) return [];
    return [
      {
        call: 'iam:PutRolePolicy',
        resource: before.arn,
        from: before.inline === null ? `no inline policy '${policyName(context)}'` : 'another document',
        to: `everything but writing logs is denied to ${functionName(context)}; others that share the role go on`,
      },
    ];
  },

  permissions(before, _context, step) {
    const call = step === 'contain' || before.inline !== null ? 'Put' : 'Delete';
    return [{ actions: [`iam:${call}RolePolicy`], resources: [before.arn] }];
  },

  async contain(before, context) {
    await context.change.of(IAMClient).send(
      new PutRolePolicyCommand({
        RoleName: nameOf(before.arn),
        PolicyName: policyName(context),
        PolicyDocument: document(context, before.roleId),
      }),
    );
  },

  async verify(before, context) {
    // A role that the function was given since is not the one that was denied.
    const { Role } = await readFunction(context);
    if (Role !== before.arn) return { ok: false, observed: `the function has another role by now: ${Role ?? 'none'}` };
    const now = await readRole(context, before.arn);
    return isOurs(now.inline, document(context, now.roleId))
      ? { ok: true, observed: `role '${nameOf(before.arn)}' denies everything but logs to this function` }
      : { ok: false, observed: `role '${nameOf(before.arn)}' does not deny anything to this function` };
  },

  async release(before, context) {
    const names = { RoleName: nameOf(before.arn), PolicyName: policyName(context) };
    if (before.inline !== null) {
      await context.change.of(IAMClient).send(new PutRolePolicyCommand({ ...names, PolicyDocument: before.inline }));
      return { restored: [`'${names.PolicyName}' of role '${names.RoleName}' has its earlier document`], tasks: [] };
    }
    try {
      await context.change.of(IAMClient).send(new DeleteRolePolicyCommand(names));
    } catch (error) {
      // Gone is what was wanted; reading back tells whether it is.
      if (!isNamed(error, 'NoSuchEntity', 'NoSuchEntityException')) throw error;
    }
    return { restored: [`'${names.PolicyName}' of role '${names.RoleName}' is removed`], tasks: [] };
  },

  async verifyReleased(before, context) {
    const inline = await readInline(context, before.arn);
    const asBefore = before.inline === null ? inline === null : isOurs(inline, before.inline);
    const what = `'${policyName(context)}' of role '${nameOf(before.arn)}'`;
    return { ok: asBefore, observed: `${what} is ${asBefore ? '' : 'not '}as before` };
  },
});

/** One policy a function: two quarantined functions of one role do not undo each other. */
function policyName(context: ActionContext): string {
  return `${QUARANTINE_POLICY_NAME}-${functionName(context)}`;
}

function document(context: ActionContext, roleId: string): string {
  const { id } = context.target;
  const deny = (Sid: string, Condition: Json) => ({ Sid, Effect: 'Deny', NotAction: SPARED, Resource: '*', Condition });
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      deny(`${QUARANTINE_POLICY_NAME}Code`, { ArnLike: { 'lambda:SourceFunctionArn': [id, `${id}:*`] } }),
      deny(`${QUARANTINE_POLICY_NAME}Session`, {
        StringEquals: { 'aws:userid': `${roleId}:${functionName(context)}` },
      }),
    ],
  });
}

function nameOf(arn: string): string {
  return arn.split('/').at(-1) ?? arn;
}

async function readRole(context: ActionContext, arn: string): Promise<Before> {
  const { Role } = await context.aws.of(IAMClient).send(new GetRoleCommand({ RoleName: nameOf(arn) }));
  if (Role?.RoleId === undefined) throw new Error(`role '${nameOf(arn)}' of the function has no id`);
  return { arn, roleId: Role.RoleId, inline: await readInline(context, arn) };
}

async function readInline(context: ActionContext, arn: string): Promise<string | null> {
  try {
    const { PolicyDocument } = await context.aws
      .of(IAMClient)
      .send(new GetRolePolicyCommand({ RoleName: nameOf(arn), PolicyName: policyName(context) }));
    // IAM gives policy documents URL-encoded.
    const text = PolicyDocument ?? '';
    return text.trimStart().startsWith('{') ? text : decodeURIComponent(text);
  } catch (error) {
    if (isNamed(error, 'NoSuchEntity', 'NoSuchEntityException')) return null;
    throw error;
  }
}

function isOurs(inline: string | null, wanted: string): boolean {
  if (inline === null) return false;
  try {
    return canonicalJson(JSON.parse(inline) as Json) === canonicalJson(JSON.parse(wanted) as Json);
  } catch {
    // What is not JSON is no policy of ours.
    return false;
  }
}
