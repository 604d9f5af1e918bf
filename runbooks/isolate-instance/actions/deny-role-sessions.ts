import {
  IAMClient,
  DeleteRolePolicyCommand,
  GetInstanceProfileCommand,
  GetRolePolicyCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { action, type ActionContext } from '../../../lambdas/contain/runbook-host/action';
import { isNamed } from '../../../lambdas/shared/aws-error';
import { canonicalJson } from '../../../lib/model/canonical-json';
import { instanceArn } from '../../../lib/model/guard-rails';
import type { Json } from '../../../lib/model/json';
import { QUARANTINE_POLICY_NAME } from '../../../lib/model/quarantine';
import { instanceId, readInstance } from './instance';

type Before = {
  /** Null where the instance has no role. */
  readonly role: string | null;
  /** Its ARN; absent in what earlier versions wrote down. */
  readonly arn?: string | null;
  /** The document of a policy of our name, if there was one. */
  readonly inline: string | null;
};

/**
 * Credentials of the instance that were stolen work elsewhere: every request with them carries the ARN of the
 * instance that they were issued to. Denying by it spares the instances that share the role.
 */
export const denyRoleSessions = action<Before>({
  id: 'deny-role-sessions',

  async read(context) {
    const role = await readRole(context);
    if (role === null) return { role: null, arn: null, inline: null };
    return { role: role.name, arn: role.arn, inline: await readInline(context, role.name) };
  },

  changes(before, context) {
    if (before.role === null || (before.inline !== null && isOurs(context, before.inline))) return [];
    return [
      {
        call: 'iam:PutRolePolicy',
        resource: before.role,
        from: before.inline === null ? `no inline policy '${policyName(context)}'` : 'another document',
        to: `everything is denied to credentials of ${instanceId(context)}`,
      },
    ];
  },

  permissions(before, _context, step) {
    if (before.role === null) return [];
    const call = step === 'contain' || before.inline !== null ? 'iam:PutRolePolicy' : 'iam:DeleteRolePolicy';
    if (typeof before.arn === 'string') return [{ actions: [call], resources: [before.arn] }];
    const roles = 'arn:{partition}:iam::{account}:role';
    return [
      {
        actions: [call],
        // Names are unique in an account, whatever the path.
        resources: [`${roles}/${before.role}`, `${roles}/*/${before.role}`],
        why: 'an earlier version wrote down the name of the role without its path',
      },
    ];
  },

  async contain(before, context) {
    if (before.role === null) return;
    await context.change.of(IAMClient).send(
      new PutRolePolicyCommand({
        RoleName: before.role,
        PolicyName: policyName(context),
        PolicyDocument: document(context),
      }),
    );
  },

  async verify(before, context) {
    // A role that was put on the instance since is not the one that was denied.
    const now = (await readRole(context))?.name ?? null;
    if (now !== null && now !== before.role)
      return { ok: false, observed: `the instance has another role by now: ${now}` };
    if (before.role === null) return { ok: true, observed: 'the instance has no role' };
    const inline = await readInline(context, before.role);
    return inline !== null && isOurs(context, inline)
      ? { ok: true, observed: `role '${before.role}' denies everything to credentials of this instance` }
      : { ok: false, observed: `role '${before.role}' does not deny anything to credentials of this instance` };
  },

  async release(before, context) {
    if (before.role === null) return { restored: [], tasks: [] };
    const RoleName = before.role;
    const PolicyName = policyName(context);
    if (before.inline !== null) {
      await context.change
        .of(IAMClient)
        .send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument: before.inline }));
      return { restored: [`'${PolicyName}' of role '${RoleName}' has its earlier document`], tasks: [] };
    }
    try {
      await context.change.of(IAMClient).send(new DeleteRolePolicyCommand({ RoleName, PolicyName }));
    } catch (error) {
      if (!isNamed(error, 'NoSuchEntity', 'NoSuchEntityException')) throw error;
    }
    return { restored: [`'${PolicyName}' of role '${RoleName}' is removed`], tasks: [] };
  },

  async verifyReleased(before, context) {
    if (before.role === null) return { ok: true, observed: 'the instance had no role' };
    const inline = await readInline(context, before.role);
    const same =
      inline === before.inline || (inline !== null && before.inline !== null && same2(inline, before.inline));
    return same
      ? { ok: true, observed: `role '${before.role}' is as before` }
      : { ok: false, observed: `'${policyName(context)}' of role '${before.role}' is not as before` };
  },
});

/** One policy an instance: two isolated instances of one role do not undo each other. */
function policyName(context: ActionContext): string {
  return `${QUARANTINE_POLICY_NAME}-${instanceId(context)}`;
}

function document(context: ActionContext): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: QUARANTINE_POLICY_NAME,
        Effect: 'Deny',
        Action: '*',
        Resource: '*',
        Condition: { ArnEquals: { 'ec2:SourceInstanceARN': instanceArn(context.target) } },
      },
    ],
  });
}

async function readRole(context: ActionContext): Promise<{ name: string; arn: string } | null> {
  const profile = (await readInstance(context)).IamInstanceProfile?.Arn;
  if (profile === undefined) return null;
  const { InstanceProfile } = await context.aws
    .of(IAMClient)
    .send(new GetInstanceProfileCommand({ InstanceProfileName: profile.split('/').at(-1) }));
  const { RoleName: name, Arn: arn } = InstanceProfile?.Roles?.[0] ?? {};
  return name === undefined || arn === undefined ? null : { name, arn };
}

async function readInline(context: ActionContext, RoleName: string): Promise<string | null> {
  try {
    const { PolicyDocument } = await context.aws
      .of(IAMClient)
      .send(new GetRolePolicyCommand({ RoleName, PolicyName: policyName(context) }));
    const text = PolicyDocument ?? '';
    return text.trimStart().startsWith('{') ? text : decodeURIComponent(text);
  } catch (error) {
    if (isNamed(error, 'NoSuchEntity', 'NoSuchEntityException')) return null;
    throw error;
  }
}

function isOurs(context: ActionContext, inline: string): boolean {
  return same2(inline, document(context));
}

function same2(a: string, b: string): boolean {
  try {
    return canonicalJson(JSON.parse(a) as Json) === canonicalJson(JSON.parse(b) as Json);
  } catch {
    // What is not JSON is no policy of ours.
    return false;
  }
}
