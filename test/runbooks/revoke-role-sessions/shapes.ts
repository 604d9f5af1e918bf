import { IAMClient } from '@aws-sdk/client-iam';
import { cases } from '../../../runbooks/revoke-role-sessions/cases';
import type { Shape } from '../contract';
import { makeRole, readRoleState } from '../role';

/** Everything about a role is given back. */
export const shapes: readonly Shape[] = cases.map((shape) => ({
  name: shape.name,
  async arrange({ client }) {
    const iam = new IAMClient(client);
    const { target, name } = await makeRole(iam, shape);
    return { target, stateOf: () => readRoleState(iam, name) };
  },
}));
