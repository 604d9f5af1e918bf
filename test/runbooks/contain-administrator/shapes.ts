import { IAMClient } from '@aws-sdk/client-iam';
import { cases } from '../../../runbooks/contain-administrator/cases';
import { cases as roleCases, type RoleCase } from '../../../runbooks/revoke-role-sessions/cases';
import { putInTrail } from '../cloud-trail';
import type { Shape } from '../contract';
import { ACCOUNT, roleSession, trailRecord } from '../raise-alert';
import { makeRole, readRoleState } from '../role';
import { makeUser, readUserState } from '../user';

export const shapes: readonly Shape[] = cases.map((shape) => ({
  name: shape.name,
  async arrange({ client }) {
    const iam = new IAMClient(client);
    const plain = { inactiveKeys: 0, inlineBefore: null };
    const { target, name } = await makeUser(iam, { ...plain, ...shape }, 'admin');
    const maker = await makeUser(iam, { ...plain, name: '', path: '/', activeKeys: 1, password: true }, 'maker');
    const role = await makeRole(iam, roleCases[1] as RoleCase, 'maker');
    const user = { type: 'IAMUser', arn: maker.target.id, accountId: ACCOUNT, userName: maker.name };
    await putInTrail(
      client.endpoint,
      trailRecord({
        userIdentity: shape.madeBy === 'role' ? roleSession(role.target.id, 'mallory') : user,
        eventName: shape.call,
        requestParameters: { userName: name },
      }),
    );
    return {
      target,
      async stateOf() {
        const [administrator, itsMaker, itsRole] = await Promise.all([
          readUserState(iam, name),
          readUserState(iam, maker.name),
          readRoleState(iam, role.name),
        ]);
        // Deleted passwords cannot be given back, and nobody says that they can.
        return {
          administrator: { ...administrator, password: undefined },
          itsMaker: { ...itsMaker, password: undefined },
          itsRole,
        };
      },
    };
  },
}));
