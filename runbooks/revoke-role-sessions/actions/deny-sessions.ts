import {
  AttachRolePolicyCommand,
  DeleteRolePermissionsBoundaryCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  IAMClient,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { action, type ActionContext, type ChangeContext } from '../../../lambdas/contain/runbook-host/action';
import { BeyondApprovedError, beyondApproved, beyondText } from '../../../lambdas/contain/runbook-host/approved';
import { isNamed } from '../../../lambdas/shared/aws-error';
import { samePolicy } from '../../../lib/model/policy-document';
import { QUARANTINE_DOCUMENT } from '../../../lib/model/quarantine';
import { cutOff, denies, denyDocument, wantedFor, type Wanted } from './deny-document';
import { findRole, readRole, type FoundRole } from './role';
import { attachedArns, inlineNames, policyName, quarantineArn, readInline, readManaged } from './role-policies';
import { readScope } from './scope';
import { readTrust } from './trust';
import { usersOf, usersText } from './used-by';

type Before = {
  readonly name: string;
  readonly arn: string;
  readonly roleId: string;
  /** Who may assume it; written down, never changed. */
  readonly trust: string;
  /** The document of an inline policy of our name, if somebody had made one. */
  readonly inline: string | null;
  readonly inlinePolicies: string[];
  readonly attachedPolicies: string[];
  readonly boundary: string | null;
  /** Instances whose credentials are denied, new ones too. */
  readonly instances: string[];
  /** Every session is denied. Records of older versions leave it out, and name no instances where it is so. */
  readonly all?: boolean;
  /** Who else uses the role, in words. */
  readonly usedBy: string[];
};

const FULL = ['LimitExceeded', 'LimitExceededException'];

/**
 * Denies everything to the sessions of a role by an inline policy of its own. Where the quota of inline policies is
 * full, the managed policy is attached, and where that quota is full too it becomes the permissions boundary; both deny
 * every session, and so stand in only where every session is to be denied.
 */
export const denySessions = action<Before>({
  id: 'deny-sessions',

  async read(context) {
    const role = await readRole(context);
    const [inline, inlinePolicies, attachedPolicies, scope, users] = await Promise.all([
      readInline(context, role.name),
      inlineNames(context, role.name),
      attachedArns(context, role.name),
      readScope(context),
      usersOf(context, role),
    ]);
    const { name, arn, roleId, trust, boundary } = role;
    return {
      ...{ name, arn, roleId, trust, boundary, inline, inlinePolicies, attachedPolicies, ...scope },
      usedBy: usersText(users),
    };
  },

  changes(before, context) {
    return [
      {
        call: 'iam:PutRolePolicy',
        resource: before.arn,
        from: before.inline === null ? `no inline policy '${policyName(context)}'` : 'another document',
        to: `${inWords(before)}${sharedWith(before)}`,
      },
    ];
  },

  reach(before) {
    return reachOf(before, wantedThen(before));
  },

  permissions(before, context, step) {
    const role = { resources: [before.arn] };
    const ours = { ArnEquals: { 'iam:PolicyARN': quarantineArn(context) } };
    const boundary = (arn: string) => ({ StringEquals: { 'iam:PermissionsBoundary': arn } });
    if (step === 'contain') {
      return [
        { ...role, actions: ['iam:PutRolePolicy'] },
        { ...role, actions: ['iam:AttachRolePolicy'], conditions: ours },
        { ...role, actions: ['iam:PutRolePermissionsBoundary'], conditions: boundary(quarantineArn(context)) },
      ];
    }
    return [
      { ...role, actions: [before.inline === null ? 'iam:DeleteRolePolicy' : 'iam:PutRolePolicy'] },
      { ...role, actions: ['iam:DetachRolePolicy'], conditions: ours },
      before.boundary === null
        ? { ...role, actions: ['iam:DeleteRolePermissionsBoundary'], conditions: boundary(quarantineArn(context)) }
        : { ...role, actions: ['iam:PutRolePermissionsBoundary'], conditions: boundary(before.boundary) },
    ];
  },

  async contain(before, context) {
    const role = await sameRole(before, context);
    const wanted = await wantedNow(context, role);
    const beyond = beyondApproved(reachOf(role, wanted), context);
    if (beyond.length > 0) throw new BeyondApprovedError(beyond);
    if ((await whatDenies(before, context, role, wanted)) !== undefined) return;
    const { name: RoleName } = role;
    const PolicyArn = quarantineArn(context);
    const once = context.change.once(IAMClient);
    const PolicyDocument = denyDocument(wanted, cutOff(context.now(), context.startedAt));
    try {
      await once.send(new PutRolePolicyCommand({ RoleName, PolicyName: policyName(context), PolicyDocument }));
      return;
    } catch (error) {
      if (!isNamed(error, ...FULL)) throw error;
      if (!wanted.scope.all) throw new Error(noRoomForOne(role, wanted), { cause: error });
    }
    try {
      await once.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
      if (!before.attachedPolicies.includes(PolicyArn)) return;
    } catch (error) {
      if (!isNamed(error, ...FULL)) throw error;
    }
    await context.change
      .of(IAMClient)
      .send(new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary: PolicyArn }));
  },

  async verify(before, context) {
    const role = await readRole(context);
    if (role.roleId !== before.roleId) {
      return { ok: false, observed: `role '${role.name}' was deleted and made anew: contain the new one by itself` };
    }
    const wanted = await wantedNow(context, role);
    const beyond = beyondApproved(reachOf(role, wanted), context);
    if (beyond.length > 0) return { ok: false, observed: beyondText(beyond), beyond: true };
    const denied = await whatDenies(before, context, role, wanted);
    if (denied !== undefined) return { ok: true, observed: `${denied}${whoGoesOn(wanted, role)}` };
    return { ok: false, observed: `nothing denies everything to ${sessionsText(wanted)} of role '${role.name}'` };
  },

  async release(before, context) {
    const role = await findRole(context);
    if (role?.roleId !== before.roleId) {
      return { restored: [], tasks: [`Role '${before.name}' was deleted since: nothing of it was given back.`] };
    }
    const { name: RoleName } = role;
    const iam = context.change.of(IAMClient);
    const arn = quarantineArn(context);
    const restored: string[] = [];
    // Each is only ours where it was not there before.
    if (role.boundary === arn && before.boundary !== arn) {
      await restoreBoundary(context, RoleName, before.boundary);
      restored.push(`permissions boundary: ${before.boundary ?? 'none'}`);
    }
    if (!before.attachedPolicies.includes(arn) && (await attachedArns(context, RoleName)).includes(arn)) {
      await ignoreMissing(iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn: arn })));
      restored.push('the quarantine policy is detached');
    }
    const PolicyName = policyName(context);
    const inline = await readInline(context, RoleName);
    if (before.inline === null && inline !== null) {
      await ignoreMissing(iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName })));
      restored.push(`the inline policy '${PolicyName}' is removed`);
    } else if (before.inline !== null && !samePolicy(inline, before.inline)) {
      await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument: before.inline }));
      restored.push(`the inline policy '${PolicyName}' has its earlier document`);
    }
    return { restored, tasks: [] };
  },

  async verifyReleased(before, context) {
    const role = await findRole(context);
    if (role?.roleId !== before.roleId) return { ok: true, observed: `role '${before.name}' was deleted since` };
    const arn = quarantineArn(context);
    const attached = (await attachedArns(context, role.name)).includes(arn);
    const wrong = [
      ...(samePolicy(await readInline(context, role.name), before.inline)
        ? []
        : [`the inline policy '${policyName(context)}' is not as it was`]),
      ...(attached && !before.attachedPolicies.includes(arn) ? ['the quarantine policy is still attached'] : []),
      // Another boundary than ours was set by somebody else since.
      ...(role.boundary === arn && before.boundary !== arn ? ['the permissions boundary still denies everything'] : []),
    ];
    if (wrong.length > 0) return { ok: false, observed: wrong.join('; ') };
    return { ok: true, observed: `this containment denies nothing to role '${role.name}' any more` };
  },
});

async function sameRole(before: Before, context: ActionContext): Promise<FoundRole> {
  const role = await readRole(context);
  if (role.roleId === before.roleId) return role;
  throw new Error(`role '${role.name}' was deleted and made anew since the state was written down; nothing is changed`);
}

/** By the alerts and the trust policy as they are now: both may have become worse since the state was written down. */
async function wantedNow(context: ActionContext, role: FoundRole): Promise<Wanted> {
  const partition = role.arn.split(':')[1] ?? 'aws';
  return wantedFor(await readScope(context), role.trust, { partition, account: context.target.account });
}

/** What stands there and denies what is wanted, in words; undefined where nothing does. */
/** What was there before goes with whoever put it there, another containment perhaps, and does not count. */
async function whatDenies(
  before: Pick<Before, 'attachedPolicies' | 'boundary'>,
  context: ActionContext,
  role: FoundRole,
  wanted: Wanted,
): Promise<string | undefined> {
  if (denies(await readInline(context, role.name), wanted, context.startedAt)) {
    return `role '${role.name}' denies everything to ${sessionsText(wanted)}`;
  }
  const arn = quarantineArn(context);
  const attached = !before.attachedPolicies.includes(arn) && (await attachedArns(context, role.name)).includes(arn);
  if (!attached && (role.boundary !== arn || before.boundary === arn)) return undefined;
  if (!samePolicy(await readManaged(context), JSON.stringify(QUARANTINE_DOCUMENT))) return undefined;
  return attached
    ? `the attached quarantine policy denies everything to every session of role '${role.name}'`
    : `the permissions boundary denies everything to every session of role '${role.name}'`;
}

function sessionsText({ scope, newSessions }: Wanted): string {
  const instances = `credentials of ${scope.instances.join(', ')}`;
  if (!scope.all) return instances;
  const all = newSessions
    ? 'sessions issued until now, and later ones but those of instances and functions'
    : 'sessions issued until now';
  return scope.instances.length > 0 ? `${all}, and to ${instances}` : all;
}

function whoGoesOn({ scope, newSessions }: Wanted, role: FoundRole): string {
  const { services } = readTrust(role.trust);
  if (!scope.all || services.length === 0) return '';
  const who = newSessions ? 'instances and functions that may run with it' : services.join(', ');
  return `; ${who} get new sessions: if the attacker is in one of them, contain that`;
}

/** What was wanted when the state was read. */
function wantedThen({ trust, instances, all = instances.length === 0 }: Before): Wanted {
  return wantedFor({ instances, all }, trust, { partition: 'aws', account: '' });
}

/** The same as `sessionsText`, a line for each thing that can be wanted by itself: less than what was approved is approved. */
function reachOf({ arn }: Pick<FoundRole, 'arn'>, { scope, newSessions }: Wanted): string[] {
  return [
    ...scope.instances.map((id) => `${arn}: credentials of ${id}`),
    ...(scope.all ? [`${arn}: every session issued until now`] : []),
    ...(newSessions ? [`${arn}: later sessions, but those of instances and functions`] : []),
  ];
}

function inWords(before: Before): string {
  return `an inline policy that denies everything to ${sessionsText(wantedThen(before))}`;
}

function sharedWith(before: Before): string {
  const { usedBy } = before;
  if (usedBy.length === 0) return '';
  return `; the role is also used by ${usedBy.join('; ')}: ${
    wantedThen(before).scope.all ? 'these fail until they get a new session' : 'these are spared'
  }`;
}

function noRoomForOne(role: FoundRole, { scope }: Wanted): string {
  return (
    `role '${role.name}' has no room for an inline policy that denies ${scope.instances.join(', ')} alone, and a managed ` +
    `one would cut off everything that shares the role: isolate the instance, or remove an inline policy and run this again`
  );
}

async function restoreBoundary(context: ChangeContext, RoleName: string, boundary: string | null): Promise<void> {
  const iam = context.change.of(IAMClient);
  if (boundary === null) await ignoreMissing(iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName })));
  else await iam.send(new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary: boundary }));
}

/** Gone is what was wanted; reading back tells whether it is. */
async function ignoreMissing(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!isNamed(error, 'NoSuchEntity', 'NoSuchEntityException')) throw error;
  }
}
