import { describe, expect, test } from '@jest/globals';
import type { SecurityGroup } from '@aws-sdk/client-ec2';
import type { ChangeContext } from '../../../lambdas/contain/runbook-host/action';
import { isolateNetwork } from '../../../runbooks/isolate-instance/actions/isolate-network';

const OURS = [
  { Key: 'firebreak:isolation', Value: 'true' },
  { Key: 'Name', Value: 'firebreak-isolation' },
];
const OWNER = { Key: 'owner', Value: 'mallory' };
const BEFORE = { interfaces: [], isolation: 'firebreak-isolation-0011223344556677' };

/** EC2 with one interface, and groups that have the name and the tag. */
function ec2(groups: readonly SecurityGroup[], lost = false) {
  const there = [...groups];
  let on = 'sg-web';
  let rules = 0;
  const made: (string | undefined)[] = [];
  const answers: Readonly<Record<string, (input: Input) => unknown>> = {
    DescribeSecurityGroupsCommand: () => ({ SecurityGroups: there }),
    DescribeSecurityGroupRulesCommand: () => ({
      SecurityGroupRules: Array.from({ length: rules }, () => ({ IsEgress: false, SecurityGroupRuleId: 'sgr-1' })),
    }),
    DescribeNetworkInterfacesCommand: () => ({
      NetworkInterfaces: [{ NetworkInterfaceId: 'eni-1', VpcId: 'vpc-1', Groups: [{ GroupId: on }] }],
    }),
    CreateSecurityGroupCommand: ({ GroupName, TagSpecifications }) => {
      made.push(GroupName);
      there.push({ GroupId: 'sg-made', GroupName, Tags: [...(TagSpecifications?.[0]?.Tags ?? [])] });
      if (lost) throw Object.assign(new Error('it exists'), { name: 'InvalidGroup.Duplicate' });
      return { GroupId: 'sg-made' };
    },
    ModifyNetworkInterfaceAttributeCommand: ({ Groups }) => {
      on = Groups?.[0] ?? '';
    },
  };
  const client = {
    send: async ({ constructor, input }: { readonly constructor: { readonly name: string }; readonly input: Input }) =>
      Promise.resolve(answers[constructor.name]?.(input)),
  };
  const clients = { of: () => client, once: () => client };
  const target = { id: 'arn:aws:ec2:us-east-1:111122223333:instance/i-0123456789abcdef0' };
  const context = {
    target,
    containmentId: 'con-0123456789abcdef',
    aws: clients,
    change: clients,
  } as unknown as ChangeContext;
  const tag = (id: string) => there.find(({ GroupId }) => GroupId === id)?.Tags?.push(OWNER);
  return { context, made, where: () => on, tag, open: () => (rules = 1) };
}

interface Input {
  readonly GroupName?: string;
  readonly Groups?: readonly string[];
  readonly TagSpecifications?: readonly { readonly Tags: { Key: string; Value: string }[] }[];
}

describe('the isolation group', () => {
  test('GIVEN one that somebody made before and tagged as his own WHEN an instance is isolated THEN it is not used', async () => {
    const his = { GroupId: 'sg-his', GroupName: 'firebreak-isolation', Tags: [...OURS, OWNER] };
    const { context, made, where } = ec2([his]);

    await isolateNetwork.contain(BEFORE, context);

    expect(where()).toBe('sg-made');
    expect(made).toEqual([BEFORE.isolation]);
    expect(await isolateNetwork.verify(BEFORE, context)).toMatchObject({ ok: true });
  });

  test('of an earlier containment is shared, AWS may have tagged it', async () => {
    const Tags = [...OURS, { Key: 'aws:cloudformation:stack-name', Value: 'x' }];
    const { context, made, where } = ec2([{ GroupId: 'sg-shared', GroupName: 'firebreak-isolation', Tags }]);

    await isolateNetwork.contain(BEFORE, context);

    expect([where(), made]).toEqual(['sg-shared', []]);
    expect(await isolateNetwork.verify(BEFORE, context)).toMatchObject({ ok: true });
  });

  test('of its own is known by its name, whatever else tags every new group; one with a rule does not isolate', async () => {
    const { context, tag, open } = ec2([]);
    await isolateNetwork.contain(BEFORE, context);

    tag('sg-made');
    expect(await isolateNetwork.verify(BEFORE, context)).toMatchObject({ ok: true });

    open();
    expect(await isolateNetwork.verify(BEFORE, context)).toEqual({
      ok: false,
      observed: 'the isolation group sg-made has 1 rule(s)',
    });
  });

  test('GIVEN one that is shared WHEN somebody tags it as his own THEN it isolates no more, and another is made', async () => {
    const { context, tag, where } = ec2([{ GroupId: 'sg-shared', GroupName: 'firebreak-isolation', Tags: [...OURS] }]);
    await isolateNetwork.contain(BEFORE, context);

    tag('sg-shared');
    expect(await isolateNetwork.verify(BEFORE, context)).toMatchObject({ ok: false });

    await isolateNetwork.contain(BEFORE, context);
    expect(where()).toBe('sg-made');
    expect(await isolateNetwork.verify(BEFORE, context)).toMatchObject({ ok: true });
  });

  test('is found where its making was not answered, and the SDK asked again', async () => {
    const { context, where } = ec2([], true);

    await isolateNetwork.contain(BEFORE, context);

    expect(where()).toBe('sg-made');
  });

  test('that an earlier version used is still one: its records name none', async () => {
    const { context, where } = ec2([{ GroupId: 'sg-1', GroupName: 'firebreak-isolation', Tags: [...OURS, OWNER] }]);

    await isolateNetwork.contain({ interfaces: [] }, context);

    expect(where()).toBe('sg-1');
    expect(await isolateNetwork.verify({ interfaces: [] }, context)).toMatchObject({ ok: true });
  });

  test('of each containment has a name of its own, which nobody can know before', async () => {
    const { context } = ec2([]);
    const names = [await isolateNetwork.read(context), await isolateNetwork.read(context)].map(
      (before) => before['isolation'],
    );

    expect(new Set(names).size).toBe(2);
    for (const name of names) expect(name).toMatch(/^firebreak-isolation-[0-9a-f]{16}$/);
  });
});
