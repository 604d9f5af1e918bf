import type { Entity } from './entity';
import type { Delivery, EventSourceKind } from './event';
import type { JsonObject } from './json';

export const ALERT_SCHEMA_VERSION = 1;

/** Levels of Sigma, lowest first. */
export const LEVELS = ['informational', 'low', 'medium', 'high', 'critical'] as const;
export type Level = (typeof LEVELS)[number];

/** OCSF `severity_id` of a level. */
export const OCSF_SEVERITY: Readonly<Record<Level, number>> = {
  informational: 1,
  low: 2,
  medium: 3,
  high: 4,
  critical: 5,
};

/** Why a rule matched: one row a field that decided. */
export interface Because {
  readonly path: string;
  readonly op: string;
  readonly value: string;
  readonly actual: string;
}

export interface AttackTechnique {
  readonly technique?: { readonly uid: string };
  readonly tactic?: { readonly name: string };
}

/**
 * An alert: an OCSF 1.x Detection Finding (class 2004), in OCSF's field names.
 * What OCSF has no field for is under `unmapped.firebreak`.
 */
export interface Alert {
  readonly class_uid: 2004;
  readonly category_uid: 2;
  readonly type_uid: 200401;
  readonly activity_id: 1;
  /** Milliseconds since the epoch: when the event happened. */
  readonly time: number;
  readonly severity_id: number;
  readonly severity: Level;
  readonly is_alert: true;
  readonly message: string;
  readonly metadata: {
    readonly version: '1.6.0';
    readonly product: { readonly name: 'Firebreak'; readonly vendor_name: 'Firebreak' };
    /** When the detector raised it; milliseconds since the epoch. */
    readonly logged_time: number;
  };
  readonly cloud: { readonly provider: 'AWS'; readonly account: { readonly uid: string }; readonly region: string };
  readonly finding_info: {
    /** The alert's id: hash of the rule and the event's own id. */
    readonly uid: string;
    readonly title: string;
    readonly desc: string;
    readonly analytic: { readonly uid: string; readonly name: string; readonly type_id: 1; readonly type: 'Rule' };
    readonly attacks: readonly AttackTechnique[];
    readonly related_events: readonly { readonly uid: string }[];
  };
  readonly evidences: readonly { readonly data: JsonObject }[];
  readonly unmapped: {
    readonly firebreak: {
      readonly schemaVersion: typeof ALERT_SCHEMA_VERSION;
      readonly source: EventSourceKind;
      readonly tags: readonly string[];
      readonly because: readonly Because[];
      readonly entities: readonly Entity[];
      readonly delivery: Delivery;
      /** Reasons why nothing may be contained on this alert's word, whatever a plan says. */
      readonly neverEnforce: readonly string[];
      readonly sourceAddress?: string;
      /** Of a correlation: hash of the values that it counted by. */
      readonly group?: string;
    };
  };
}
