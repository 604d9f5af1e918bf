import type { Permission, RunbookFacts } from '../../lib/model/runbook-facts';

const TRAILS = 'arn:{partition}:cloudtrail:{region}:{account}:trail/*';
const DETECTORS = 'arn:{partition}:guardduty:{region}:{account}:detector/*';
const RECORDERS = 'arn:{partition}:config:{region}:{account}:configuration-recorder/*';

const reads: readonly Permission[] = [
  {
    actions: [
      'cloudtrail:DescribeTrails',
      'config:DescribeDeliveryChannels',
      'guardduty:ListDetectors',
      'guardduty:ListFilters',
      'guardduty:ListIPSets',
      'guardduty:ListPublishingDestinations',
    ],
    resources: ['*'],
    why: 'these calls know no resource',
  },
  {
    actions: ['cloudtrail:GetTrailStatus', 'cloudtrail:GetEventSelectors'],
    resources: ['arn:{partition}:cloudtrail:*:*:trail/*'],
    why: 'trails of the organisation and of other Regions log here, too',
  },
  {
    actions: ['config:DescribeConfigurationRecorders', 'config:DescribeConfigurationRecorderStatus'],
    resources: [RECORDERS],
  },
  {
    actions: [
      'guardduty:GetDetector',
      'guardduty:GetFilter',
      'guardduty:GetIPSet',
      'guardduty:DescribePublishingDestination',
    ],
    resources: [DETECTORS],
  },
];

export const facts = {
  id: 'restore-logging',
  title: 'Restore logging',
  summary:
    'Puts the logging of an account and Region back as it was while all was well: CloudTrail first, then AWS Config and GuardDuty, by a locked baseline. Switches off suppression filters and trusted lists that are newer, and says for how long nothing was seen.',
  target: 'account',
  attack: ['T1562.001', 'T1562.008', 'T1070'],
  evidence: 'after',
  recording: { everyHours: 1, permissions: reads },
  actions: [
    {
      id: 'restore-trails',
      title: 'Restore CloudTrail',
      release: 'never',
      touches: ['trails at home in the Region: their settings, event selectors, and whether they log'],
      task: 'Logging stays on. A trail that should go is deleted by a person, and the baseline accepted anew.',
    },
    {
      id: 'restore-recorder',
      title: 'Restore AWS Config',
      release: 'never',
      touches: ['the configuration recorder, its delivery channel, and whether it records'],
      task: 'Recording stays on. A recorder that should go is deleted by a person, and the baseline accepted anew.',
    },
    {
      id: 'restore-detector',
      title: 'Restore GuardDuty',
      release: 'never',
      touches: ['the detector, its features, and where findings are published'],
      task: 'GuardDuty stays on. A detector that should go is deleted by a person, and the baseline accepted anew.',
    },
    {
      id: 'end-suppression',
      title: 'Switch off what hides findings',
      release: 'manual',
      touches: ['suppression filters and trusted IP lists that the baseline does not know, or knows otherwise'],
      task: 'Look at each filter and list that was switched off; set those that are yours again, and accept the baseline anew.',
    },
  ],
  permissions: {
    guardRails: reads,
    read: reads,
    evidence: [{ actions: ['cloudtrail:LookupEvents'], resources: ['*'], why: 'LookupEvents knows no resource' }],
    contain: [
      {
        actions: [
          'cloudtrail:CreateTrail',
          'cloudtrail:UpdateTrail',
          'cloudtrail:PutEventSelectors',
          'cloudtrail:StartLogging',
        ],
        resources: [TRAILS],
      },
      { actions: ['config:PutConfigurationRecorder', 'config:StartConfigurationRecorder'], resources: [RECORDERS] },
      {
        actions: ['config:PutDeliveryChannel', 'guardduty:CreateDetector', 'guardduty:CreatePublishingDestination'],
        resources: ['*'],
        why: 'these calls know no resource',
      },
      {
        actions: [
          'guardduty:UpdateDetector',
          'guardduty:UpdateFilter',
          'guardduty:UpdateIPSet',
          'guardduty:UpdatePublishingDestination',
        ],
        resources: [DETECTORS],
      },
      {
        actions: ['iam:PassRole'],
        resources: ['arn:{partition}:iam::{account}:role/*'],
        conditions: { StringEquals: { 'iam:PassedToService': ['cloudtrail.amazonaws.com', 'config.amazonaws.com'] } },
        why: 'the role that is given back is the one that the baseline names',
      },
    ],
    release: [],
  },
  limits: [
    'What happened while nothing was logged is lost. CloudTrail keeps management events for 90 days of its own accord: the blind window in the evidence says where to look.',
    'The actor is another containment: a response plan that restores logging should also name disable-access-key or revoke-role-sessions for the actor.',
    'Trails are changed in their home Region only, and those of an organisation by its management account: where one of those does not log, the runbook fails and says where it must be started.',
    'The policies of log bucket, key, log group and topic are not written: where delivery fails for them, the runbook fails and names the error.',
    'Other detection services (Security Hub, Detective, Macie), flow logs and the logging of single services are not restored.',
    'A recorder whose service-linked role must be passed again is put back by a person: guard rails keep service-linked roles from every containment.',
    'Without a baseline nothing is changed: what stands after tampering is not the truth. It is recorded within an hour of the deployment, if logging is healthy then.',
  ],
} satisfies RunbookFacts;
