import { type CallFilter, matches, type RecordedCall } from './call';

/** A drill makes some thousands of calls; a proxy that runs for days must not fill the memory. */
const KEEP = 50_000;

/** The calls in the order in which they were finished; `seq` is the order in which they came. */
export class Journal {
  private calls: RecordedCall[] = [];
  private last = 0;

  nextSeq(): number {
    return ++this.last;
  }

  /** The number that was given last. */
  get newest(): number {
    return this.last;
  }

  add(call: RecordedCall): void {
    this.calls.push(call);
    if (this.calls.length > KEEP) this.calls.splice(0, KEEP / 10);
  }

  find(filter: CallFilter = {}): RecordedCall[] {
    return this.calls.filter((call) => matches(call, filter)).sort((a, b) => a.seq - b.seq);
  }

  /** Numbers go on: `after` of an earlier look stays true. */
  clear(): void {
    this.calls = [];
  }
}
