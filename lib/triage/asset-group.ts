/** How much an incident about an asset harms. */
export enum Criticality {
  HIGH = 'high',
  MEDIUM = 'medium',
  LOW = 'low',
}

/** Kinds of data whose loss has to be told to others. */
export enum DataKind {
  PERSONAL = 'personal',
  HEALTH = 'health',
  PAYMENT = 'payment',
  FINANCIAL = 'financial',
  SECRET = 'secret',
}

/**
 * Assets that weigh more, or less, than others: impact in the matrix that gives the severity. At least one of
 * `accounts` and `resources`.
 */
export interface AssetGroup {
  /** Appears in incidents. */
  readonly name: string;
  readonly criticality: Criticality;
  /** @default - any account, where `resources` match */
  readonly accounts?: string[];
  /**
   * ARNs in which `*` and `?` stand for anything, e.g. `arn:aws:s3:::prod-*`. They can only raise the impact: an
   * attacker can give a thing a harmless name.
   *
   * @default - everything in `accounts`
   */
  readonly resources?: string[];
  /** @default - nothing that others must be told about */
  readonly data?: DataKind[];
}
