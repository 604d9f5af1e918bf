import { type CallFilter, type ApiCall } from './call';

/**
 * What can go wrong with a call:
 *  - `timeout-before`, `timeout-after`: the caller's connection breaks, before or after the call had its effect.
 *    The AWS SDK tries again by itself, so one of these is usually healed: give `times` to get through to the code.
 *  - `kill-before`, `kill-after`: the calling Lambda's process is killed at that moment.
 *  - `delay`: the call is held back for `delayMs`, then goes its way.
 *  - the others answer with the service's own error of that kind, without any effect.
 */
export const FAULT_KINDS = [
  'throttled',
  'internal-error',
  'access-denied',
  'not-found',
  'limit-exceeded',
  'temporarily-unmodifiable',
  'timeout-before',
  'timeout-after',
  'kill-before',
  'kill-after',
  'delay',
] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

export interface Fault {
  readonly match: CallFilter;
  readonly fault: FaultKind;
  /** How many matching calls are struck. 0 is all of them. @default - 1 */
  readonly times?: number;
  /** How many matching calls go through first. @default - 0 */
  readonly skip?: number;
  /**
   * Strikes a call each time that the SDK tries it again, so that the code hears of it; `times` and `skip` count calls,
   * not tries. @default - false, every try is a call of its own
   */
  readonly wholeCall?: boolean;
  /** Another error code than the service's usual one, for example `InvalidGroup.NotFound`. */
  readonly code?: string;
  readonly delayMs?: number;
}

/** An injected fault and how often it has struck. */
export interface ActiveFault extends Fault {
  readonly id: string;
  readonly seen: number;
  readonly struck: number;
}

interface Planned extends Fault {
  readonly id: string;
  seen: number;
  struck: number;
  /** Calls that were seen, by the SDK's number, and whether each was struck. */
  readonly known: Map<string, boolean>;
}

/** The faults in force. */
export class FaultPlan {
  private faults: Planned[] = [];
  private next = 1;

  add(fault: Fault): string {
    if (!FAULT_KINDS.includes(fault.fault)) {
      throw new Error(`fault must be one of ${FAULT_KINDS.join(', ')}, got ${JSON.stringify(fault.fault)}`);
    }
    if ((fault.times ?? 1) < 0) throw new Error(`times must be 0 (always) or more, got ${fault.times}`);
    const id = `fault-${this.next++}`;
    this.faults.push({ ...fault, id, seen: 0, struck: 0, known: new Map() });
    return id;
  }

  /** The fault that strikes this call, counted as struck. */
  strike(call: ApiCall, matches: (call: ApiCall, filter: CallFilter) => boolean): Fault | undefined {
    return this.faults.find((fault) => matches(call, fault.match) && strikes(fault, call));
  }

  list(): ActiveFault[] {
    return this.faults.map((planned) => {
      const fault: ActiveFault & { known?: unknown } = { ...planned };
      delete fault.known; // A record of calls, for nobody but this plan.
      return fault;
    });
  }

  remove(id: string): void {
    this.faults = this.faults.filter((fault) => fault.id !== id);
  }

  clear(): void {
    this.faults = [];
  }
}

function strikes(fault: Planned, call: ApiCall): boolean {
  const again = fault.wholeCall && call.invocation !== undefined ? fault.known.get(call.invocation) : undefined;
  if (again !== undefined) return again;
  const times = fault.times ?? 1;
  const over = times > 0 && fault.struck >= times;
  if (!over) fault.seen++;
  const struck = !over && fault.seen > (fault.skip ?? 0);
  if (struck) fault.struck++;
  if (call.invocation !== undefined) fault.known.set(call.invocation, struck);
  return struck;
}
