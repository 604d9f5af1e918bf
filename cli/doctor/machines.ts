import { DescribeStateMachineCommand, SFNClient } from '@aws-sdk/client-sfn';
import { bad, type Check, count, ok, warning } from './check';

export const machines: Check = {
  name: 'state machines',
  async look({ aws, stack }) {
    const arns = stack.list('FirebreakMachines');
    if (arns.length === 0) return warning('the stack names no state machines', 'deploy it again with this version');
    const client = new SFNClient(aws);
    const states = await Promise.all(
      arns.map(async (stateMachineArn) => ({
        name: stateMachineArn.split(':').at(-1) ?? stateMachineArn,
        // A machine that is gone is as bad as one that is being deleted.
        status: await client.send(new DescribeStateMachineCommand({ stateMachineArn })).then(
          ({ status }) => status ?? 'UNKNOWN',
          (error: unknown) => {
            if (error instanceof Error && error.name === 'StateMachineDoesNotExist') return 'missing';
            throw error;
          },
        ),
      })),
    );
    const down = states.filter(({ status }) => status !== 'ACTIVE');
    if (down.length === 0) return ok(`${count(arns.length, 'machine')}, all active`);
    return bad(down.map(({ name, status }) => `${name} is ${status}`).join(', '), 'deploy the stack again');
  },
};
