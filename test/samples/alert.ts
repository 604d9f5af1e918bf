import { OCSF_SEVERITY, type Alert, type Level } from '../../lib/model/alert';
import type { Entity } from '../../lib/model/entity';
import type { EventSourceKind } from '../../lib/model/event';
import { alertId } from '../../lib/model/ids';

export const ACCOUNT = '111122223333';
export const REGION = 'us-east-1';

export interface SampleAlert {
  readonly rule?: string;
  readonly event?: string;
  readonly title?: string;
  readonly level?: Level;
  readonly source?: EventSourceKind;
  readonly tags?: readonly string[];
  readonly entities?: readonly Entity[];
  readonly neverEnforce?: readonly string[];
  readonly time?: Date;
}

/** A whole alert of which a test says only what it is about. */
export function sampleAlert(sample: SampleAlert = {}): Alert {
  const rule = sample.rule ?? '6b0d1a34-0000-4000-8000-000000000001';
  const event = sample.event ?? 'event-1';
  const time = sample.time ?? new Date('2026-11-21T03:00:00Z');
  const level = sample.level ?? 'high';
  return {
    class_uid: 2004,
    category_uid: 2,
    type_uid: 200401,
    activity_id: 1,
    time: time.getTime(),
    severity_id: OCSF_SEVERITY[level],
    severity: level,
    is_alert: true,
    message: sample.title ?? 'Access key created for another user',
    metadata: {
      version: '1.6.0',
      product: { name: 'Firebreak', vendor_name: 'Firebreak' },
      logged_time: time.getTime() + 1000,
    },
    cloud: { provider: 'AWS', account: { uid: ACCOUNT }, region: REGION },
    finding_info: {
      uid: alertId(rule, event),
      title: sample.title ?? 'Access key created for another user',
      desc: '',
      analytic: { uid: rule, name: 'a rule', type_id: 1, type: 'Rule' },
      attacks: [],
      related_events: [{ uid: event }],
    },
    evidences: [],
    unmapped: {
      firebreak: {
        schemaVersion: 1,
        source: sample.source ?? 'cloudtrail',
        tags: sample.tags ?? [],
        because: [],
        entities: sample.entities ?? [user('mallory')],
        delivery: { via: 'subscription-filter', from: '/trail', receivedAt: time.toISOString() },
        neverEnforce: sample.neverEnforce ?? [],
      },
    },
  };
}

export function user(name: string, more: Partial<Entity> = {}): Entity {
  return {
    kind: 'user',
    id: `arn:aws:iam::${ACCOUNT}:user/${name}`,
    account: ACCOUNT,
    region: REGION,
    role: 'actor',
    trust: 'attested',
    path: 'userIdentity.arn',
    ...more,
  };
}

export function instance(id: string, more: Partial<Entity> = {}): Entity {
  return {
    kind: 'instance',
    id: `arn:aws:ec2:${REGION}:${ACCOUNT}:instance/${id}`,
    account: ACCOUNT,
    region: REGION,
    role: 'target',
    trust: 'finding',
    path: 'resource.instanceDetails.instanceId',
    ...more,
  };
}
