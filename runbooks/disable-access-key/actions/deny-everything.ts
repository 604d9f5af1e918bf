import {
  IAMClient,
  AttachUserPolicyCommand,
  DeleteUserPermissionsBoundaryCommand,
  DeleteUserPolicyCommand,
  DetachUserPolicyCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetUserPolicyCommand,
  ListAttachedUserPoliciesCommand,
  PutUserPermissionsBoundaryCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import { action, type ActionContext, type ChangeContext } from '../../../lambdas/contain/runbook-host/action';
import { isNamed } from '../../../lambdas/shared/aws-error';
import { canonicalJson } from '../../../lib/model/canonical-json';
import type { Json } from '../../../lib/model/json';
import { QUARANTINE_DOCUMENT, QUARANTINE_POLICY_NAME } from '../../../lib/model/quarantine';
import { allPages, readUser, userName, userPermission } from './user';

/** What may bind the user: absent is a state, and is written down as null. */
type Before = {
  readonly userId: string;
  /** The user's ARN with its path; absent in what earlier versions wrote down. */
  readonly arn?: string;
  /** The document of an inline policy of our name, if somebody had made one. */
  readonly inline: string | null;
  readonly attached: boolean;
  readonly attachedPolicies: string[];
  readonly boundary: string | null;
};

const NO_ROOM = ['LimitExceeded', 'LimitExceededException'];
const DOCUMENT = JSON.stringify(QUARANTINE_DOCUMENT);

/** The parameter by which another runbook names the inline policy. */
export const QUARANTINE_POLICY_NAME_PARAMETER = 'quarantinePolicyName';

/**
 * One unconditional deny covers keys, console and derived sessions, because permissions are evaluated per request. It is placed
 * twice: as an inline policy, which no change of a managed policy takes away, and as the attached quarantine policy, which an
 * organisation can make irremovable (IAM knows no condition on the name of an inline policy). An attacker may have filled the
 * quota of inline policies (2,048 characters) and of attached ones (10): then the permissions boundary, which has no quota,
 * becomes the deny.
 */
export const denyEverything = action<Before>({
  id: 'deny-everything',

  async read(context) {
    const user = await readUser(context);
    const [inline, attachedPolicies] = await Promise.all([readInline(context), readAttached(context)]);
    return {
      userId: user.UserId ?? '',
      ...(user.Arn !== undefined && { arn: user.Arn }),
      inline,
      attached: attachedPolicies.includes(quarantine(context)),
      attachedPolicies,
      boundary: user.PermissionsBoundary?.PermissionsBoundaryArn ?? null,
    };
  },

  changes(before, context) {
    const inline = {
      call: 'iam:PutUserPolicy',
      resource: context.target.id,
      from: before.inline === null ? `no inline policy '${policyName(context)}'` : 'another document',
      to: `inline policy '${policyName(context)}' that denies everything`,
    };
    const attached = {
      call: 'iam:AttachUserPolicy',
      resource: context.target.id,
      from: 'the quarantine policy is not attached',
      to: `'${quarantine(context)}', which denies everything, is attached`,
    };
    return [
      ...(before.inline !== null && isQuarantine(before.inline) ? [] : [inline]),
      ...(before.attached ? [] : [attached]),
    ];
  },

  permissions(before, context, step) {
    const user = userPermission(before.arn, context);
    const ours = { ArnEquals: { 'iam:PolicyARN': quarantine(context) } };
    const boundary = (arn: string) => ({ StringEquals: { 'iam:PermissionsBoundary': arn } });
    const inline = step === 'contain' || before.inline !== null ? 'iam:PutUserPolicy' : 'iam:DeleteUserPolicy';
    const setBoundary = 'iam:PutUserPermissionsBoundary';
    if (step === 'contain') {
      return [
        { ...user, actions: [inline] },
        { ...user, actions: ['iam:AttachUserPolicy'], conditions: ours },
        { ...user, actions: [setBoundary], conditions: boundary(quarantine(context)) },
      ];
    }
    return [
      { ...user, actions: [inline] },
      { ...user, actions: ['iam:DetachUserPolicy'], conditions: ours },
      before.boundary === null
        ? { ...user, actions: ['iam:DeleteUserPermissionsBoundary'], conditions: boundary(quarantine(context)) }
        : { ...user, actions: [setBoundary], conditions: boundary(before.boundary) },
    ];
  },

  async contain(before, context) {
    const UserName = userName(context);
    const PolicyArn = quarantine(context);
    const iam = context.change.once(IAMClient);
    const inline = await placed(
      iam.send(new PutUserPolicyCommand({ UserName, PolicyName: policyName(context), PolicyDocument: DOCUMENT })),
      ...NO_ROOM,
    );
    // An attacker may have deleted the managed policy; that there is a user, IAM said a moment ago.
    const attached = await placed(
      iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn })),
      ...NO_ROOM,
      'NoSuchEntity',
      'NoSuchEntityException',
    );
    if (inline || (attached && !before.attached)) return;
    await context.change
      .of(IAMClient)
      .send(new PutUserPermissionsBoundaryCommand({ UserName, PermissionsBoundary: PolicyArn }));
  },

  async verify(before, context) {
    const user = await readUser(context);
    const inline = await readInline(context);
    if (inline !== null && isQuarantine(inline)) {
      return { ok: true, observed: `the inline policy '${policyName(context)}' denies everything` };
    }
    const arn = quarantine(context);
    // What was there before goes with whoever put it there, another containment perhaps.
    const attached = !before.attached && (await readAttached(context)).includes(arn);
    const boundary = before.boundary !== arn && user.PermissionsBoundary?.PermissionsBoundaryArn === arn;
    if (!attached && !boundary) {
      return {
        ok: false,
        observed:
          'neither an inline policy of this containment, nor an attached one, nor the boundary denies everything',
      };
    }
    if (!isQuarantine(await readManaged(context))) {
      return { ok: false, observed: `the managed policy '${arn}' does not deny everything any more` };
    }
    return {
      ok: true,
      observed: attached
        ? 'the attached quarantine policy denies everything; there is no inline one'
        : 'the permissions boundary denies everything (the quotas of policies are used up)',
    };
  },

  async release(before, context) {
    const UserName = userName(context);
    const arn = quarantine(context);
    const restored: string[] = [];
    // The boundary and the attached policy first: each is only ours where it was not there before.
    const user = await readUser(context);
    if (user.PermissionsBoundary?.PermissionsBoundaryArn === arn && before.boundary !== arn) {
      await restoreBoundary(context, before.boundary);
      restored.push(`permissions boundary: ${before.boundary ?? 'none'}`);
    }
    if (!before.attached && (await readAttached(context)).includes(arn)) {
      await ignoreMissing(context.change.of(IAMClient).send(new DetachUserPolicyCommand({ UserName, PolicyArn: arn })));
      restored.push('the quarantine policy is detached');
    }
    const inline = await readInline(context);
    if (before.inline === null && inline !== null) {
      await ignoreMissing(
        context.change.of(IAMClient).send(new DeleteUserPolicyCommand({ UserName, PolicyName: policyName(context) })),
      );
      restored.push(`the inline policy '${policyName(context)}' is removed`);
    } else if (before.inline !== null && before.inline !== inline) {
      await context.change
        .of(IAMClient)
        .send(new PutUserPolicyCommand({ UserName, PolicyName: policyName(context), PolicyDocument: before.inline }));
      restored.push(`the inline policy '${policyName(context)}' has its earlier document`);
    }
    return { restored, tasks: [] };
  },

  async verifyReleased(before, context) {
    const user = await readUser(context);
    const arn = quarantine(context);
    const inline = await readInline(context);
    const attached = (await readAttached(context)).includes(arn);
    const boundary = user.PermissionsBoundary?.PermissionsBoundaryArn ?? null;
    const wrong = [
      ...(sameDocument(inline, before.inline) ? [] : [`the inline policy '${policyName(context)}' is not as it was`]),
      // One that was there before belongs to another containment, which may have been released since.
      ...(attached && !before.attached ? ['the quarantine policy is still attached'] : []),
      // Another boundary than ours was set by somebody else since.
      ...(boundary === arn && before.boundary !== arn ? ['the permissions boundary still denies everything'] : []),
    ];
    if (wrong.length > 0) return { ok: false, observed: wrong.join('; ') };
    return { ok: true, observed: 'nothing of Firebreak denies anything to the user any more' };
  },
});

/**
 * A runbook that contains users as a part of what it does gives its deny a name of its own: then neither release takes
 * the other one's deny away. Part of undo records, so it never changes.
 */
function policyName(context: ActionContext): string {
  return context.parameters[QUARANTINE_POLICY_NAME_PARAMETER] ?? QUARANTINE_POLICY_NAME;
}

function quarantine(context: ActionContext): string {
  const arn = context.parameters['quarantinePolicyArn'];
  if (arn === undefined) throw new Error("the runbook's parameter 'quarantinePolicyArn' is missing");
  return arn;
}

/** False where one of `errors` says that it cannot be placed there. */
async function placed(work: Promise<unknown>, ...errors: readonly string[]): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if (isNamed(error, ...errors)) return false;
    throw error;
  }
}

/** IAM gives policy documents URL-encoded. */
async function readInline(context: ActionContext): Promise<string | null> {
  try {
    const { PolicyDocument } = await context.aws
      .of(IAMClient)
      .send(new GetUserPolicyCommand({ UserName: userName(context), PolicyName: policyName(context) }));
    return decode(PolicyDocument ?? '');
  } catch (error) {
    if (isNamed(error, 'NoSuchEntity', 'NoSuchEntityException')) return null;
    throw error;
  }
}

async function readAttached(context: ActionContext): Promise<string[]> {
  const UserName = userName(context);
  const policies = await allPages(
    (Marker) => context.aws.of(IAMClient).send(new ListAttachedUserPoliciesCommand({ UserName, Marker })),
    (page) => page.AttachedPolicies,
  );
  return policies.map(({ PolicyArn }) => PolicyArn).filter((arn) => arn !== undefined);
}

async function readManaged(context: ActionContext): Promise<string> {
  const PolicyArn = quarantine(context);
  const { Policy } = await context.aws.of(IAMClient).send(new GetPolicyCommand({ PolicyArn }));
  const { PolicyVersion } = await context.aws
    .of(IAMClient)
    .send(new GetPolicyVersionCommand({ PolicyArn, VersionId: Policy?.DefaultVersionId }));
  return decode(PolicyVersion?.Document ?? '');
}

async function restoreBoundary(context: ChangeContext, boundary: string | null): Promise<void> {
  const UserName = userName(context);
  if (boundary === null) {
    await ignoreMissing(context.change.of(IAMClient).send(new DeleteUserPermissionsBoundaryCommand({ UserName })));
    return;
  }
  await context.change
    .of(IAMClient)
    .send(new PutUserPermissionsBoundaryCommand({ UserName, PermissionsBoundary: boundary }));
}

/** Gone is what was wanted; reading back tells whether it is. */
async function ignoreMissing(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!isNamed(error, 'NoSuchEntity', 'NoSuchEntityException')) throw error;
  }
}

function decode(document: string): string {
  return document.trimStart().startsWith('{') ? document : decodeURIComponent(document);
}

function isQuarantine(document: string): boolean {
  return sameDocument(document, DOCUMENT);
}

function sameDocument(a: string | null, b: string | null): boolean {
  if (a === null || b === null || a === b) return a === b;
  try {
    return canonicalJson(JSON.parse(a) as Json) === canonicalJson(JSON.parse(b) as Json);
  } catch {
    // What is not JSON is no policy of ours.
    return false;
  }
}
