import type { Double, Made } from '.';

interface Lock {
  readonly mode: string;
  readonly days: number;
  readonly coolOffHours?: number;
  readonly at: Date;
}

const HOUR_MS = 3_600_000;
/** By snapshot id, for as long as the proxy lives: ids are never given twice. */
const locks = new Map<string, Lock>();

/**
 * EBS's locks of snapshots, which moto has not at all: LockSnapshot and DescribeLockedSnapshots. Stateful. Whether a snapshot
 * exists is moto's word.
 */
export const snapshotLocks: Double = async ({ body }, ask) => {
  const asked = new URLSearchParams(body.toString('utf8'));
  if (asked.get('Action') === 'DescribeLockedSnapshots') return described(wanted(asked));
  const id = asked.get('SnapshotId') ?? '';
  const exists = await ask(`/?Action=DescribeSnapshots&Version=2016-11-15&SnapshotId.1=${encodeURIComponent(id)}`);
  if (exists.status !== 200) return { status: exists.status, contentType: 'text/xml', body: exists.body };
  const lock: Lock = {
    mode: asked.get('LockMode') ?? '',
    days: Number(asked.get('LockDuration')),
    ...(asked.has('CoolOffPeriod') && { coolOffHours: Number(asked.get('CoolOffPeriod')) }),
    at: new Date(),
  };
  const wrong = problem(lock, locks.get(id));
  if (wrong !== undefined) return refused(wrong);
  locks.set(id, lock);
  return answer('LockSnapshot', fields(id, lock));
};

function wanted(asked: URLSearchParams): string[] {
  const ids = [...asked].filter(([name]) => /^SnapshotId\.\d+$/.test(name)).map(([, id]) => id);
  return ids.length > 0 ? ids : [...locks.keys()];
}

function described(ids: readonly string[]): Made {
  const items = ids.flatMap((id) => {
    const lock = locks.get(id);
    return lock ? [`<item>${fields(id, lock)}</item>`] : [];
  });
  return answer('DescribeLockedSnapshots', `<snapshotSet>${items.join('')}</snapshotSet>`);
}

/** As the API reference has it: what EBS takes, and that compliance is for good. */
function problem({ mode, days, coolOffHours }: Lock, before: Lock | undefined): string | undefined {
  if (mode !== 'governance' && mode !== 'compliance') return `Value (${mode}) for parameter LockMode is invalid.`;
  if (!Number.isInteger(days) || days < 1 || days > 36_500) return 'The lock duration must be 1 to 36500 days.';
  if (coolOffHours !== undefined && mode === 'governance') return 'CoolOffPeriod is for compliance mode only.';
  if (before && stateOf(before) === 'compliance' && (mode === 'governance' || days < before.days))
    return 'The snapshot is locked in compliance mode.';
  return undefined;
}

function stateOf({ mode, coolOffHours = 0, at }: Lock): string {
  if (mode === 'governance') return mode;
  return Date.now() < at.getTime() + coolOffHours * HOUR_MS ? 'compliance-cooloff' : 'compliance';
}

function fields(id: string, lock: Lock): string {
  const until = new Date(lock.at.getTime() + lock.days * 24 * HOUR_MS);
  return [
    `<snapshotId>${id}</snapshotId><lockState>${stateOf(lock)}</lockState><lockDuration>${lock.days}</lockDuration>`,
    lock.coolOffHours === undefined ? '' : `<coolOffPeriod>${lock.coolOffHours}</coolOffPeriod>`,
    `<lockCreatedOn>${lock.at.toISOString()}</lockCreatedOn><lockExpiresOn>${until.toISOString()}</lockExpiresOn>`,
  ].join('');
}

function answer(call: string, body: string): Made {
  return {
    status: 200,
    contentType: 'text/xml',
    body: `<${call}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">${body}</${call}Response>`,
  };
}

function refused(message: string): Made {
  return {
    status: 400,
    contentType: 'text/xml',
    body: `<Response><Errors><Error><Code>InvalidParameterValue</Code><Message>${message}</Message></Error></Errors></Response>`,
  };
}
