/** Organizations takes this much in one service control policy, blanks included. */
export const MAX_SERVICE_CONTROL_POLICY_CHARACTERS = 5_120;

/** What the guard is drawn around. */
export interface GuardPolicyScope {
  /** Name of Firebreak's stack in the guarded accounts. */
  readonly firebreakStack: string;
  /** ARNs, as patterns, of the people's roles that may call Firebreak's functions, pull the brake, and release. */
  readonly people: readonly string[];
  /** ARNs, as patterns, of who may change Firebreak itself. Whoever can become one of these, can undo everything. */
  readonly deployers: readonly string[];
  /** ARNs, as patterns, of more of Firebreak's own that is not named after its stack: its state machines. */
  readonly machines: readonly string[];
}

/** Calls that place, take away or exchange the quarantine policy. The ARN in question is a condition key of theirs. */
const ATTACHING = ['User', 'Role', 'Group'].flatMap((kind) => [`iam:Attach${kind}Policy`, `iam:Detach${kind}Policy`]);
const BOUNDARIES = ['User', 'Role'].flatMap((kind) => [
  `iam:Put${kind}PermissionsBoundary`,
  `iam:Delete${kind}PermissionsBoundary`,
]);

/** Calls that change something; whoever only reads is not kept from it. */
const CHANGING = [
  ...['Add', 'Attach', 'Create', 'Delete', 'Detach', 'Put', 'Remove', 'Set', 'Tag', 'Untag', 'Update'].map(
    (verb) => `iam:${verb}*`,
  ),
  'iam:PassRole',
  ...['Add', 'Create', 'Delete', 'Publish', 'Put', 'Remove', 'Update'].map((verb) => `lambda:${verb}*`),
  ...['Delete', 'Update'].map((verb) => `states:${verb}*`),
];

/**
 * Calls by which people answer, release and brake, and by which Firebreak's own functions hand alerts on: an administrator who
 * attacks could do the same, and whoever may send to the queue of alerts could order a containment.
 */
const ANSWERING = [
  'sqs:SendMessage',
  'lambda:Invoke*',
  'states:Start*',
  'states:Stop*',
  'states:RedriveExecution',
  'ssm:Put*',
  'ssm:Delete*',
  ...['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem', 'PartiQL*'].map((call) => `dynamodb:${call}`),
];

/**
 * A service control policy that makes a quarantine stay: only Firebreak's own roles attach and detach its policies, and
 * nobody in the account changes those policies, those roles, or the code that runs with them.
 */
export function guardPolicy(scope: GuardPolicyScope): object {
  const { firebreakStack: stack, people, deployers, machines } = scope;
  const policies = `arn:*:iam::*:policy/${stack}-*`;
  const roles = [`arn:*:iam::*:role/${stack}-*`, `arn:*:iam::*:role/firebreak/*/${stack}/*`];
  const functions = `arn:*:lambda:*:*:function:${stack}-*`;
  // As CloudFormation calls it, by its logical id.
  const brake = `arn:*:ssm:*:*:parameter/CFN-*ContainmentBrake*`;
  const queues = `arn:*:sqs:*:*:${stack}-*`;
  const table = `arn:*:dynamodb:*:*:table/${stack}-*`;
  const own = [policies, ...roles, functions, ...machines];
  const but = (...allowed: readonly string[]) => ({ ArnNotLike: { 'aws:PrincipalArn': [...allowed] } });
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'QuarantineStays',
        Effect: 'Deny',
        Action: ATTACHING,
        Resource: '*',
        Condition: { ArnLike: { 'iam:PolicyARN': policies }, ...but(...roles, ...deployers) },
      },
      {
        Sid: 'BoundariesStay',
        Effect: 'Deny',
        Action: BOUNDARIES,
        Resource: '*',
        Condition: { ArnLike: { 'iam:PermissionsBoundary': policies }, ...but(...roles, ...deployers) },
      },
      {
        Sid: 'FirebreakStays',
        Effect: 'Deny',
        Action: CHANGING,
        Resource: own,
        Condition: but(...deployers, ...none(deployers)),
      },
      {
        Sid: 'PeopleAnswer',
        Effect: 'Deny',
        Action: ANSWERING,
        Resource: [functions, queues, table, brake, ...machines],
        Condition: but(...roles, ...people, ...deployers),
      },
    ],
  };
}

/** IAM takes no empty list: a pattern that nobody's ARN has. */
function none(deployers: readonly string[]): string[] {
  return deployers.length === 0 ? ['arn:aws:iam::000000000000:role/nobody'] : [];
}
