import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { EC2Client } from '@aws-sdk/client-ec2';
import { ElasticLoadBalancingClient } from '@aws-sdk/client-elastic-load-balancing';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { IAMClient } from '@aws-sdk/client-iam';
import { cases } from '../../../runbooks/isolate-instance/cases';
import type { Shape } from '../contract';
import { makeInstance, readInstanceState, type Clients } from '../instance';

export const shapes: readonly Shape[] = cases.map((shape) => ({
  name: shape.name,
  async arrange(aws) {
    const clients: Clients = {
      ec2: new EC2Client(aws.client),
      iam: new IAMClient(aws.client),
      autoScaling: new AutoScalingClient(aws.client),
      loadBalancing: new ElasticLoadBalancingV2Client(aws.client),
      classic: new ElasticLoadBalancingClient(aws.client),
    };
    const made = await makeInstance(clients, shape);
    return { target: made.target, stateOf: () => readInstanceState(clients, made) };
  },
}));
