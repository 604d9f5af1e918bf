import {
  GetRoleCommand,
  GetRolePolicyCommand,
  GetUserCommand,
  ListAttachedRolePoliciesCommand,
} from '@aws-sdk/client-iam';
import { type Describers } from './describers';

export const identity: Describers = {
  'AWS::IAM::Role': async (api, { physicalId: RoleName }) => {
    const { Role } = await api.iam.send(new GetRoleCommand({ RoleName }));
    const { AttachedPolicies } = await api.iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
    return {
      AssumeRolePolicyDocument: Role?.AssumeRolePolicyDocument,
      ManagedPolicyArns: AttachedPolicies?.map(({ PolicyArn }) => PolicyArn),
      MaxSessionDuration: Role?.MaxSessionDuration,
      PermissionsBoundary: Role?.PermissionsBoundary?.PermissionsBoundaryArn,
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
