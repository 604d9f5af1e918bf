import { Duration, Token } from 'aws-cdk-lib';

/** For how long. */
export interface SnapshotLockOptions {
  /**
   * How long a snapshot cannot be deleted, from its completion on: whole days, 1 to 36,500.
   *
   * @default - as long as other evidence: `evidenceRetention`
   */
  readonly duration?: Duration;
}

/** For how long, and how long one may still think better of it. */
export interface ComplianceLockOptions extends SnapshotLockOptions {
  /**
   * How long the lock can still be undone: whole hours, 1 to 72.
   *
   * @default - not at all
   */
  readonly coolOff?: Duration;
}

const MAX_DAYS = 36_500;
const MAX_COOL_OFF_HOURS = 72;

/** Whether, and how, snapshots that are taken as evidence are kept from being deleted: a lock of EBS. */
export abstract class SnapshotLock {
  /** Whoever has `ec2:UnlockSnapshot` can end it early. Nothing of Firebreak has. */
  public static governance(options: SnapshotLockOptions = {}): SnapshotLock {
    return new Locked('governance', options);
  }

  /**
   * Nobody can end it early, AWS and the root user included: what was locked by mistake is paid for to the end.
   *
   * @throws Error where a duration is not what EBS takes.
   */
  public static compliance(options: ComplianceLockOptions = {}): SnapshotLock {
    return new Locked('compliance', options);
  }

  /**
   * As the runbook gets it: `governance:30`, or `compliance:30:24` with a cooling-off period in hours.
   *
   * @internal
   */
  public abstract _parameter(retention: Duration): string;
}

class Locked extends SnapshotLock {
  constructor(
    private readonly mode: 'governance' | 'compliance',
    private readonly options: ComplianceLockOptions,
  ) {
    super();
    const { duration, coolOff } = options;
    if (duration) whole('duration', duration.toDays({ integral: false }), MAX_DAYS, 'days', duration);
    if (coolOff) whole('coolOff', coolOff.toHours({ integral: false }), MAX_COOL_OFF_HOURS, 'hours', coolOff);
  }

  public override _parameter(retention: Duration): string {
    const { duration = retention, coolOff } = this.options;
    return [this.mode, duration.toDays(), ...(coolOff ? [coolOff.toHours()] : [])].join(':');
  }
}

function whole(name: string, value: number, max: number, unit: string, given: Duration): void {
  if (Token.isUnresolved(value) || (Number.isInteger(value) && value >= 1 && value <= max)) return;
  throw new Error(
    `'${name}' of a snapshot lock must be 1 to ${max} whole ${unit}, got ${given.toHumanString()}; EBS takes nothing else`,
  );
}
