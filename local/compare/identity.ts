import {
  GetRoleCommand,
  GetRolePolicyCommand,
  GetUserCommand,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
} from '@aws-sdk/client-iam';
import { type AwsApi } from '../api';
import { type Describers } from './describers';

export const identity: Describers = {
  'AWS::IAM::Role': async (api, { physicalId: RoleName }) => {
    const { Role } = await api.iam.send(new GetRoleCommand({ RoleName }));
    const { AttachedPolicies } = await api.iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
    return {
      AssumeRolePolicyDocument: Role?.AssumeRolePolicyDocument,
      ManagedPolicyArns: AttachedPolicies?.map(({ PolicyArn }) => PolicyArn),
      MaxSessionDuration: Role?.MaxSessionDuration,
      Path: Role?.Path,
      PermissionsBoundary: Role?.PermissionsBoundary?.PermissionsBoundaryArn,
      Policies: await inlinePolicies(api, RoleName),
    };
  },
  'AWS::IAM::Policy': async (api, { properties }) => {
    const PolicyName = String(properties.PolicyName);
    const [RoleName] = (properties.Roles ?? []) as string[];
    if (RoleName === undefined) return {};
    const { PolicyDocument } = await api.iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
    return { PolicyDocument };
  },
  'AWS::IAM::User': async (api, { physicalId: UserName }) => {
    const { User } = await api.iam.send(new GetUserCommand({ UserName }));
    return { PermissionsBoundary: User?.PermissionsBoundary?.PermissionsBoundaryArn };
  },
};

/** Those of the role itself; a policy resource puts its own beside them, and is compared by itself. */
async function inlinePolicies(api: AwsApi, RoleName: string) {
  const { PolicyNames } = await api.iam.send(new ListRolePoliciesCommand({ RoleName }));
  const own = (PolicyNames ?? []).filter((name) => name === 'Firebreak');
  return Promise.all(
    own.map(async (PolicyName) => {
      const { PolicyDocument } = await api.iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
      return { PolicyName, PolicyDocument };
    }),
  );
}
