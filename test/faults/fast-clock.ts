// A clock for the workers of the fault matrix: waiting takes no time, and the time that was waited for has passed.
// The code that waits and the code that watches deadlines are the shipped ones; only the clock beneath them is another.
import timers from 'node:timers/promises';

/** What a wait really takes: the emulator does some things a moment later. */
const REAL_MS = 3;

const realTimeout = globalThis.setTimeout;
const RealDate = globalThis.Date;
let ahead = 0;

class FastDate extends RealDate {
  constructor(...args: [] | [string | number | Date]) {
    if (args.length === 0) super(RealDate.now() + ahead);
    else super(...(args as [number]));
  }

  static override now(): number {
    return RealDate.now() + ahead;
  }
}

/** Two who wait at the same time do not wait twice: the clock jumps to the end of each wait, never past it. */
function hasten(ms: number): { readonly real: number; readonly arrive: () => void } {
  if (ms <= REAL_MS) return { real: ms, arrive: () => undefined };
  const end = FastDate.now() + ms;
  return { real: REAL_MS, arrive: () => (ahead = Math.max(ahead, end - RealDate.now())) };
}

/** A timer that only resolves a promise is a wait, such as the SDK's pauses; any other one is a deadline, and stays real. */
function isWait(callback: unknown): boolean {
  return /\[native code\]/.test(Function.prototype.toString.call(callback));
}

function fastTimeout(callback: (...args: unknown[]) => void, ms = 0, ...args: unknown[]): NodeJS.Timeout {
  if (!isWait(callback)) return realTimeout(callback, ms, ...args);
  const { real, arrive } = hasten(ms);
  return realTimeout(() => {
    arrive();
    callback(...args);
  }, real);
}

const realSleep = timers.setTimeout;
timers.setTimeout = async <T>(ms = 0, value?: T): Promise<T> => {
  const { real, arrive } = hasten(ms);
  await realSleep(real);
  arrive();
  return value as T;
};
globalThis.Date = FastDate as DateConstructor;
globalThis.setTimeout = Object.assign(fastTimeout, realTimeout);
