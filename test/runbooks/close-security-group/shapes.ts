import { EC2Client } from '@aws-sdk/client-ec2';
import { cases } from '../../../runbooks/close-security-group/cases';
import type { Shape } from '../contract';
import { makeGroup, readRules, targetOf } from '../security-group';

export const shapes: readonly Shape[] = cases.map((shape) => ({
  name: shape.name,
  async arrange(aws) {
    const ec2 = new EC2Client(aws.client);
    const id = await makeGroup(ec2, shape);
    return { target: targetOf(id), stateOf: () => readRules(ec2, id) };
  },
}));
