import { EC2Client } from '@aws-sdk/client-ec2';
import { RDSClient } from '@aws-sdk/client-rds';
import { cases } from '../../../runbooks/unshare-snapshot/cases';
import type { Shape } from '../contract';
import { targetOf } from '../run-actions';
import { makeShared, readSharing } from '../shared-snapshot';

export const shapes: readonly Shape[] = cases.map((shape) => ({
  name: shape.name,
  async arrange(aws) {
    const clients = { ec2: new EC2Client(aws.client), rds: new RDSClient(aws.client) };
    const arn = await makeShared(clients, shape);
    return {
      target: targetOf('snapshot', arn),
      // What was public stays unpublished, and nobody says that it does not. Whom moto names twice was let in by a change
      // whose answer was lost and that the SDK made again.
      stateOf: async () => [...new Set(await readSharing(clients, arn))].filter((said) => !/\ball$/.test(said)),
    };
  },
}));
