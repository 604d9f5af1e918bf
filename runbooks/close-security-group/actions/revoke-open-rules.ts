import {
  AuthorizeSecurityGroupIngressCommand,
  EC2Client,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2';
import { action, type ActionContext, type ChangeContext } from '../../../lambdas/contain/runbook-host/action';
import { isNamed } from '../../../lambdas/shared/aws-error';
import { choiceText, choose, type Choice } from './choose';
import { groupId, readGroup } from './group';
import { addedRules, readHistory } from './history';
import { accessText, readOpenRules, sameAccess, sameDetails, toPermission, type Rule } from './rules';

type Before = {
  /** Every rule that was open to the world, with what is done with it. */
  readonly choices: Choice[];
};

/**
 * By their ids: revoking by properties, where one of them does not match, does nothing and says nothing in a default
 * VPC. What is opened to the world after the state was written down goes as well, whatever its port.
 */
export const revokeOpenRules = action<Before>({
  id: 'revoke-open-rules',

  async read(context) {
    await readGroup(context);
    const rules = await readOpenRules(context);
    // Nothing is open: nobody needs to be asked since when.
    const added = rules.length === 0 ? new Map() : addedRules((await readHistory(context)).events);
    return { choices: choose(rules, added, context.startedAt) };
  },

  changes(before) {
    return before.choices
      .filter(({ revoke }) => revoke)
      .map((choice) => ({
        call: 'ec2:RevokeSecurityGroupIngress',
        resource: choice.rule.id,
        from: `${accessText(choice.rule)}: ${choice.because}`,
        to: `revoked${keptText(before)}`,
      }));
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
    const open = await stillOpen(before, context);
    if (open.length === 0) return;
    const SecurityGroupRuleIds = open.map(({ id }) => id);
    try {
      await context.change
        .of(EC2Client)
        .send(new RevokeSecurityGroupIngressCommand({ GroupId: groupId(context), SecurityGroupRuleIds }));
    } catch (error) {
      // One of them is gone meanwhile, and EC2 then revokes none: each by itself.
      if (!isNamed(error, 'InvalidPermission.NotFound', 'InvalidSecurityGroupRuleId.NotFound')) throw error;
      for (const { id } of await stillOpen(before, context)) await revokeOne(context, id);
    }
  },

  async verify(before, context) {
    const open = await stillOpen(before, context);
    if (open.length > 0) return { ok: false, observed: `still open to the world: ${open.map(accessText).join(', ')}` };
    const revoked = before.choices.filter(({ revoke }) => revoke).length;
    return {
      ok: true,
      observed: `${revoked === 0 ? 'no rule had to go' : `${revoked} rule(s) that let the world in are gone`}${keptText(before)}; connections that are already tracked live on`,
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
    return { restored, tasks };
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

/** Open to the world now, and not one of those that were left as they were. Ids outlive changes in place. */
async function stillOpen(before: Before, context: ActionContext): Promise<Rule[]> {
  const kept = before.choices.filter(({ revoke }) => !revoke).map(({ rule }) => rule);
  return (await readOpenRules(context)).filter(
    (rule) => !kept.some((known) => known.id === rule.id && sameAccess(known, rule)),
  );
}

function keptText(before: Before): string {
  const kept = before.choices.filter(({ revoke }) => !revoke);
  return kept.length === 0 ? '' : `; left as they are: ${kept.map(choiceText).join(', ')}`;
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
