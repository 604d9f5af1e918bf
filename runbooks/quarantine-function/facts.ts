import type { Permission, RunbookFacts } from '../../lib/model/runbook-facts';

const FUNCTIONS = 'arn:{partition}:lambda:{region}:{account}:function:*';
const MAPPINGS = 'arn:{partition}:lambda:{region}:{account}:event-source-mapping:*';
const ROLES = 'arn:{partition}:iam::{account}:role/*';

const changeMappings: Permission = { actions: ['lambda:UpdateEventSourceMapping'], resources: [MAPPINGS] };

export const facts: RunbookFacts = {
  id: 'quarantine-function',
  title: 'Quarantine a function',
  summary:
    'Stops a Lambda function without destroying it: no invocation is let in, what still runs may do nothing but write its log, nothing polls, its URL asks for signatures, and nobody outside the account is let in.',
  target: 'function',
  attack: ['T1648', 'T1546', 'T1098', 'T1496', 'T1552.005'],
  evidence: 'after',
  actions: [
    {
      id: 'remove-provisioned-concurrency',
      title: 'Take away provisioned concurrency',
      release: 'restores',
      touches: ['provisioned concurrency of each version and alias'],
    },
    {
      id: 'stop-invocations',
      title: 'Let no invocation in',
      release: 'restores',
      touches: ['reserved concurrency: 0, for every version and alias'],
    },
    {
      id: 'deny-role',
      title: 'Deny what the function does with its role',
      release: 'restores',
      touches: ['inline policy FirebreakQuarantine-<function name> of the execution role, for this function only'],
    },
    {
      id: 'disable-event-sources',
      title: 'Disable the event sources of the function',
      release: 'restores',
      touches: ['state of each event source mapping'],
    },
    {
      id: 'close-function-urls',
      title: 'Ask for signatures at the function URL',
      release: 'restores',
      touches: ['authorisation type of each open function URL; the URL itself stays'],
    },
    {
      id: 'remove-foreign-grants',
      title: 'Remove permissions of everybody outside the account',
      release: 'restores',
      touches: ['statements of the resource policies of the function, its aliases and its newest 100 versions'],
    },
  ],
  permissions: {
    guardRails: [{ actions: ['lambda:GetFunctionConfiguration'], resources: [FUNCTIONS] }],
    read: [
      {
        actions: [
          'lambda:GetFunctionConfiguration',
          'lambda:GetFunctionConcurrency',
          'lambda:GetPolicy',
          'lambda:ListAliases',
          'lambda:ListFunctionUrlConfigs',
          'lambda:ListProvisionedConcurrencyConfigs',
          'lambda:ListVersionsByFunction',
        ],
        resources: [FUNCTIONS],
      },
      {
        actions: ['lambda:ListEventSourceMappings'],
        resources: ['*'],
        why: 'a list of event source mappings knows no resource',
      },
      { actions: ['iam:GetRole', 'iam:GetRolePolicy'], resources: [ROLES] },
    ],
    evidence: [
      { actions: ['lambda:GetFunction', 'lambda:ListFunctionEventInvokeConfigs'], resources: [FUNCTIONS] },
      { actions: ['cloudtrail:LookupEvents'], resources: ['*'], why: 'LookupEvents knows no resource' },
    ],
    contain: [
      {
        actions: [
          'lambda:DeleteProvisionedConcurrencyConfig',
          'lambda:PutFunctionConcurrency',
          'lambda:RemovePermission',
        ],
        resources: [FUNCTIONS],
      },
      {
        actions: ['lambda:UpdateFunctionUrlConfig'],
        resources: [FUNCTIONS],
        conditions: { StringEquals: { 'lambda:FunctionUrlAuthType': 'AWS_IAM' } },
      },
      changeMappings,
      {
        actions: ['iam:PutRolePolicy'],
        resources: [ROLES],
        why: 'which role the function has is known only when it happens',
      },
    ],
    release: [
      {
        actions: [
          'lambda:AddPermission',
          'lambda:DeleteFunctionConcurrency',
          'lambda:PutFunctionConcurrency',
          'lambda:PutProvisionedConcurrencyConfig',
          'lambda:UpdateFunctionUrlConfig',
        ],
        resources: [FUNCTIONS],
      },
      changeMappings,
      { actions: ['iam:PutRolePolicy', 'iam:DeleteRolePolicy'], resources: [ROLES] },
    ],
  },
  limits: [
    'Invocations that run are not ended: they go on for up to 15 minutes, without the role but with the network.',
    'The role is denied to this function alone. Functions and instances that share it go on; where the role itself is in the attacker’s hands, contain the role.',
    'A function of the same name in another Region that shares the role is denied with it.',
    'Asynchronous events are tried again for up to 6 hours and then lost or sent to the dead-letter queue; synchronous callers get an error (429) at once.',
    'Layers, container images and versions stay as they are, and so do what the function made and what it sent away.',
    'Principals of the account that may change the function can take the quarantine away: contain the actor too. Of functions with more versions than 100, the permissions of the oldest versions are not read.',
    'Packages over 20 MB are not copied into the evidence; their hash is.',
  ],
};
