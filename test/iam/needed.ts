import { ACCOUNT, FORENSIC_KEY, REGION } from '../stack/sample-stack';
import { STACK_ID } from './resolve';
import type { Call, Context, Roles } from './roles';
import { TARGETS } from './targets';

const key = (partition: string): Context => ({ 'dynamodb:LeadingKeys': [`${partition}#sample`] });

/** What each role's code asks AWS for, on its own targets. Kept by hand, from the code; `commands.test.ts` says when it is stale. */
export function neededCalls(roles: Roles): Readonly<Record<string, readonly Call[]>> {
  const { resolver } = roles;
  const arn = (type: string, id: string) => resolver.arn(`AWS::${type}`, id);
  const readGroup: Call[] = [
    ['ec2:DescribeSecurityGroups', '*'],
    ['ec2:DescribeSecurityGroupRules', '*'],
    ['ec2:DescribeNetworkInterfaces', '*'],
    ['ec2:GetManagedPrefixListEntries', TARGETS.prefixList],
    ['cloudtrail:LookupEvents', '*'],
  ];
  const readLogging: Call[] = [
    ['cloudtrail:DescribeTrails', '*'],
    ['cloudtrail:GetTrailStatus', TARGETS.trail],
    ['cloudtrail:GetEventSelectors', TARGETS.trail],
    ['config:DescribeConfigurationRecorders', TARGETS.recorder],
    ['config:DescribeConfigurationRecorderStatus', TARGETS.recorder],
    ['config:DescribeDeliveryChannels', '*'],
    ['guardduty:ListDetectors', '*'],
    ['guardduty:GetDetector', TARGETS.detector],
    ['guardduty:ListFilters', '*'],
    ['guardduty:GetFilter', `${TARGETS.detector}/filter/noise`],
    ['guardduty:ListIPSets', '*'],
    ['guardduty:GetIPSet', `${TARGETS.detector}/ipset/0123456789abcdef`],
    ['guardduty:ListPublishingDestinations', '*'],
    ['guardduty:DescribePublishingDestination', `${TARGETS.detector}/publishingdestination/0123456789abcdef`],
  ];
  const table = arn('DynamoDB::Table', 'FirebreakStoreTable');
  const bucket = arn('S3::Bucket', 'FirebreakVaultBucket');
  const kms = arn('KMS::Key', 'FirebreakEncryptionKey');
  const machine = (id: string) =>
    resolver.resolve({ Ref: resolver.id('AWS::StepFunctions::StateMachine', id) }) as string;
  const topic = (id: string) => arn('SNS::Topic', id);
  const queue = (id: string) => arn('SQS::Queue', id);
  const fn = (id: string) => arn('Lambda::Function', id);
  const brake = arn('SSM::Parameter', 'FirebreakContainmentBrakeParameter');
  const quarantine = arn('IAM::ManagedPolicy', 'FirebreakContainmentQuarantinePolicy');
  const named = (service: string, rest: string) => `arn:aws:${service}:${REGION}:${ACCOUNT}:${rest}`;

  const logs = (group: string): Call[] => {
    const [stream] = [arn('Logs::LogGroup', group).replace(/\*$/, 'log-stream:2026/11/21/[$LATEST]0')];
    return [
      ['logs:CreateLogStream', stream],
      ['logs:PutLogEvents', stream],
    ];
  };
  const read = (...partitions: string[]): Call[] =>
    partitions.flatMap((partition): Call[] => [
      ['dynamodb:GetItem', table, key(partition)],
      ['dynamodb:Query', table, key(partition)],
    ]);
  const append = (...partitions: string[]): Call[] => [
    ...read(...partitions),
    ...partitions.flatMap((partition): Call[] => [
      ['dynamodb:PutItem', table, key(partition)],
      ['dynamodb:UpdateItem', table, key(partition)],
    ]),
  ];
  const list = (index: string): Call => ['dynamodb:Query', `${table}/index/${index}`];
  const run = (...ids: string[]): Call[] =>
    ids.flatMap((id): Call[] => [['states:StartExecution', machine(id)], ...lookUp(id)]);
  const lookUp = (...ids: string[]): Call[] =>
    ids.map((id) => [
      'states:DescribeExecution',
      `${machine(id).replace(':stateMachine:', ':execution:')}:some-execution`,
    ]);
  const become = (role: string): Call[] => {
    const session = { 'sts:RoleSessionName': `con-${'0'.repeat(32)}`, 'sts:SourceIdentity': 'inc-sample' };
    return [
      ['sts:AssumeRole', roles.roleArn(role), session],
      ['sts:SetSourceIdentity', roles.roleArn(role), session],
    ];
  };
  const putLocked = (area: string): Call[] => [
    ['s3:PutObject', `${bucket}/${area}/sample`, { 's3:object-lock-mode': 'GOVERNANCE' }],
    ['s3:PutObjectRetention', `${bucket}/${area}/sample`, { 's3:object-lock-mode': 'GOVERNANCE' }],
    ['kms:GenerateDataKey', kms],
  ];
  const putDraft: Call[] = [
    ['s3:PutObject', `${bucket}/drafts/sample`],
    ['kms:GenerateDataKey', kms],
  ];
  const getArea = (area: string): Call[] => [
    ['s3:ListBucket', bucket, { 's3:prefix': `${area}/sample/` }],
    ['s3:ListBucketVersions', bucket, { 's3:prefix': `${area}/sample/` }],
    ['s3:GetObject', `${bucket}/${area}/sample`],
    ['s3:GetObjectVersion', `${bucket}/${area}/sample`],
    ['kms:Decrypt', kms],
  ];
  const publish = (...topics: string[]): Call[] => [
    ...topics.map((to): Call => ['sns:Publish', to]),
    ['kms:GenerateDataKey', kms],
    ['kms:Decrypt', kms],
  ];
  const secret = (name: string): Call => [
    'secretsmanager:GetSecretValue',
    named('secretsmanager', `secret:${name}-AbCdEf`),
  ];
  const give = (actions: readonly string[], resource: string, context?: Context): Call[] =>
    actions.map((action) => [action, resource, context] as const);
  const invoke = (...ids: string[]): Call[] => ids.map((id) => ['lambda:InvokeFunction', fn(id)]);

  const readUser: Call[] = [
    ...[TARGETS.user, TARGETS.pathUser].flatMap((user) =>
      give(
        [
          'iam:GetUser',
          'iam:ListAccessKeys',
          'iam:ListUserPolicies',
          'iam:GetUserPolicy',
          'iam:ListAttachedUserPolicies',
          'iam:GetLoginProfile',
          'iam:ListServiceSpecificCredentials',
          'iam:ListSigningCertificates',
          'iam:ListSSHPublicKeys',
        ],
        user,
      ),
    ),
    ['iam:GetPolicy', quarantine],
    ['iam:GetPolicyVersion', quarantine],
  ];
  const changeUser = give(
    [
      'iam:PutUserPolicy',
      'iam:UpdateAccessKey',
      'iam:UpdateServiceSpecificCredential',
      'iam:UpdateSigningCertificate',
      'iam:UpdateSSHPublicKey',
    ],
    TARGETS.user,
  );
  const readInstance: Call[] = [
    ...give(
      [
        'ec2:DescribeInstances',
        'ec2:DescribeNetworkInterfaces',
        'ec2:DescribeVolumes',
        'ec2:DescribeSecurityGroups',
        'ec2:DescribeSecurityGroupRules',
        'ec2:DescribeIamInstanceProfileAssociations',
        'ec2:DescribeSnapshots',
        'autoscaling:DescribeAutoScalingInstances',
        'autoscaling:DescribeAutoScalingGroups',
        'elasticloadbalancing:DescribeTargetGroups',
        'elasticloadbalancing:DescribeTargetHealth',
        'elasticloadbalancing:DescribeLoadBalancers',
        'elasticloadbalancing:DescribeInstanceHealth',
      ],
      '*',
    ),
    ['ec2:DescribeInstanceAttribute', TARGETS.instance],
    ['iam:GetInstanceProfile', TARGETS.profile],
    ['iam:GetRole', TARGETS.role],
    ['iam:GetRolePolicy', TARGETS.role],
  ];
  const isolation = { 'aws:ResourceTag/firebreak:isolation': 'true' };
  const tags = { 'aws:TagKeys': ['firebreak:incident', 'firebreak:containment'] };
  // The instance and the volumes, whose DeleteOnTermination it says.
  const modifyInstance: Call[] = [
    ['ec2:ModifyInstanceAttribute', TARGETS.instance],
    ['ec2:ModifyInstanceAttribute', TARGETS.volume],
    ['ec2:ModifyInstanceMetadataOptions', TARGETS.instance],
  ];

  const contains = ['DisableAccessKeyContainMachine', 'IsolateInstanceContainMachine'];
  const releases = ['DisableAccessKeyReleaseMachine', 'IsolateInstanceReleaseMachine'];
  const stateMachine = (...functions: string[]): Call[] => [
    ...invoke(...functions),
    ...give(['logs:CreateLogDelivery', 'logs:DescribeResourcePolicies', 'xray:PutTraceSegments'], '*'),
  ];
  const viaEc2 = { 'kms:ViaService': `ec2.${REGION}.amazonaws.com` };
  const runbookStore = append('CONTAINMENT', 'INCIDENT', 'LOCK');

  return {
    FirebreakDetectorFunctionRole: [
      ...logs('FirebreakDetectorFunctionLogs'),
      ...give(['sqs:SendMessage'], queue('FirebreakAlertsQueue')),
      ...give(['sqs:SendMessage'], queue('FirebreakDetectorRejectedQueue')),
      ...give(
        ['dynamodb:PutItem', 'dynamodb:BatchWriteItem', 'dynamodb:UpdateItem', 'dynamodb:Query', 'dynamodb:DeleteItem'],
        arn('DynamoDB::Table', 'FirebreakDetectorCorrelationsTable'),
      ),
    ],
    FirebreakTriageFunctionRole: [
      ...logs('FirebreakTriageFunctionLogs'),
      ...give(
        ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility', 'sqs:GetQueueAttributes'],
        queue('FirebreakAlertsQueue'),
      ),
      ...append('ALERT', 'ENTITY', 'INCIDENT', 'CONTAINMENT', 'CANARY', 'SUPPRESSION'),
      ['dynamodb:BatchGetItem', table, key('ENTITY')],
      ...run('OnCallMachine', ...contains),
    ],
    FirebreakCanaryFunctionRole: [
      ...logs('FirebreakCanaryFunctionLogs'),
      ...append('CANARY'),
      ['ssm:DeleteParameter', `arn:aws:ssm:${REGION}:${ACCOUNT}:parameter${canaryPlace(roles)}0123456789abcdef`],
    ],
    FirebreakTriageReconcilerRole: [
      ...logs('FirebreakTriageReconcilerLogs'),
      list('pending'),
      ...append('INCIDENT', 'CONTAINMENT'),
      ...run('OnCallMachine', ...contains),
    ],
    FirebreakPeopleAccessQueryRole: [
      ...logs('FirebreakPeopleAccessQueryLogs'),
      list('status'),
      ...read('INCIDENT', 'CONTAINMENT'),
      ...invoke('DisableAccessKeyEvidence', 'IsolateInstanceEvidence'),
    ],
    FirebreakPeopleAccessRespondRole: [
      ...logs('FirebreakPeopleAccessRespondLogs'),
      ...append('INCIDENT', 'CONTAINMENT'),
      ...run('OnCallMachine', ...contains, ...releases),
    ],
    FirebreakEscalationAcknowledgeRole: [
      ...logs('FirebreakEscalationAcknowledgeLogs'),
      ...append('INCIDENT', 'TOKEN'),
      // A transaction is asked about once for each item, with that item's key.
      ['dynamodb:ConditionCheckItem', table, key('INCIDENT')],
    ],
    FirebreakEscalationPageRole: [
      ...logs('FirebreakEscalationPageLogs'),
      ...append('INCIDENT', 'TOKEN', 'APPROVAL', 'CANARY'),
      ...read('CONTAINMENT'),
      ...publish(topic('OnCallTopicemailf7faa8d2b759'), topic('OnCallTopicemail27b677683f02'), named('sns', 'chat')),
      // A phone number has no ARN.
      ['sns:Publish', '*'],
      ['sqs:SendMessage', named('sqs', 'machines')],
      secret('Signing'),
      secret('RoutingKey'),
    ],
    FirebreakEscalationApproveRole: [
      ...logs('FirebreakEscalationApproveLogs'),
      ...append('INCIDENT', 'TOKEN', 'APPROVAL'),
      ['lambda:InvokeFunction', fn('FirebreakTriageReconciler')],
    ],
    FirebreakEscalationAuditorFunctionRole: [
      ...logs('FirebreakEscalationAuditorFunctionLogs'),
      list('status'),
      ...append('INCIDENT'),
      ...run('OnCallMachine'),
      ['sns:GetSubscriptionAttributes', topic('OnCallAlarmTopic')],
      ['sns:GetSubscriptionAttributes', topic('OnCallTopicemailf7faa8d2b759')],
      ['sns:ListSubscriptionsByTopic', topic('OnCallAlarmTopic')],
      ['sns:ListSubscriptionsByTopic', topic('OnCallTopicemailf7faa8d2b759')],
    ],
    FirebreakEscalationAnswerRole: [...logs('FirebreakEscalationAnswerLogs'), ...append('INCIDENT')],
    FirebreakEscalationFinishRole: [
      ...logs('FirebreakEscalationFinishLogs'),
      ...append('INCIDENT'),
      secret('RoutingKey'),
    ],
    OnCallAlarmRelayRole: [...logs('OnCallAlarmRelayLogs'), secret('Signing')],
    FirebreakContainmentGuardRailsRole: [
      ...logs('FirebreakContainmentLogs'),
      ...append('CONTAINMENT', 'INCIDENT', 'LOCK', 'RATE'),
      ['ssm:GetParameter', brake],
      ['ec2:DescribeInstances', '*'],
      ['iam:GetInstanceProfile', TARGETS.profile],
      ['iam:GetUser', TARGETS.user],
      ...run('OnCallMachine'),
    ],
    FirebreakContainmentConcludeRole: [
      ...logs('FirebreakContainmentLogs'),
      ...append('CONTAINMENT', 'INCIDENT', 'LOCK'),
      ...run('OnCallMachine'),
    ],
    FirebreakContainmentAuditorFunctionRole: [
      ...logs('FirebreakContainmentLogs'),
      list('work'),
      ...append('CONTAINMENT', 'INCIDENT', 'LOCK'),
      ...lookUp(...contains, ...releases),
      ...run('OnCallMachine'),
    ],
    FirebreakSweepFunctionRole: [
      ...logs('FirebreakSweepLogs'),
      ...append('CONTAINMENT', 'INCIDENT'),
      ['cloudtrail:LookupEvents', '*'],
      ...run('OnCallMachine'),
    ],
    FirebreakSweepMachineEventsRole: [['states:StartExecution', machine('FirebreakSweepMachine')]],
    FirebreakContainmentSnapshotCopierFunctionRole: [
      ...logs('FirebreakContainmentLogs'),
      ...append('CONTAINMENT', 'INCIDENT'),
      ['ec2:DescribeSnapshots', '*'],
      ['ec2:CopySnapshot', TARGETS.snapshot, { 'aws:ResourceTag/firebreak:containment': 'con-0123456789abcdef/1' }],
      ['ec2:CopySnapshot', TARGETS.snapshot, { 'aws:RequestTag/firebreak:copy-of': 'snap-0123456789abcdef0' }],
      ['ec2:CreateTags', TARGETS.snapshot, { 'ec2:CreateAction': 'CopySnapshot' }],
      ['ec2:LockSnapshot', TARGETS.snapshot, { 'aws:ResourceTag/firebreak:copy-of': 'snap-0123456789abcdef0' }],
      ['ec2:DescribeLockedSnapshots', '*'],
      ...give(['kms:Decrypt', 'kms:DescribeKey', 'kms:ReEncryptFrom'], TARGETS.volumeKey, viaEc2),
      ...give(
        [
          'kms:Decrypt',
          'kms:DescribeKey',
          'kms:GenerateDataKeyWithoutPlaintext',
          'kms:ReEncryptFrom',
          'kms:ReEncryptTo',
        ],
        FORENSIC_KEY,
        viaEc2,
      ),
      ...[TARGETS.volumeKey, FORENSIC_KEY].map((of): Call => [
        'kms:CreateGrant',
        of,
        { ...viaEc2, 'kms:GrantIsForAWSResource': 'true' },
      ]),
    ],
    FirebreakPublisherFunctionRole: [
      ...logs('FirebreakPublisherFunctionLogs'),
      ['dynamodb:GetItem', table, key('INCIDENT')],
      ...give(
        ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'],
        `${table}/stream/2026-01-01T00:00:00.000`,
      ),
      ['dynamodb:ListStreams', '*'],
      ['events:PutEvents', arn('Events::EventBus', 'FirebreakPublisherBus')],
      ...putLocked('anchors'),
    ],
    FirebreakReportWriterFunctionRole: [
      ...logs('FirebreakReportWriterFunctionLogs'),
      ...read('INCIDENT', 'CONTAINMENT'),
      ['dynamodb:PutItem', table, key('INCIDENT')],
      ...getArea('drafts'),
      ...getArea('anchors'),
      ...putDraft,
      ...putLocked('reports'),
    ],
    FirebreakStakeholderUpdatesFunctionRole: [
      ...logs('FirebreakStakeholderUpdatesFunctionLogs'),
      ...append('INCIDENT'),
      ...read('CONTAINMENT'),
      ...publish(topic('FirebreakStakeholderUpdatesTopicemail4ea37eb6176d')),
      secret('StatusPage'),
    ],
    DisableAccessKeyEvidenceRole: [
      ...logs('DisableAccessKeyLogs'),
      ...runbookStore,
      ...readUser,
      ...give(['iam:ListGroupsForUser', 'iam:ListMFADevices', 'iam:GetAccessKeyLastUsed'], TARGETS.user),
      ['cloudtrail:LookupEvents', '*'],
      ...getArea('evidence'),
      ...putLocked('evidence'),
      ...putDraft,
    ],
    DisableAccessKeyContainRole: [
      ...logs('DisableAccessKeyLogs'),
      ...runbookStore,
      ...readUser,
      ...become('DisableAccessKeyContainRun'),
      ['ssm:GetParameter', brake],
      ...putLocked('undo'),
    ],
    DisableAccessKeyContainRun: [
      ...changeUser,
      ['iam:DeleteLoginProfile', TARGETS.user],
      ['iam:AttachUserPolicy', TARGETS.user, { 'iam:PolicyARN': quarantine }],
      ['iam:PutUserPermissionsBoundary', TARGETS.user, { 'iam:PermissionsBoundary': quarantine }],
    ],
    DisableAccessKeyReleaseRole: [
      ...logs('DisableAccessKeyLogs'),
      ...runbookStore,
      ...readUser,
      ...become('DisableAccessKeyReleaseRun'),
      ['ssm:GetParameter', brake],
    ],
    DisableAccessKeyReleaseRun: [
      ...changeUser,
      ['iam:DeleteUserPolicy', TARGETS.user],
      ['iam:DetachUserPolicy', TARGETS.user, { 'iam:PolicyARN': quarantine }],
      [
        'iam:PutUserPermissionsBoundary',
        TARGETS.user,
        { 'iam:PermissionsBoundary': `arn:aws:iam::${ACCOUNT}:policy/before` },
      ],
      ['iam:DeleteUserPermissionsBoundary', TARGETS.user, { 'iam:PermissionsBoundary': quarantine }],
    ],
    CloseSecurityGroupEvidenceRole: [
      ...logs('CloseSecurityGroupLogs'),
      ...runbookStore,
      ...readGroup,
      ...getArea('evidence'),
      ...putLocked('evidence'),
      ...putDraft,
    ],
    CloseSecurityGroupContainRole: [
      ...logs('CloseSecurityGroupLogs'),
      ...runbookStore,
      ...readGroup,
      ...become('CloseSecurityGroupContainRun'),
      ['ssm:GetParameter', brake],
      ...putLocked('undo'),
    ],
    CloseSecurityGroupContainRun: [['ec2:RevokeSecurityGroupIngress', TARGETS.openGroup]],
    CloseSecurityGroupReleaseRole: [
      ...logs('CloseSecurityGroupLogs'),
      ...runbookStore,
      ...readGroup,
      ...become('CloseSecurityGroupReleaseRun'),
      ['ssm:GetParameter', brake],
    ],
    CloseSecurityGroupReleaseRun: [
      ['ec2:AuthorizeSecurityGroupIngress', TARGETS.openGroup],
      ['ec2:AuthorizeSecurityGroupIngress', TARGETS.rule],
      ['ec2:CreateTags', TARGETS.rule, { 'ec2:CreateAction': 'AuthorizeSecurityGroupIngress' }],
    ],
    RestoreLoggingEvidenceRole: [
      ...logs('RestoreLoggingLogs'),
      ...runbookStore,
      ...readLogging,
      ['cloudtrail:LookupEvents', '*'],
      ...getArea('baselines'),
      ...getArea('evidence'),
      ...putLocked('evidence'),
      ...putDraft,
    ],
    RestoreLoggingContainRole: [
      ...logs('RestoreLoggingLogs'),
      ...runbookStore,
      ...readLogging,
      ...getArea('baselines'),
      ...become('RestoreLoggingContainRun'),
      ['ssm:GetParameter', brake],
      ...putLocked('undo'),
    ],
    RestoreLoggingContainRun: [
      ...give(
        ['cloudtrail:CreateTrail', 'cloudtrail:UpdateTrail', 'cloudtrail:PutEventSelectors', 'cloudtrail:StartLogging'],
        TARGETS.trail,
      ),
      ...give(['config:PutConfigurationRecorder', 'config:StartConfigurationRecorder'], TARGETS.recorder),
      ['config:PutDeliveryChannel', '*'],
      ['guardduty:CreateDetector', '*'],
      ['guardduty:CreatePublishingDestination', '*'],
      ['guardduty:UpdateDetector', TARGETS.detector],
      ['guardduty:UpdateFilter', `${TARGETS.detector}/filter/noise`],
      ['guardduty:UpdateIPSet', `${TARGETS.detector}/ipset/0123456789abcdef`],
      ['guardduty:UpdatePublishingDestination', `${TARGETS.detector}/publishingdestination/0123456789abcdef`],
      ['iam:PassRole', TARGETS.role, { 'iam:PassedToService': 'cloudtrail.amazonaws.com' }],
      ['iam:PassRole', TARGETS.role, { 'iam:PassedToService': 'config.amazonaws.com' }],
    ],
    RestoreLoggingReleaseRole: [
      ...logs('RestoreLoggingLogs'),
      ...runbookStore,
      ...readLogging,
      ...getArea('baselines'),
      ...become('RestoreLoggingReleaseRun'),
      ['ssm:GetParameter', brake],
    ],
    // Logging stays on: there is nothing that it may do.
    RestoreLoggingReleaseRun: [],
    RestoreLoggingRecordFunctionRole: [
      ...logs('RestoreLoggingRecordFunctionLogs'),
      ...readLogging,
      ...getArea('baselines'),
      ...putLocked('baselines'),
    ],
    IsolateInstanceEvidenceRole: [
      ...logs('IsolateInstanceLogs'),
      ...runbookStore,
      ...readInstance,
      ...give(['ec2:GetConsoleOutput', 'ec2:GetConsoleScreenshot'], TARGETS.instance),
      ['ec2:LockSnapshot', TARGETS.snapshot, { 'aws:ResourceTag/firebreak:containment': 'con-0123456789abcdef/1' }],
      ['ec2:DescribeLockedSnapshots', '*'],
      ...give(['iam:ListRolePolicies', 'iam:ListAttachedRolePolicies'], TARGETS.role),
      ['ec2:CreateSnapshots', TARGETS.instance],
      ['ec2:CreateSnapshots', TARGETS.volume],
      ['ec2:CreateSnapshots', TARGETS.snapshot],
      ['ec2:CreateTags', TARGETS.snapshot, { 'ec2:CreateAction': 'CreateSnapshots' }],
      ...getArea('evidence'),
      ...putLocked('evidence'),
      ...putDraft,
    ],
    IsolateInstanceContainRole: [
      ...logs('IsolateInstanceLogs'),
      ...runbookStore,
      ...readInstance,
      ...become('IsolateInstanceContainRun'),
      ['ssm:GetParameter', brake],
      ...putLocked('undo'),
    ],
    IsolateInstanceContainRun: [
      ['ec2:CreateTags', TARGETS.instance, tags],
      ...modifyInstance,
      ['ec2:DisassociateIamInstanceProfile', TARGETS.instance],
      ['autoscaling:EnterStandby', TARGETS.group],
      ['elasticloadbalancing:DeregisterTargets', TARGETS.targetGroup],
      ['elasticloadbalancing:DeregisterInstancesFromLoadBalancer', TARGETS.classic],
      // One call, asked about for the interface, the instance and the group by itself.
      ['ec2:ModifyNetworkInterfaceAttribute', TARGETS.networkInterface, { 'ec2:Vpc': TARGETS.network }],
      ['ec2:ModifyNetworkInterfaceAttribute', TARGETS.instance],
      ['ec2:ModifyNetworkInterfaceAttribute', TARGETS.securityGroup, isolation],
      ['ec2:CreateSecurityGroup', TARGETS.network],
      ['ec2:CreateSecurityGroup', TARGETS.securityGroup, { 'aws:RequestTag/firebreak:isolation': 'true' }],
      ['ec2:CreateTags', TARGETS.securityGroup, { 'ec2:CreateAction': 'CreateSecurityGroup' }],
      ['ec2:RevokeSecurityGroupIngress', TARGETS.securityGroup, isolation],
      ['ec2:RevokeSecurityGroupEgress', TARGETS.securityGroup, isolation],
      ['iam:PutRolePolicy', TARGETS.role],
    ],
    IsolateInstanceReleaseRole: [
      ...logs('IsolateInstanceLogs'),
      ...runbookStore,
      ...readInstance,
      ...become('IsolateInstanceReleaseRun'),
      ['ssm:GetParameter', brake],
    ],
    IsolateInstanceReleaseRun: [
      ...give(['ec2:CreateTags', 'ec2:DeleteTags'], TARGETS.instance, tags),
      ...modifyInstance,
      ['ec2:AssociateIamInstanceProfile', TARGETS.instance],
      ['iam:PassRole', TARGETS.role, { 'iam:PassedToService': 'ec2.amazonaws.com' }],
      ...give(
        [
          'autoscaling:ExitStandby',
          'autoscaling:UpdateAutoScalingGroup',
          'autoscaling:TerminateInstanceInAutoScalingGroup',
        ],
        TARGETS.group,
      ),
      ['elasticloadbalancing:RegisterTargets', TARGETS.targetGroup],
      ['elasticloadbalancing:RegisterInstancesWithLoadBalancer', TARGETS.classic],
      ['ec2:ModifyNetworkInterfaceAttribute', TARGETS.networkInterface, { 'ec2:Vpc': TARGETS.network }],
      ['ec2:ModifyNetworkInterfaceAttribute', TARGETS.instance],
      ['ec2:ModifyNetworkInterfaceAttribute', TARGETS.securityGroup],
      ...give(['iam:PutRolePolicy', 'iam:DeleteRolePolicy'], TARGETS.role),
    ],
    OnCallMachineRole: [
      ...stateMachine('FirebreakEscalationPage', 'FirebreakEscalationAnswer', 'FirebreakEscalationFinish'),
      ...publish(topic('OnCallAlarmTopic')),
    ],
    FirebreakSweepMachineRole: stateMachine('FirebreakSweepFunction'),
    CloseSecurityGroupContainMachineRole: stateMachine(
      'FirebreakContainmentGuardRails',
      'FirebreakContainmentConclude',
      'CloseSecurityGroupEvidence',
      'CloseSecurityGroupContain',
    ),
    CloseSecurityGroupReleaseMachineRole: stateMachine('FirebreakContainmentConclude', 'CloseSecurityGroupRelease'),
    RestoreLoggingContainMachineRole: stateMachine(
      'FirebreakContainmentGuardRails',
      'FirebreakContainmentConclude',
      'RestoreLoggingEvidence',
      'RestoreLoggingContain',
    ),
    RestoreLoggingReleaseMachineRole: stateMachine('FirebreakContainmentConclude', 'RestoreLoggingRelease'),
    DisableAccessKeyContainMachineRole: stateMachine(
      'FirebreakContainmentGuardRails',
      'FirebreakContainmentConclude',
      'DisableAccessKeyEvidence',
      'DisableAccessKeyContain',
    ),
    DisableAccessKeyReleaseMachineRole: stateMachine('FirebreakContainmentConclude', 'DisableAccessKeyRelease'),
    IsolateInstanceContainMachineRole: stateMachine(
      'FirebreakContainmentGuardRails',
      'FirebreakContainmentConclude',
      'IsolateInstanceEvidence',
      'IsolateInstanceContain',
    ),
    IsolateInstanceReleaseMachineRole: stateMachine('FirebreakContainmentConclude', 'IsolateInstanceRelease'),
    Reader: [
      ...give(['cloudformation:DescribeStacks'], STACK_ID),
      ...invoke('FirebreakPeopleAccessQuery'),
      ...getArea('drafts'),
      ...getArea('reports'),
      ...getArea('anchors'),
    ],
    Responder: [
      ...give(['cloudformation:DescribeStacks'], STACK_ID),
      ...invoke('FirebreakPeopleAccessQuery', 'FirebreakPeopleAccessRespond'),
      ...getArea('drafts'),
      ...getArea('reports'),
      ...getArea('anchors'),
      ...give(['ssm:GetParameter', 'ssm:GetParameterHistory', 'ssm:PutParameter'], brake),
    ],
  };
}

/** Where canaries are, as the stack told its function. */
function canaryPlace({ resources }: Roles): string {
  const canary = [...resources].find(
    ([id, { Type }]) => Type === 'AWS::Lambda::Function' && id.startsWith('FirebreakCanaryFunction'),
  );
  const environment = canary?.[1].Properties?.['Environment'] as { Variables: Record<string, string> } | undefined;
  return environment?.Variables['CANARY_PLACE'] ?? '/there-is-no-canary/';
}
