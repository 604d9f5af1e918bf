import { afterAll, describe, expect, jest, test } from '@jest/globals';
import { ACCOUNT, REGION } from '../stack/sample-stack';
import { neededCalls } from './needed';
import { Roles, type Call, type Context } from './roles';
import { ESCALATIONS, PROTECTED, ROLE_WRITES, TARGETS } from './targets';

// Hundreds of simulations a test, on a machine that may be busy.
jest.setTimeout(60_000);

const roles = new Roles();
const needed = neededCalls(roles);
const { resolver } = roles;
const ownRoles = roles.names.map((name) => roles.roleArn(name));
const runbookRoles = roles.names.filter((name) =>
  /^(?:DisableAccessKey|IsolateInstance)(?:EvidenceRole|ContainRun|ReleaseRun)$/.test(name),
);
/** Those that have to do with roles at all; the last only hands back those that a baseline names. */
const roleHandlers = [...runbookRoles, 'RestoreLoggingContainRun'];
const stackRoles = roles.names.filter((name) => name !== 'Reader' && name !== 'Responder');

const table = resolver.arn('AWS::DynamoDB::Table', 'FirebreakStoreTable');
const bucket = resolver.arn('AWS::S3::Bucket', 'FirebreakVaultBucket');
const kms = resolver.arn('AWS::KMS::Key', 'FirebreakEncryptionKey');
const brake = resolver.arn('AWS::SSM::Parameter', 'FirebreakContainmentBrakeParameter');
const alerts = resolver.arn('AWS::SQS::Queue', 'FirebreakAlertsQueue');
const quarantine = resolver.arn('AWS::IAM::ManagedPolicy', 'FirebreakContainmentQuarantinePolicy');
const boundary = resolver.arn('AWS::IAM::ManagedPolicy', 'FirebreakContainmentRunBoundaryPolicy');
const detector = resolver.arn('AWS::Lambda::Function', 'FirebreakDetectorFunction');
const alarmTopic = resolver.arn('AWS::SNS::Topic', 'OnCallAlarmTopic');
const machine = resolver.resolve({ Ref: resolver.id('AWS::StepFunctions::StateMachine', 'OnCallMachine') }) as string;
const ADMINISTRATOR = 'arn:aws:iam::aws:policy/AdministratorAccess';

afterAll(() => {
  console.log(`${roles.names.length} roles, ${roles.simulated} calls simulated, all denied but the controls`);
});

/** The calls of a role on one kind of target, on something else instead. */
const instead = (role: string, target: string, others: readonly string[], context: Context = {}): Call[] =>
  (needed[role] ?? [])
    .filter(([, resource]) => resource === target)
    .flatMap(([action, , asked]) => others.map((other) => [action, other, { ...asked, ...context }] as const));

describe('guard rails: what is protected cannot be touched', () => {
  test.each(runbookRoles)('by %s', async (role) => {
    const calls = [
      ...instead(role, TARGETS.user, PROTECTED.users),
      ...instead(role, TARGETS.role, [...PROTECTED.roles, ...ownRoles]),
      ...instead(role, TARGETS.instance, [PROTECTED.instance]),
      ...instead(role, TARGETS.networkInterface, [TARGETS.networkInterface], PROTECTED.network),
    ];
    expect(calls.length).toBeGreaterThan(0);
    expect(await roles.wrong(role, calls, 'denied')).toEqual([]);
  });

  test.each(runbookRoles)('nor another account by %s', async (role) => {
    const elsewhere = (arn: string) => arn.replace(ACCOUNT, '444455556666');
    const calls = [TARGETS.user, TARGETS.role, TARGETS.instance].flatMap((target) =>
      instead(role, target, [elsewhere(target)]),
    );
    expect(await roles.wrong(role, calls, 'denied')).toEqual([]);
  });
});

describe('no role may become more than it is', () => {
  test.each(roles.names)('%s', async (role) => {
    // To give rules back is its purpose; that it does so for the group of its run alone is the session's policy.
    const own = role === 'CloseSecurityGroupReleaseRun' ? ['ec2:AuthorizeSecurityGroupIngress'] : [];
    const calls = ESCALATIONS.filter(([action]) => !own.includes(action));
    expect(await roles.wrong(role, calls, 'denied')).toEqual([]);
  });

  test.each(roleHandlers)('%s changes no role of Firebreak, nor itself', async (role) => {
    const calls = ownRoles.flatMap((arn) => ROLE_WRITES.map((action): Call => [action, arn]));
    expect(await roles.wrong(role, calls, 'denied')).toEqual([]);
  });

  test.each(roles.names.filter((name) => !roleHandlers.includes(name)))('%s changes no role at all', async (role) => {
    expect(roles.allowedActions(role).filter((action) => /^(?:iam:(?!Get|List)|\*)/i.test(action))).toEqual([]);
    const calls = [roles.roleArn(role), TARGETS.role].flatMap((arn) =>
      ROLE_WRITES.map((action): Call => [action, arn]),
    );
    expect(await roles.wrong(role, calls, 'denied')).toEqual([]);
  });
});

describe('roles of runs', () => {
  const runs = roles.names.filter((name) => /(?:Contain|Release)Run$/.test(name));
  const EVERYTHING = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
  const session = { 'sts:RoleSessionName': 'con-sample', 'sts:SourceIdentity': 'inc-sample' };

  test('are assumed by the one function that they are for, and by nobody else', async () => {
    for (const run of runs) {
      const own = run.replace(/Run$/, 'Role');
      const call: Call = ['sts:AssumeRole', roles.roleArn(run), session];
      expect(await roles.simulate(own, call)).toBe('allowed');
      for (const other of roles.names.filter((name) => name !== own)) {
        expect(await roles.wrong(other, [call], 'denied')).toEqual([]);
      }
      // Not even by one of the account's own who may assume everything.
      expect(await roles.simulate('Responder', call, undefined, EVERYTHING)).toBe('denied');
    }
  });

  test.each(runs)('%s stays within its boundary, whatever policies it is given', async (run) => {
    const given = async (calls: readonly Call[]) => {
      const verdicts = calls.map(async (call) => [...call, await roles.simulate(run, call, undefined, EVERYTHING)]);
      return (await Promise.all(verdicts)).filter((verdict) => verdict.at(-1) === 'allowed');
    };
    const own: Call[] = [
      ...ownRoles.flatMap((arn) => ROLE_WRITES.map((action): Call => [action, arn])),
      ['iam:CreatePolicyVersion', boundary],
      ['iam:CreatePolicyVersion', quarantine],
      ['lambda:UpdateFunctionCode', detector],
      ['lambda:PutFunctionConcurrency', detector],
      ['s3:PutBucketPolicy', bucket],
      ['s3:DeleteObject', `${bucket}/evidence/sample`],
      ['dynamodb:PutItem', table],
      ['kms:Decrypt', kms],
      ['ssm:PutParameter', brake],
      ['sqs:PurgeQueue', alerts],
      ['sns:SetTopicAttributes', alarmTopic],
      ['states:StopExecution', `${machine.replace(':stateMachine:', ':execution:')}:sample`],
      ['sts:AssumeRole', TARGETS.role],
    ];
    expect(await given(own)).toEqual([]);
    // One runbook's release gives inbound rules back; what a run may open is said by its own policy and session.
    const never = ESCALATIONS.filter(([action]) => action !== 'ec2:AuthorizeSecurityGroupIngress');
    expect(await given(never)).toEqual([]);
    expect(await given([['iam:PutUserPolicy', TARGETS.user]])).toHaveLength(1);
  });
});

describe('no role may take away what must stay', () => {
  const calls: Call[] = [
    ['s3:DeleteObject', `${bucket}/evidence/sample`],
    ['s3:DeleteObjectVersion', `${bucket}/evidence/sample`],
    ['s3:DeleteObject', `${bucket}/drafts/sample`],
    ['s3:BypassGovernanceRetention', `${bucket}/evidence/sample`],
    ['s3:PutBucketPolicy', bucket],
    ['s3:DeleteBucketPolicy', bucket],
    ['s3:DeleteBucket', bucket],
    ['s3:PutBucketObjectLockConfiguration', bucket],
    ['s3:PutLifecycleConfiguration', bucket],
    ['dynamodb:DeleteItem', table],
    ['dynamodb:DeleteTable', table],
    ['dynamodb:UpdateTable', table],
    ['dynamodb:Scan', table],
    ['dynamodb:BatchWriteItem', table],
    ['dynamodb:UpdateTimeToLive', table],
    ['kms:ScheduleKeyDeletion', kms],
    ['kms:DisableKey', kms],
    ['kms:PutKeyPolicy', kms],
    ['kms:CreateGrant', kms],
    ['sqs:PurgeQueue', alerts],
    ['sqs:DeleteQueue', alerts],
    ['sqs:SetQueueAttributes', alerts],
    ['sns:DeleteTopic', alarmTopic],
    ['sns:SetTopicAttributes', alarmTopic],
    ['states:DeleteStateMachine', machine],
    ['states:UpdateStateMachine', machine],
    ['states:StopExecution', `${machine.replace(':stateMachine:', ':execution:')}:sample`],
    ['lambda:UpdateFunctionCode', detector],
    ['lambda:DeleteFunction', detector],
    ['lambda:PutFunctionConcurrency', detector],
    ['lambda:RemovePermission', detector],
    ['ssm:DeleteParameter', brake],
    ['iam:CreatePolicyVersion', quarantine],
    ['iam:SetDefaultPolicyVersion', quarantine],
    ['iam:DeletePolicy', quarantine],
    ['logs:DeleteSubscriptionFilter', `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:trail`],
    ['logs:PutSubscriptionFilter', `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:trail`],
    // Into a locked area without a lock: the bucket's own policy refuses it, whoever asks.
    ...['evidence', 'undo', 'anchors', 'reports', 'baselines'].map((area): Call => [
      's3:PutObject',
      `${bucket}/${area}/sample`,
    ]),
  ];

  test.each(roles.names)('%s', async (role) => {
    expect(await roles.wrong(role, calls, 'denied')).toEqual([]);
  });

  test.each(roles.names.filter((name) => name !== 'Responder'))('nor may %s release the brake', async (role) => {
    expect(await roles.wrong(role, [['ssm:PutParameter', brake]], 'denied')).toEqual([]);
  });
});

describe('what is allowed is allowed for its purpose only', () => {
  const key = (...partitions: string[]): Context => ({
    'dynamodb:LeadingKeys': partitions.map((partition) => `${partition}#sample`),
  });
  const group = TARGETS.securityGroup;

  test.each<readonly [string, readonly Call[]]>([
    [
      'DisableAccessKeyContainRun',
      [
        ['iam:AttachUserPolicy', TARGETS.user, { 'iam:PolicyARN': ADMINISTRATOR }],
        ['iam:PutUserPermissionsBoundary', TARGETS.user, { 'iam:PermissionsBoundary': ADMINISTRATOR }],
        ['iam:DeleteUserPermissionsBoundary', TARGETS.user, { 'iam:PermissionsBoundary': quarantine }],
        ['iam:DeleteUserPolicy', TARGETS.user],
        ['iam:DeleteAccessKey', TARGETS.user],
        ['iam:PutRolePolicy', TARGETS.role],
      ],
    ],
    [
      'DisableAccessKeyReleaseRun',
      [
        ['iam:AttachUserPolicy', TARGETS.user, { 'iam:PolicyARN': ADMINISTRATOR }],
        ['iam:DetachUserPolicy', TARGETS.user, { 'iam:PolicyARN': ADMINISTRATOR }],
        ['iam:DeleteUserPermissionsBoundary', TARGETS.user, { 'iam:PermissionsBoundary': ADMINISTRATOR }],
        ['iam:CreateLoginProfile', TARGETS.user],
      ],
    ],
    [
      'IsolateInstanceContainRun',
      [
        ['ec2:CreateTags', TARGETS.instance, { 'aws:TagKeys': ['Name'] }],
        ['ec2:CreateTags', TARGETS.instance, { 'aws:TagKeys': ['firebreak:incident', 'Name'] }],
        ['ec2:CreateTags', group, { 'aws:TagKeys': ['firebreak:isolation'] }],
        ['ec2:CreateTags', group, { 'ec2:CreateAction': 'RunInstances' }],
        ['ec2:ModifyNetworkInterfaceAttribute', group],
        ['ec2:RevokeSecurityGroupIngress', group],
        ['ec2:RevokeSecurityGroupEgress', group, { 'aws:ResourceTag/firebreak:isolation': 'false' }],
        ['ec2:CreateSecurityGroup', group],
        ['ec2:AuthorizeSecurityGroupEgress', group, { 'aws:ResourceTag/firebreak:isolation': 'true' }],
        ['iam:DeleteRolePolicy', TARGETS.role],
        ['iam:PassRole', TARGETS.role, { 'iam:PassedToService': 'ec2.amazonaws.com' }],
        ['autoscaling:TerminateInstanceInAutoScalingGroup', TARGETS.group],
        ['iam:PutUserPolicy', TARGETS.user],
      ],
    ],
    [
      'IsolateInstanceReleaseRun',
      [
        ['iam:PassRole', TARGETS.role, { 'iam:PassedToService': 'lambda.amazonaws.com' }],
        ['iam:PassRole', TARGETS.role],
        ['ec2:DeleteTags', TARGETS.instance, { 'aws:TagKeys': ['Name'] }],
      ],
    ],
    [
      'CloseSecurityGroupContainRun',
      [
        ['ec2:AuthorizeSecurityGroupIngress', TARGETS.openGroup],
        ['ec2:RevokeSecurityGroupEgress', TARGETS.openGroup],
        ['ec2:DeleteSecurityGroup', TARGETS.openGroup],
      ],
    ],
    [
      'CloseSecurityGroupReleaseRun',
      [
        ['ec2:AuthorizeSecurityGroupIngress', TARGETS.openGroup, { 'aws:ResourceTag/firebreak:isolation': 'true' }],
        ['ec2:AuthorizeSecurityGroupEgress', TARGETS.openGroup],
        ['ec2:CreateTags', TARGETS.rule],
      ],
    ],
    [
      'RestoreLoggingContainRun',
      [
        ['cloudtrail:StopLogging', TARGETS.trail],
        ['cloudtrail:DeleteTrail', TARGETS.trail],
        ['config:StopConfigurationRecorder', TARGETS.recorder],
        ['guardduty:DeleteDetector', TARGETS.detector],
        ['guardduty:DeleteFilter', `${TARGETS.detector}/filter/noise`],
        ['iam:PassRole', TARGETS.role, { 'iam:PassedToService': 'lambda.amazonaws.com' }],
        ['s3:PutBucketPolicy', 'arn:aws:s3:::logs'],
      ],
    ],
    [
      'RestoreLoggingContainRole',
      [
        ['cloudtrail:UpdateTrail', TARGETS.trail],
        ['s3:PutObject', `${bucket}/baselines/sample`, { 's3:object-lock-mode': 'GOVERNANCE' }],
      ],
    ],
    [
      'FirebreakContainmentSnapshotCopierFunctionRole',
      [
        ['ec2:CopySnapshot', TARGETS.snapshot],
        ['ec2:LockSnapshot', TARGETS.snapshot],
        ['ec2:DeleteSnapshot', TARGETS.snapshot, { 'aws:ResourceTag/firebreak:copy-of': 'snap-1' }],
        ['ec2:ModifySnapshotAttribute', TARGETS.snapshot],
        ['ec2:CreateTags', TARGETS.snapshot],
        // Keys serve EBS alone, and nobody else is let in.
        ['kms:Decrypt', TARGETS.volumeKey],
        ['kms:CreateGrant', TARGETS.volumeKey, { 'kms:ViaService': `ec2.${REGION}.amazonaws.com` }],
        ['kms:ReEncryptTo', TARGETS.volumeKey, { 'kms:ViaService': `ec2.${REGION}.amazonaws.com` }],
      ],
    ],
    [
      'IsolateInstanceEvidenceRole',
      [
        ['ec2:CreateTags', TARGETS.instance],
        ['ec2:CreateTags', TARGETS.snapshot],
        // Only what a containment took may be made undeletable, and nothing be made deletable.
        ['ec2:LockSnapshot', TARGETS.snapshot],
        ['ec2:LockSnapshot', TARGETS.snapshot, { 'aws:ResourceTag/firebreak:containment': 'mine' }],
        ['ec2:UnlockSnapshot', TARGETS.snapshot, { 'aws:ResourceTag/firebreak:containment': 'con-1/1' }],
        ['ec2:DeleteSnapshot', TARGETS.snapshot, { 'aws:ResourceTag/firebreak:containment': 'con-1/1' }],
        ['ec2:ModifyNetworkInterfaceAttribute', TARGETS.networkInterface],
        ['iam:PutRolePolicy', TARGETS.role],
      ],
    ],
    [
      'DisableAccessKeyEvidenceRole',
      [
        ['iam:UpdateAccessKey', TARGETS.user],
        ['iam:PutUserPolicy', TARGETS.user],
      ],
    ],
    [
      'FirebreakEscalationAcknowledgeRole',
      [
        ...['ALERT', 'CONTAINMENT', 'ENTITY', 'LOCK', 'RATE'].flatMap((partition) =>
          ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:UpdateItem'].map((action): Call => [
            action,
            table,
            key(partition),
          ]),
        ),
        // One foreign key among the right ones, as a batch would have it.
        ['dynamodb:BatchGetItem', table, key('INCIDENT', 'CONTAINMENT')],
        ...['status', 'pending', 'work'].map((index): Call => ['dynamodb:Query', `${table}/index/${index}`]),
        ['states:StartExecution', machine],
        ['sns:Publish', alarmTopic],
        ['sqs:SendMessage', alerts],
      ],
    ],
    [
      'FirebreakEscalationPageRole',
      [
        ['dynamodb:PutItem', table, key('CONTAINMENT')],
        ['dynamodb:UpdateItem', table, key('LOCK')],
        ['states:StartExecution', machine],
      ],
    ],
    [
      'FirebreakSweepFunctionRole',
      [
        // It asks for containments in the store, and can neither make one nor get round the guard rails.
        ...['DisableAccessKeyContainMachine', 'IsolateInstanceContainMachine'].map((id): Call => [
          'states:StartExecution',
          resolver.resolve({ Ref: resolver.id('AWS::StepFunctions::StateMachine', id) }) as string,
        ]),
        ...['LOCK', 'RATE', 'APPROVAL', 'TOKEN'].map((partition): Call => ['dynamodb:PutItem', table, key(partition)]),
        ['sts:AssumeRole', roles.roleArn('DisableAccessKeyContainRun')],
        ['iam:UpdateAccessKey', TARGETS.user],
        ['cloudtrail:UpdateTrail', TARGETS.trail],
      ],
    ],
    ['FirebreakEscalationAnswerRole', [['dynamodb:PutItem', table, key('TOKEN')]]],
    ['FirebreakEscalationFinishRole', [['dynamodb:GetItem', table, key('CONTAINMENT')]]],
    [
      'FirebreakDetectorFunctionRole',
      [
        ['dynamodb:GetItem', table],
        ['sqs:ReceiveMessage', alerts],
        ['states:StartExecution', machine],
      ],
    ],
    [
      'Reader',
      [
        ['lambda:InvokeFunction', resolver.arn('AWS::Lambda::Function', 'FirebreakPeopleAccessRespond')],
        ['dynamodb:GetItem', table],
        ['s3:GetObject', `${bucket}/evidence/sample`],
        ['s3:GetObject', `${bucket}/undo/sample`],
        ['s3:ListBucket', bucket],
        ['s3:PutObject', `${bucket}/drafts/sample`],
        ['ssm:PutParameter', brake],
        ['kms:Encrypt', kms],
      ],
    ],
    [
      'Responder',
      [
        ['dynamodb:PutItem', table],
        ['lambda:InvokeFunction', resolver.arn('AWS::Lambda::Function', 'IsolateInstanceContain')],
        ['lambda:InvokeFunction', resolver.arn('AWS::Lambda::Function', 'IsolateInstanceRelease')],
        ['states:StartExecution', machine],
        ['s3:PutObject', `${bucket}/reports/sample`],
      ],
    ],
  ])('%s', async (role, calls) => {
    expect(await roles.wrong(role, calls, 'denied')).toEqual([]);
  });
});

describe('the test itself', () => {
  test('an unknown action is a failure and not a denial', async () => {
    await expect(roles.simulate('Reader', ['iam:MakeMeAdministrator', TARGETS.user])).rejects.toThrow(
      'cannot be simulated',
    );
  });

  test('notices what is allowed', async () => {
    expect(await roles.wrong('Reader', [['ssm:GetParameter', brake]], 'allowed')).toHaveLength(1);
    expect(await roles.wrong('Responder', [['ssm:PutParameter', brake]], 'denied')).toHaveLength(1);
  });

  test('looks at the roles that change something, and at all others', () => {
    expect(runbookRoles).toHaveLength(6);
    expect(stackRoles.length + 2).toBe(roles.names.length);
  });
});
