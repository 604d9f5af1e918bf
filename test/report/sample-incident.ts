import type { Alert } from '../../lib/model/alert';
import type { ActionRecord, Containment } from '../../lib/model/containment';
import type { Entity } from '../../lib/model/entity';
import { containmentId, sha256 } from '../../lib/model/ids';
import type { Incident } from '../../lib/model/incident';
import type { JsonObject } from '../../lib/model/json';
import { anchorOf } from '../../lib/model/timeline-anchor';
import { chain, emptyChain } from '../../lib/model/timeline-chain';
import type { Target } from '../../lib/model/plan';
import type { Stage, TimelineEntry, TimelineKind, TimelineRecord } from '../../lib/model/timeline';
import type { ReportInput } from '../../lambdas/report/writer/build-report';

export const INCIDENT_ID = 'inc-0mi8q2k4t-5f0c9a1be7';
const ACCOUNT = '111122223333';
const REGION = 'eu-central-1';
const START = Date.parse('2026-11-21T03:12:40.000Z');

/** ISO time so many seconds after the attacker's first call. */
export function after(seconds: number): string {
  return new Date(START + seconds * 1000).toISOString();
}

export function timelineOf(
  entries: readonly (TimelineEntry & { readonly after: number })[],
  incidentId = INCIDENT_ID,
): TimelineRecord[] {
  let head = emptyChain(incidentId);
  return entries.map(({ after: seconds, ...entry }) => {
    const record = chain(incidentId, head, entry, after(seconds));
    head = { length: record.sequence, hash: record.hash };
    return record;
  });
}

export function entry(
  seconds: number,
  stage: Stage,
  kind: TimelineKind,
  text: string,
  by: string,
  details?: JsonObject,
): TimelineEntry & { readonly after: number } {
  return { after: seconds, stage, kind, text, by, ...(details && { details }) };
}

const KEY_TARGET = {
  kind: 'user',
  id: `arn:aws:iam::${ACCOUNT}:user/build-agent`,
  account: ACCOUNT,
  region: 'us-east-1',
} as const;
const INSTANCE_TARGET = {
  kind: 'instance',
  id: `arn:aws:ec2:${REGION}:${ACCOUNT}:instance/i-0a1b2c3d4e5f60718`,
  account: ACCOUNT,
  region: REGION,
} as const;
export const KEY_CONTAINMENT = containmentId('disable-access-key', KEY_TARGET);
export const INSTANCE_CONTAINMENT = containmentId('isolate-instance', INSTANCE_TARGET);

function object(name: string): JsonObject {
  return {
    key: `evidence/${INCIDENT_ID}/${name}`,
    versionId: `${sha256(name).slice(0, 20)}.Qm`,
    sha256: sha256(`content of ${name}`),
  };
}

/** What an attacker could choose; harmless words unless a test wants otherwise. */
export interface Chosen {
  readonly userAgent: string;
  readonly userName: string;
  readonly title: string;
}

const HARMLESS: Chosen = {
  userAgent: 'aws-cli/2.31.0 md/Botocore#1.40.1',
  userName: 'build-agent',
  title: 'Access key created for another user',
};

/** A night at a small company: a leaked key makes a second one and opens a door; both ends are contained. */
export function sampleTimeline({ userAgent, userName, title }: Chosen = HARMLESS): TimelineRecord[] {
  const key = { containmentId: KEY_CONTAINMENT, runbook: 'disable-access-key', generation: 1, attempt: 1 };
  const instance = { containmentId: INSTANCE_CONTAINMENT, runbook: 'isolate-instance', generation: 1, attempt: 1 };
  const keyRun = `${KEY_CONTAINMENT}-1`;
  const instanceRun = `${INSTANCE_CONTAINMENT}-1`;
  const chain = 'chain security';
  return timelineOf([
    entry(64.212, 'triage', 'incident-opened', `SEV2: ${title}; response plan 'leaked credentials' answers`, 'triage', {
      severity: 'SEV2',
      because: 'impact high (customer data), urgency medium',
      assets: ['customer data'],
    }),
    entry(
      64.212,
      'detect',
      'alert-raised',
      `${userName} created an access key for deploy, with ${userAgent}`,
      'access-key-for-another-user',
      {
        alert: 'alr-0f3e',
        title,
        level: 'high',
        source: 'cloudtrail',
        eventAt: after(0),
        receivedAt: after(63.1),
        raisedAt: after(63.612),
        via: 'subscription-filter',
        techniques: ['T1098.001', 'T1078.004'],
        entities: [
          `actor user ${`arn:aws:iam::${ACCOUNT}:user/${userName}`.slice(0, 200)} (attested)`,
          `target user arn:aws:iam::${ACCOUNT}:user/deploy (confirmed)`,
          'actor access-key AKIAIOSFODNN7EXAMPLE (attested)',
          'actor address 198.51.100.23 (attested)',
        ],
        assets: ['customer data'],
        data: ['personal'],
        because: [
          'eventName equals: CreateAccessKey',
          `userIdentity.userName fieldref: ${userName}`,
          `userAgent contains: ${userAgent}`,
        ],
      },
    ),
    entry(64.9, 'triage', 'escalation-started', "Escalation chain 'security' started, attempt 1", `${INCIDENT_ID}-1`),
    entry(
      65.0,
      'triage',
      'containment-started',
      "Started runbook 'disable-access-key' on user build-agent",
      keyRun,
      key,
    ),
    entry(65.6, 'contain', 'state-recorded', "Wrote down the state before 'Deny everything'", keyRun, {
      ...key,
      action: 'deny-everything',
      objects: [{ ...object('undo.json'), key: `undo/${KEY_CONTAINMENT}/1/deny-everything.json` }],
    }),
    entry(65.9, 'contain', 'action-applied', 'Deny everything: an inline policy denies everything', keyRun, {
      ...key,
      action: 'deny-everything',
      changes: ['iam:PutUserPolicy build-agent: no policy FirebreakQuarantine → deny * on *'],
    }),
    entry(66.1, 'escalate', 'page-sent', "Paged on-call phone (level 'on call')", chain, {
      level: 'on call',
      recipient: 'on-call phone',
    }),
    entry(66.3, 'contain', 'action-applied', 'Deactivate access keys: both keys are Inactive', keyRun, {
      ...key,
      action: 'deactivate-access-keys',
      changes: [
        'iam:UpdateAccessKey AKIAIOSFODNN7EXAMPLE: Active → Inactive',
        'iam:UpdateAccessKey AKIAI44QH8DHBEXAMPLE: Active → Inactive',
      ],
    }),
    entry(
      66.5,
      'contain',
      'containment-verified',
      "Contained: 'Disable access keys' on user build-agent; every action was read back",
      keyRun,
      key,
    ),
    entry(66.9, 'contain', 'evidence-collected', 'Collected 2 of 2 pieces of evidence', keyRun, {
      ...key,
      objects: [object('manifest.json'), object('credential-report.json'), object('access-keys.json')],
    }),
    entry(
      121.4,
      'detect',
      'alert-raised',
      'Instance i-0a1b2c3d4e5f60718 talks to a known command-and-control host',
      'guardduty-instance',
      {
        alert: 'alr-7c21',
        title: 'GuardDuty finding on an instance',
        level: 'critical',
        source: 'guardduty',
        eventAt: after(90),
        receivedAt: after(121),
        raisedAt: after(121.2),
        via: 'eventbridge',
        techniques: ['T1071'],
        entities: [`target instance ${INSTANCE_TARGET.id} (finding)`, 'actor address 198.51.100.23 (finding)'],
        because: ['type startswith: Backdoor:EC2/C&CActivity.B!DNS', 'severity gte: 8'],
      },
    ),
    entry(
      121.4,
      'triage',
      'severity-changed',
      "Severity raised from SEV2 to SEV1 by 'GuardDuty finding on an instance'",
      'triage',
      { from: 'SEV2', to: 'SEV1', because: 'impact high (customer data), urgency high' },
    ),
    entry(
      122.0,
      'triage',
      'containment-started',
      "Started runbook 'isolate-instance' on instance i-0a1b2c3d4e5f60718",
      instanceRun,
      instance,
    ),
    entry(
      122.7,
      'contain',
      'evidence-failed',
      "Could not collect 'console-screenshot': not available for this instance type",
      instanceRun,
      instance,
    ),
    entry(122.8, 'contain', 'evidence-collected', 'Collected 2 of 3 pieces of evidence', instanceRun, {
      ...instance,
      objects: [object('instance-manifest.json'), object('console-output.txt'), object('snapshots.json')],
    }),
    entry(
      123.6,
      'contain',
      'action-applied',
      'Take the instance out of its Auto Scaling group: in standby',
      instanceRun,
      {
        ...instance,
        action: 'leave-auto-scaling',
        changes: ['autoscaling:EnterStandby web-fleet: InService → Standby'],
      },
    ),
    entry(
      124.0,
      'contain',
      'action-applied',
      'Move every network interface to the isolation group: 2 of 2 are on it alone',
      instanceRun,
      {
        ...instance,
        action: 'isolate-network',
        changes: [
          'ec2:ModifyNetworkInterfaceAttribute eni-0aa: sg-web, sg-admin → sg-isolated',
          'ec2:ModifyNetworkInterfaceAttribute eni-0bb: sg-web → sg-isolated',
        ],
      },
    ),
    entry(
      124.4,
      'contain',
      'containment-verified',
      "Contained: 'Isolate an instance' on instance i-0a1b2c3d4e5f60718; every action was read back",
      instanceRun,
      instance,
    ),
    entry(366.2, 'escalate', 'level-unanswered', "Nobody of level 'on call' acknowledged in time", chain, {
      level: 'on call',
    }),
    entry(366.4, 'escalate', 'page-sent', "Paged Maya Lindqvist (level 'security lead')", chain, {
      level: 'security lead',
      recipient: 'maya',
    }),
    entry(431.7, 'escalate', 'acknowledged', 'Maya Lindqvist acknowledged by link', 'Maya Lindqvist', {
      level: 'security lead',
    }),
    entry(431.9, 'escalate', 'escalation-ended', 'Paging ended: Maya Lindqvist acknowledged', chain),
    entry(
      966.5,
      'contain',
      'containment-held',
      "Still contained when the watch ended: 'disable-access-key' on user build-agent",
      keyRun,
      key,
    ),
    entry(
      1024.4,
      'contain',
      'containment-held',
      "Still contained when the watch ended: 'isolate-instance' on instance i-0a1b2c3d4e5f60718",
      instanceRun,
      instance,
    ),
    entry(
      7203.0,
      'triage',
      'note',
      'The key was in a public repository; it is rotated and removed from history',
      'Maya Lindqvist',
    ),
    entry(7260.5, 'triage', 'incident-closed', 'Closed: keys rotated, instance rebuilt', 'Maya Lindqvist', {
      tasks: [
        'Rotate every secret that i-0a1b2c3d4e5f60718 could read',
        'Give build-agent a new key from the secrets store',
      ],
    }),
  ]);
}

export function sampleInput(chosen: Chosen = HARMLESS): ReportInput {
  const timeline = sampleTimeline(chosen);
  return {
    incident: sampleIncident(timeline, chosen),
    timeline,
    alerts: [],
    containments: [
      { containment: containment(KEY_CONTAINMENT, 'disable-access-key', KEY_TARGET, 65.3), actions: keyActions() },
      {
        containment: containment(INSTANCE_CONTAINMENT, 'isolate-instance', INSTANCE_TARGET, 122),
        actions: instanceActions(),
      },
    ],
    anchors: timeline.filter(({ kind }) => kind !== 'note').map(anchorOf),
    merged: [],
    suppressed: chosen === HARMLESS ? [] : [suppressedBeside(chosen)],
    now: new Date(after(7262)),
    final: true,
  };
}

/** An alert that a suppression kept quiet at the same time. */
function suppressedBeside({ title, userName }: Chosen): ReportInput['suppressed'][number] {
  return {
    name: userName,
    owner: userName,
    reason: title,
    until: '2027-01-01T00:00:00.000Z',
    count: 3,
    lastAt: after(10),
    lastTitle: title,
  };
}

export function sampleIncident(timeline: readonly TimelineRecord[], { title, userName }: Chosen = HARMLESS): Incident {
  return {
    schemaVersion: 1,
    id: INCIDENT_ID,
    status: 'closed',
    title,
    severity: 'SEV1',
    account: ACCOUNT,
    region: REGION,
    openedAt: after(64.212),
    closedAt: after(7260.5),
    firstEventAt: after(0),
    lastAlertAt: after(121.4),
    alertCount: 2,
    rules: ['access-key-for-another-user', 'guardduty-instance'],
    entities: [
      entity('user', `arn:aws:iam::${ACCOUNT}:user/${userName}`, 'actor', 'attested'),
      entity('user', `arn:aws:iam::${ACCOUNT}:user/deploy`, 'target', 'confirmed'),
      entity('access-key', 'AKIAIOSFODNN7EXAMPLE', 'actor', 'attested'),
      entity('instance', INSTANCE_TARGET.id, 'target', 'finding'),
      entity('address', '198.51.100.23', 'actor', 'attested'),
    ],
    assets: ['customer data'],
    data: ['personal'],
    chain: 'security',
    handOvers: {
      ...handOver(KEY_CONTAINMENT, 'disable-access-key', 'leaked credentials', KEY_TARGET),
      ...handOver(INSTANCE_CONTAINMENT, 'isolate-instance', 'compromised instance', INSTANCE_TARGET),
    },
    acknowledgement: { by: 'Maya Lindqvist', at: after(431.7), how: 'link' },
    timelineLength: timeline.length,
    timelineHash: timeline.at(-1)?.hash ?? '',
  };
}

function entity(kind: Entity['kind'], id: string, role: Entity['role'], trust: Entity['trust']): Entity {
  return { kind, id, account: ACCOUNT, region: REGION, role, trust, path: 'userIdentity.arn' };
}

function handOver(id: string, runbook: string, plan: string, target: Target): Incident['handOvers'] {
  return {
    [`containment#${id}`]: {
      kind: 'containment',
      state: 'started',
      since: after(64.212),
      attempt: 1,
      containment: { plan, planned: { runbook, mode: 'enforce', contains: 'actor' }, target, eventAt: after(64.212) },
    },
  };
}

function containment(id: string, runbook: string, target: Containment['target'], startedAfter: number): Containment {
  return {
    schemaVersion: 1,
    id,
    runbook,
    target,
    mode: 'enforce',
    generation: 1,
    attempt: 1,
    status: 'held',
    holds: [INCIDENT_ID],
    incidentId: INCIDENT_ID,
    startedAt: after(startedAfter),
  };
}

function action(
  containmentId: string,
  id: string,
  status: ActionRecord['status'],
  seconds: number,
  detail: string,
): ActionRecord {
  return { containmentId, generation: 1, action: id, status, at: after(seconds), detail };
}

function keyActions(): ActionRecord[] {
  return [
    action(KEY_CONTAINMENT, 'deny-everything', 'applied', 65.9, 'Deny everything: an inline policy denies everything'),
    action(
      KEY_CONTAINMENT,
      'deactivate-access-keys',
      'applied',
      66.3,
      'Deactivate access keys: both keys are Inactive',
    ),
    action(KEY_CONTAINMENT, 'delete-login-profile', 'applied', 66.4, 'Delete the console password: it is gone'),
  ];
}

function instanceActions(): ActionRecord[] {
  return [
    action(
      INSTANCE_CONTAINMENT,
      'protect-from-termination',
      'applied',
      123.2,
      'Protect the instance from termination: it was so already',
    ),
    action(
      INSTANCE_CONTAINMENT,
      'leave-auto-scaling',
      'applied',
      123.6,
      'Take the instance out of its Auto Scaling group: in standby',
    ),
    action(
      INSTANCE_CONTAINMENT,
      'isolate-network',
      'applied',
      124,
      'Move every network interface to the isolation group: 2 of 2 are on it alone',
    ),
  ];
}

export function sampleAlert(attacks: Alert['finding_info']['attacks']): Alert {
  return {
    class_uid: 2004,
    category_uid: 2,
    type_uid: 200401,
    activity_id: 1,
    time: START,
    severity_id: 4,
    severity: 'high',
    is_alert: true,
    message: 'build-agent created an access key for deploy',
    metadata: {
      version: '1.6.0',
      product: { name: 'Firebreak', vendor_name: 'Firebreak' },
      logged_time: START + 63_612,
    },
    cloud: { provider: 'AWS', account: { uid: ACCOUNT }, region: REGION },
    finding_info: {
      uid: 'alr-0f3e',
      title: HARMLESS.title,
      desc: '',
      analytic: { uid: 'access-key-for-another-user', name: HARMLESS.title, type_id: 1, type: 'Rule' },
      attacks,
      related_events: [],
    },
    evidences: [],
    unmapped: {
      firebreak: {
        schemaVersion: 1,
        source: 'cloudtrail',
        tags: [],
        because: [],
        entities: [],
        delivery: { via: 'subscription-filter', from: '', receivedAt: after(63.1) },
        neverEnforce: [],
      },
    },
  };
}
