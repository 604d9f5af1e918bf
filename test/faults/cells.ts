import type { RecordedCall } from '../../local/proxy/call';
import type { Fault, FaultKind } from '../../local/proxy/fault';
import type { Injection, Phase } from './trial';

/** What may go wrong with each call, in the order of the issue's list. */
export const FAULTS = [
  'throttled',
  'internal-error',
  'timeout-after',
  'timeout-before',
  'access-denied',
  'not-found',
  'limit-exceeded',
  'temporarily-unmodifiable',
  'kill-before',
  'kill-after',
] as const satisfies readonly FaultKind[];

/** One task of a clean run, with the calls that it made. */
export interface RecordedTask {
  readonly phase: Phase;
  readonly state: string;
  /** Function and operation: tasks of one kind run the same code of the host. */
  readonly kind: string;
  /** Whether it is about one action of the runbook, and not about all. */
  readonly oneAction: boolean;
  readonly calls: readonly RecordedCall[];
}

/** A call of a clean run that is struck: the nth of its operation in a state. */
export interface StruckCall {
  readonly phase: Phase;
  readonly state: string;
  readonly service: string;
  readonly operation: string;
  /** From 0. */
  readonly nth: number;
}

export interface Cell extends StruckCall {
  readonly runbook: string;
  /** Name of the shape of the target. */
  readonly shape: string;
  readonly fault: (typeof FAULTS)[number];
}

export interface Recording {
  readonly shape: string;
  readonly tasks: readonly RecordedTask[];
}

/**
 * The cells of one runbook, from what clean runs recorded. The rule for equal calls:
 *
 *  - A call that the SDK tries again is one call.
 *  - Each changing call is struck by itself: the second of two equal changes finds another world than the first.
 *  - Of equal reads in one state between the same two changes, the first is struck: the others see the same.
 *  - The host's calls to Firebreak's own store, vault, brake and credentials are the same code in every action, and the
 *    three looks of the watch are the same code: what is in the same place of states of one kind is one call. Which of
 *    the states is struck goes round with the faults, so that each is struck by some.
 *  - What several shapes make alike is struck on the shape that makes most calls.
 */
export function cellsOf(
  runbook: string,
  recordings: readonly Recording[],
  isOwn: (call: RecordedCall) => boolean,
): Cell[] {
  const places = new Map<string, { shape: string; calls: StruckCall[] }>();
  const bySize = recordings.map((recording) => ({
    ...recording,
    found: recording.tasks.map((task) => strikable(task)),
  }));
  bySize.sort((a, b) => b.found.flat().length - a.found.flat().length);
  for (const { shape, tasks, found } of bySize) {
    for (const [index, task] of tasks.entries()) {
      for (const { call, place, recorded } of found[index] ?? []) {
        const alike = task.oneAction && !isOwn(recorded) ? task.state : task.kind;
        const key = `${task.phase} ${alike} ${place}`;
        const known = places.get(key);
        if (!known) places.set(key, { shape, calls: [call] });
        else if (known.shape === shape) known.calls.push(call);
      }
    }
  }
  return [...places.values()].flatMap(({ shape, calls }, place) =>
    FAULTS.map((fault, index) => {
      const call = calls[(place + index) % calls.length] as StruckCall;
      return { runbook, shape, fault, ...call };
    }),
  );
}

interface Strikable {
  readonly call: StruckCall;
  /** Which of the equal ones, counted as above. */
  readonly place: string;
  readonly recorded: RecordedCall;
}

function strikable({ phase, state, calls }: RecordedTask): Strikable[] {
  const found: Strikable[] = [];
  const invocations = new Set<string>();
  const nths = new Map<string, number>();
  const places = new Map<string, number>();
  const read = new Set<string>();
  let changes = 0;
  for (const recorded of calls) {
    const { invocation = String(recorded.seq), service, operation, mutating } = recorded;
    if (invocations.has(invocation)) continue;
    invocations.add(invocation);
    const name = `${service}:${operation}`;
    const nth = nths.get(name) ?? 0;
    nths.set(name, nth + 1);
    if (mutating) changes++;
    else if (read.has(`${name} ${changes}`)) continue;
    else read.add(`${name} ${changes}`);
    const place = places.get(name) ?? 0;
    places.set(name, place + 1);
    found.push({ call: { phase, state, service, operation, nth }, place: `${name} ${place}`, recorded });
  }
  return found;
}

/**
 * How a fault strikes. An error strikes all tries of one call, so that the code hears of it, and then all is well again. A missing
 * permission stays missing while the machine is in the state. A call that had its effect is cut off once: what the SDK's
 * next try is told is the trap.
 */
export function injectionOf(cell: Cell): Injection {
  const { state, service, operation, nth: skip, fault } = cell;
  return { state, fault: { match: { service, operation }, fault, skip, ...strength(fault) } };
}

function strength(fault: Cell['fault']): Partial<Fault> {
  switch (fault) {
    case 'access-denied':
      return { wholeCall: true, times: 0 };
    case 'timeout-after':
    case 'kill-before':
    case 'kill-after':
      return { times: 1 };
    case 'throttled':
    case 'internal-error':
    case 'timeout-before':
    case 'not-found':
    case 'limit-exceeded':
    case 'temporarily-unmodifiable':
      return { wholeCall: true, times: 1 };
  }
}

export function cellText(cell: Cell): string {
  const { runbook, shape, phase, state, service, operation, nth, fault } = cell;
  return `${runbook} [${shape}] ${phase}: '${state}' ${service}:${operation}${nth > 0 ? ` no. ${nth + 1}` : ''}: ${fault}`;
}
