/**
 * What happens with what an actor created or changed before it was contained: `list` writes it into the incident,
 * `contain` hands it to the runbooks that contain such things as well, `off` does not look.
 */
export const SWEEP_MODES = ['list', 'contain', 'off'] as const;
export type SweepMode = (typeof SWEEP_MODES)[number];

/** What a call did with a thing. */
export const DEEDS_DONE = ['created', 'changed', 'opened', 'shared', 'ran code on', 'switched off'] as const;
export type DeedDone = (typeof DEEDS_DONE)[number];

/** One thing that an actor created or changed, as a timeline record and the report hold it. Attackers choose the names. */
export interface Finding {
  /** What kind of thing, e.g. `user`, `policy`. */
  readonly kind: string;
  /** Its ARN, or id, or name: what the event says. */
  readonly id: string;
  readonly did: DeedDone;
  /** The AWS call, e.g. `iam:CreateUser`. */
  readonly call: string;
  /** ISO 8601. */
  readonly at: string;
  /** CloudTrail's id of the event. */
  readonly eventId: string;
  /** Where the call was recorded. */
  readonly region: string;
  /** By which identity, as AWS wrote it. */
  readonly by: string;
  /** Who says so: CloudTrail when it was asked, or only the record in an alert. */
  readonly seenIn: 'cloudtrail' | 'alert';
  /** The runbook that it was handed to, where the response plan says `contain`. */
  readonly runbook?: string;
}
