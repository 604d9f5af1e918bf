import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { BRAKE_RELEASED } from '../../lambdas/shared/brake';
import { bad, type Check, ok } from './check';

export const brake: Check = {
  name: 'brake',
  async look({ aws, stack }) {
    const Name = stack.output('FirebreakBrakeParameter');
    const value = (await new SSMClient(aws).send(new GetParameterCommand({ Name }))).Parameter?.Value;
    if (value === BRAKE_RELEASED) return ok('released');
    return bad(`on: ${value ?? 'the parameter has no value'}`, "nothing is contained until 'firebreak resume'");
  },
};
