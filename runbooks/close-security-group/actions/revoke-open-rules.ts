import {
  AuthorizeSecurityGroupIngressCommand,
  EC2Client,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2';
import { action, type ActionContext, type ChangeContext } from '../../../lambdas/contain/runbook-host/action';
import { isNamed } from '../../../lambdas/shared/aws-error';
import { choose, keptText } from './choose';
import { groupId, readGroup } from './group';
import { historyOf } from './history';
import { isLaterAttempt, judge, saysSinceWhen, type Before } from './judge';
import { revokedLater } from './revoked-later';
import { accessText, readOpenRules, sameAccess, sameDetails, toPermission, type Rule } from './rules';

/**
 * By their ids: revoking by properties, where one of them does not match, does nothing and says nothing in a default
 * VPC. What is opened to the world within a day after the state was written down goes as well, whatever its port; what an
 * attempt finds that begins later than that is judged anew.
 */
export const revokeOpenRules = action<Before>({
  id: 'revoke-open-rules',

  async read(context) {
    await readGroup(context);
    // Before it is read: whatever is not found was opened after that.
    const readAt = context.now().toISOString();
    const rules = await readOpenRules(context);
    // Nothing is open: nobody needs to be asked since when.
    if (rules.length === 0) return { readAt, choices: [] };
    return { readAt, choices: choose(rules, await historyOf(context), context.startedAt) };
  },

  /** As `contain` will judge it: what was opened since goes, or is judged anew, and a plan of now must not say that it stays. */
  async readAgain(before, context) {
    return { ...before, choices: await judge(before, context) };
  },

  changes(before, context) {
    const recorded = before.choices
      .filter(({ revoke }) => revoke)
      .map((choice) => ({
        call: 'ec2:RevokeSecurityGroupIngress',
        resource: choice.rule.id,
        from: `${accessText(choice.rule)}: ${choice.because}`,
        to: `revoked${keptText(before.choices)}`,
      }));
    if (!isLaterAttempt(before, context)) return recorded;
    const since = {
      call: 'ec2:RevokeSecurityGroupIngress',
      resource: groupId(context),
      from: `whatever was opened to the world since the state was written down${before.readAt === undefined ? '' : ` on ${before.readAt}`}`,
      to: saysSinceWhen(before, context) ? 'revoked' : 'judged when it comes to it, as a first attempt would',
    };
    return [...recorded, since];
  },

  permissions(before, context, step) {
    const group = `arn:{partition}:ec2:{region}:{account}:security-group/${groupId(context)}`;
    if (step === 'contain') return [{ actions: ['ec2:RevokeSecurityGroupIngress'], resources: [group] }];
    const rules = 'arn:{partition}:ec2:{region}:{account}:security-group-rule/*';
    const tagged = before.choices.some(({ rule, revoke }) => revoke && Object.keys(rule.tags).length > 0);
    return [
      {
        actions: ['ec2:AuthorizeSecurityGroupIngress'],
        resources: [group, rules],
        why: 'EC2 gives a rule its id; it can only be one of the group that is named beside it',
      },
      ...(tagged
        ? [
            {
              actions: ['ec2:CreateTags'],
              resources: [rules],
              conditions: { StringEquals: { 'ec2:CreateAction': 'AuthorizeSecurityGroupIngress' } },
            },
          ]
        : []),
    ];
  },

  async contain(before, context) {
    const open = await toRevoke(before, context);
    if (open.length === 0) return;
    const SecurityGroupRuleIds = open.map(({ id }) => id);
    try {
      await context.change
        .of(EC2Client)
        .send(new RevokeSecurityGroupIngressCommand({ GroupId: groupId(context), SecurityGroupRuleIds }));
    } catch (error) {
      // One of them is gone meanwhile, and EC2 then revokes none: each by itself.
      if (!isNamed(error, 'InvalidPermission.NotFound', 'InvalidSecurityGroupRuleId.NotFound')) throw error;
      for (const { id } of await toRevoke(before, context)) await revokeOne(context, id);
    }
  },

  async verify(before, context) {
    const judged = await judge(before, context);
    const open = judged.filter(({ revoke }) => revoke).map(({ rule }) => rule);
    if (open.length > 0) return { ok: false, observed: `still open to the world: ${open.map(accessText).join(', ')}` };
    const revoked = before.choices.filter(({ revoke }) => revoke).length;
    const none = isLaterAttempt(before, context) ? 'no rule that has to go is there' : 'no rule had to go';
    return {
      ok: true,
      observed: `${revoked === 0 ? none : `${revoked} rule(s) that let the world in are gone`}${keptText(judged)}; connections that are already tracked live on`,
    };
  },

  async release(before, context) {
    const restored: string[] = [];
    const tasks: string[] = [];
    for (const { rule, revoke } of before.choices) {
      if (!revoke) continue;
      const there = (await readOpenRules(context)).find((candidate) => sameAccess(candidate, rule));
      if (!there) {
        await authorize(context, rule);
        restored.push(accessText(rule));
      } else if (!sameDetails(there, rule)) {
        tasks.push(
          `${there.id} lets in ${accessText(rule)} again, made by somebody else: look at its description and tags.`,
        );
      }
    }
    // After it: what was given back needs nobody's word.
    return { restored, tasks: [...tasks, ...(await revokedLater(before, context))] };
  },

  async verifyReleased(before, context) {
    const open = await readOpenRules(context);
    const wanted = before.choices.filter(({ revoke }) => revoke);
    const missing = wanted.filter(({ rule }) => !open.some((candidate) => sameAccess(candidate, rule)));
    return missing.length === 0
      ? { ok: true, observed: `${wanted.length} rule(s) are back, with new ids` }
      : { ok: false, observed: `not back: ${missing.map(({ rule }) => accessText(rule)).join(', ')}` };
  },
});

/** Open to the world now, and not one of those that stay. */
async function toRevoke(before: Before, context: ActionContext): Promise<Rule[]> {
  return (await judge(before, context)).filter(({ revoke }) => revoke).map(({ rule }) => rule);
}

async function revokeOne(context: ChangeContext, id: string): Promise<void> {
  try {
    await context.change
      .of(EC2Client)
      .send(new RevokeSecurityGroupIngressCommand({ GroupId: groupId(context), SecurityGroupRuleIds: [id] }));
  } catch (error) {
    // Gone is what was wanted; reading back tells whether it is.
    if (!isNamed(error, 'InvalidPermission.NotFound', 'InvalidSecurityGroupRuleId.NotFound')) throw error;
  }
}

async function authorize(context: ChangeContext, rule: Rule): Promise<void> {
  const Tags = Object.entries(rule.tags).map(([Key, Value]) => ({ Key, Value }));
  try {
    await context.change.of(EC2Client).send(
      new AuthorizeSecurityGroupIngressCommand({
        GroupId: groupId(context),
        IpPermissions: [toPermission(rule)],
        ...(Tags.length > 0 && { TagSpecifications: [{ ResourceType: 'security-group-rule', Tags }] }),
      }),
    );
  } catch (error) {
    // There already: reading back tells.
    if (!isNamed(error, 'InvalidPermission.Duplicate')) throw error;
  }
}
