import { GetRoleCommand, PutRolePermissionsBoundaryCommand } from '@aws-sdk/client-iam';
import { type AwsApi } from '../api';
import { type DeployedResource } from '../stack';
import { type Completion, only, tryOut } from './completion';

const ROLE = 'AWS::IAM::Role';

async function boundaryOf(api: AwsApi, role: DeployedResource): Promise<string | undefined> {
  const { Role } = await api.iam.send(new GetRoleCommand({ RoleName: role.physicalId }));
  return Role?.PermissionsBoundary?.PermissionsBoundaryArn;
}

export const iamBoundary: Completion = {
  name: 'iam-boundary',
  why: "CloudFormation drops a role's PermissionsBoundary",

  needed: (api) =>
    tryOut(
      api,
      {
        Role: {
          Type: ROLE,
          Properties: {
            AssumeRolePolicyDocument: {
              Version: '2012-10-17',
              Statement: [
                { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } },
              ],
            },
            PermissionsBoundary: 'arn:aws:iam::aws:policy/ReadOnlyAccess',
          },
        },
      },
      async (stack) => (await boundaryOf(api, only(stack, ROLE))) === undefined,
    ),

  async complete(stack, api) {
    const done: string[] = [];
    for (const role of stack.ofType(ROLE)) {
      const boundary = role.properties.PermissionsBoundary;
      if (typeof boundary !== 'string' || (await boundaryOf(api, role)) === boundary) continue;
      await api.iam.send(
        new PutRolePermissionsBoundaryCommand({ RoleName: role.physicalId, PermissionsBoundary: boundary }),
      );
      done.push(`${role.logicalId}: never more than ${boundary}`);
    }
    return done;
  },
};
