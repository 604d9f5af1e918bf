import { describe, expect, test } from '@jest/globals';
import type { ChangeContext } from '../../lambdas/contain/runbook-host/action';
import { leaveAutoScaling } from '../../runbooks/isolate-instance/actions/leave-auto-scaling';

const INSTANCE = 'i-0123456789abcdef0';
const GROUP = { name: 'web', desired: 2, min: 1, max: 3, members: [INSTANCE, 'i-0fedcba9876543210'] };
const OPTIONS = { reactivateKeys: false };
const BEFORE = { group: GROUP, lifecycle: 'InService', registrations: [], classic: [] };

/** Auto Scaling with the instance in a state that the embedded AWS passes over; notes what is changed. */
function autoScaling(LifecycleState: string): { readonly context: ChangeContext; readonly changed: string[] } {
  const changed: string[] = [];
  const Instances = GROUP.members.map((InstanceId) => ({ InstanceId, LifecycleState }));
  const answers: Readonly<Record<string, unknown>> = {
    DescribeAutoScalingInstancesCommand: {
      AutoScalingInstances: [{ InstanceId: INSTANCE, AutoScalingGroupName: GROUP.name, LifecycleState }],
    },
    DescribeAutoScalingGroupsCommand: {
      AutoScalingGroups: [{ AutoScalingGroupName: GROUP.name, DesiredCapacity: 2, MinSize: 1, MaxSize: 3, Instances }],
    },
  };
  const client = {
    send: (command: object) => {
      const { name } = command.constructor;
      if (!(name in answers)) changed.push(name);
      return Promise.resolve(answers[name] ?? {});
    },
  };
  const clients = { of: () => client, once: () => client };
  const target = { id: `arn:aws:ec2:us-east-1:111122223333:instance/${INSTANCE}` };
  return { context: { target, aws: clients, change: clients } as unknown as ChangeContext, changed };
}

describe('an instance that load balancers drain', () => {
  test('has left its group: nobody has undone that', async () => {
    const { context, changed } = autoScaling('EnteringStandby');

    await leaveAutoScaling.contain(BEFORE, context);
    expect(await leaveAutoScaling.verify(BEFORE, context)).toEqual({
      ok: true,
      observed: "the instance is entering standby in group 'web' while load balancers drain",
    });
    expect(changed).toEqual([]);
  });

  test('cannot be released yet: that is said, and nothing is changed', async () => {
    const { context, changed } = autoScaling('EnteringStandby');

    await expect(leaveAutoScaling.release(BEFORE, context, OPTIONS)).rejects.toThrow(
      /still entering standby.*release again then/,
    );
    expect(changed).toEqual([]);
    expect(await leaveAutoScaling.verifyReleased(BEFORE, context, OPTIONS)).toMatchObject({ ok: false });
  });

  test.each(['InService', 'Pending', 'Terminating'])('is not on standby where it is %s', async (lifecycle) => {
    expect(await leaveAutoScaling.verify(BEFORE, autoScaling(lifecycle).context)).toMatchObject({ ok: false });
  });
});

describe('an instance that was released', () => {
  test.each([
    ['InService', "in service in group 'web', whose capacity is as before"],
    ['Pending:Wait', "coming back ('Pending:Wait') in group 'web', whose capacity is as before"],
  ])('is back where it is %s', async (lifecycle, observed) => {
    const { context } = autoScaling(lifecycle);
    expect(await leaveAutoScaling.verifyReleased(BEFORE, context, OPTIONS)).toEqual({ ok: true, observed });
  });

  test.each(['Standby', 'Detached', 'Terminating'])('is not back where it is %s', async (lifecycle) => {
    const { context } = autoScaling(lifecycle);
    expect(await leaveAutoScaling.verifyReleased(BEFORE, context, OPTIONS)).toMatchObject({ ok: false });
  });
});
