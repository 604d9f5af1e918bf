/**
 * What the prefilter relies on, as data: the table of docs/cloudtrail-facts.md. An event that breaks one of these may be
 * kept away; nothing else is assumed.
 */
export type Spelling =
  /** AWS's API names: `CreateAccessKey`, `Client.UnauthorizedOperation`; a rule in the usual spelling spells them so. */
  | { readonly kind: 'pascal' }
  /** Lower case only: a rule may write what it likes. */
  | { readonly kind: 'lower' }
  /** One of these; others may exist, and then their case is not known. */
  | { readonly kind: 'known'; readonly values: readonly string[] }
  /** Whatever somebody wrote: only a test that ignores case is sound. */
  | { readonly kind: 'free' };

export interface TextField {
  readonly path: string;
  /** A text where it is there: no list, no number, no object. */
  readonly spelling: Spelling;
  /** Where the field may be missing: it is never null and never empty, so "not there" can be asked for. */
  readonly missingMeansNone?: true;
}

const IDENTITIES = [
  ...['Root', 'IAMUser', 'AssumedRole', 'Role', 'FederatedUser', 'Directory', 'AWSAccount', 'AWSService'],
  ...['IdentityCenterUser', 'SAMLUser', 'WebIdentityUser', 'Unknown'],
];
const EVENT_TYPES = [
  ...['AwsApiCall', 'AwsServiceEvent', 'AwsConsoleAction', 'AwsConsoleSignIn', 'AwsVpceEvent', 'AwsCloudTrailInsight'],
];

export const TEXT_FIELDS: readonly TextField[] = [
  { path: 'eventName', spelling: { kind: 'pascal' } },
  { path: 'eventSource', spelling: { kind: 'lower' } },
  { path: 'awsRegion', spelling: { kind: 'lower' } },
  { path: 'eventType', spelling: { kind: 'known', values: EVENT_TYPES } },
  { path: 'eventCategory', spelling: { kind: 'known', values: ['Management', 'Data', 'Insight', 'NetworkActivity'] } },
  { path: 'userIdentity.type', spelling: { kind: 'known', values: IDENTITIES } },
  { path: 'errorCode', spelling: { kind: 'pascal' }, missingMeansNone: true },
  { path: 'errorMessage', spelling: { kind: 'free' }, missingMeansNone: true },
  { path: 'userAgent', spelling: { kind: 'free' } },
  { path: 'sourceIPAddress', spelling: { kind: 'free' } },
  { path: 'userIdentity.arn', spelling: { kind: 'free' } },
  { path: 'userIdentity.userName', spelling: { kind: 'free' } },
  { path: 'userIdentity.invokedBy', spelling: { kind: 'free' } },
  { path: 'recipientAccountId', spelling: { kind: 'free' } },
];

/** `true`, `false`, or missing: records of older formats leave them out. */
export const FLAG_FIELDS: readonly string[] = ['readOnly', 'managementEvent'];

/** Verbs that AWS's API names begin with. A longer first word that begins with one of them is a slip of case. */
export const VERBS: readonly string[] = [
  ...['Accept', 'Add', 'Allocate', 'Associate', 'Assume', 'Attach', 'Authorize', 'Batch', 'Cancel', 'Change', 'Copy'],
  ...['Create', 'Deactivate', 'Decrypt', 'Delete', 'Deregister', 'Describe', 'Detach', 'Disable', 'Disassociate'],
  ...[
    'Enable',
    'Encrypt',
    'Execute',
    'Export',
    'Generate',
    'Get',
    'Head',
    'Import',
    'Invite',
    'Invoke',
    'Leave',
    'List',
  ],
  ...['Lookup', 'Modify', 'Publish', 'Purge', 'Put', 'Query', 'Reboot', 'Register', 'Reject', 'Release', 'Remove'],
  ...[
    'Replace',
    'Request',
    'Reset',
    'Restore',
    'Resume',
    'Revoke',
    'Rotate',
    'Run',
    'Schedule',
    'Search',
    'Send',
    'Set',
  ],
  ...['Simulate', 'Start', 'Stop', 'Suspend', 'Switch', 'Tag', 'Terminate', 'Transfer', 'Untag', 'Update', 'Upload'],
  ...['Verify', 'Console', 'Password'],
];
