import {
  ALERT_SCHEMA_VERSION,
  OCSF_SEVERITY,
  type Alert,
  type AttackTechnique,
  type Because,
} from '../../../lib/model/alert';
import type { Entity } from '../../../lib/model/entity';
import type { Delivery, Event } from '../../../lib/model/event';
import { alertId } from '../../../lib/model/ids';
import { textAt } from '../../../lib/model/json';
import type { AboutRule } from '../../../lib/sigma/compiled-rules';
import { entitiesOf } from './entities';
import { neverEnforceReasons } from './never-enforce';

export interface AlertContext {
  readonly now: Date;
  /** @default - accounts are not compared */
  readonly homeAccount?: string | undefined;
}

/** A match to an alert. Pure: the same match of the same event is the same alert but for `logged_time` and the delivery. */
export function toAlert(
  { rule, because }: { readonly rule: AboutRule; readonly because: readonly Because[] },
  event: Event,
  delivery: Delivery,
  { now, homeAccount }: AlertContext,
): Alert {
  const entities = entitiesOf(event);
  const sourceAddress = entities.find((entity) => entity.kind === 'address')?.id;
  return {
    class_uid: 2004,
    category_uid: 2,
    type_uid: 200401,
    activity_id: 1,
    time: Date.parse(event.time),
    severity_id: OCSF_SEVERITY[rule.level],
    severity: rule.level,
    is_alert: true,
    message: messageOf(rule.title, event, entities),
    metadata: {
      version: '1.6.0',
      product: { name: 'Firebreak', vendor_name: 'Firebreak' },
      logged_time: now.getTime(),
    },
    cloud: { provider: 'AWS', account: { uid: event.account }, region: event.region },
    finding_info: {
      uid: alertId(rule.id, event.id),
      title: rule.title,
      desc: rule.description,
      analytic: { uid: rule.id, name: rule.title, type_id: 1, type: 'Rule' },
      attacks: rule.tags.flatMap(attackOf),
      related_events: [{ uid: event.id }],
    },
    evidences: [{ data: event.record }],
    unmapped: {
      firebreak: {
        schemaVersion: ALERT_SCHEMA_VERSION,
        source: event.source,
        tags: rule.tags,
        because,
        entities,
        delivery,
        neverEnforce: neverEnforceReasons(event, homeAccount),
        ...(sourceAddress !== undefined && { sourceAddress }),
      },
    },
  };
}

const MAX_MESSAGE = 500;

/** `title: what (by whom)`. May hold what an attacker wrote: pages neutralise it, control characters go already here. */
function messageOf(title: string, event: Event, entities: readonly Entity[]): string {
  const what = event.source === 'guardduty' ? textAt(event.record, 'type') : textAt(event.record, 'eventName');
  const who = entities.find((entity) => entity.role === 'actor' && entity.kind !== 'address')?.id;
  const text = `${title}${what === undefined ? '' : `: ${what}`}${who === undefined ? '' : ` by ${who}`}`;
  return text.replace(/\p{C}/gu, ' ').slice(0, MAX_MESSAGE);
}

/** `attack.t1078.004` is a technique, `attack.initial-access` a tactic; other tags are neither. */
function attackOf(tag: string): AttackTechnique[] {
  const technique = /^attack\.(t\d{4}(?:\.\d{3})?)$/i.exec(tag)?.[1];
  if (technique !== undefined) return [{ technique: { uid: technique.toUpperCase() } }];
  const tactic = /^attack\.([a-z]+(?:[-_][a-z]+)*)$/i.exec(tag)?.[1];
  if (tactic === undefined) return [];
  const name = tactic
    .split(/[-_]/)
    .map((word) => (word === 'and' ? word : `${word.charAt(0).toUpperCase()}${word.slice(1)}`));
  return [{ tactic: { name: name.join(' ') } }];
}
