import { IAMClient } from '@aws-sdk/client-iam';
import { cases } from '../../../runbooks/disable-access-key/cases';
import type { Shape } from '../contract';
import { makeUser, readUserState } from '../user';

export const shapes: readonly Shape[] = cases.map((shape) => ({
  name: shape.name,
  async arrange(aws) {
    const iam = new IAMClient(aws.client);
    const { target, name } = await makeUser(iam, shape);
    return {
      target,
      async stateOf() {
        // A deleted password cannot be given back, and nobody says that it can.
        const { boundary, keys, attached, inline } = await readUserState(iam, name);
        return { boundary, keys, attached, inline };
      },
    };
  },
}));
