const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const COMMA = 0x2c;

/** The key under which CloudTrail keeps the records of a file. */
const RECORDS = '"Records"';
/** More white space around it than any writer puts there. */
const NEAR = 200;

/** No depth: until the document ends there is no further record. */
const NOWHERE = Number.MAX_SAFE_INTEGER;

export interface SplitterEvents {
  /** The bytes of one record, by themselves. */
  readonly record: (bytes: Buffer) => void;
  /** A record that is larger than it may be was skipped. */
  readonly tooLarge: () => void;
  /** Something stands where a record should begin; told once for each stretch. */
  readonly stray: () => void;
}

/**
 * Finds the records in a stream of JSON documents without parsing it: the elements of an array, those of the list
 * `Records` of an object, or objects one after the other, on however many lines. Keeps one record at a time.
 */
export class RecordSplitter {
  readonly #most: number;
  readonly #events: SplitterEvents;
  /** Open brackets and braces around the next byte. */
  #depth = 0;
  /** Depth at which records begin: 0 between documents, 1 in an array, 2 in `Records`. */
  #level = 0;
  #inString = false;
  #escaped = false;
  #inRecord = false;
  #skipping = false;
  #stray = false;
  #kept: Buffer[] = [];
  #size = 0;

  constructor(most: number, events: SplitterEvents) {
    this.#most = most;
    this.#events = events;
  }

  add(chunk: Buffer): void {
    let from = this.#inRecord ? 0 : -1;
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i] ?? 0;
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false;
        else if (byte === BACKSLASH) this.#escaped = true;
        else if (byte === QUOTE) this.#inString = false;
        continue;
      }
      switch (byte) {
        case QUOTE:
          this.#inString = true;
          break;
        case OPEN_BRACE:
        case OPEN_BRACKET:
          if (!this.#inRecord && byte === OPEN_BRACKET && this.#depth === 0) {
            this.#level = 1;
          } else if (
            this.#level === 0 &&
            this.#depth === 1 &&
            byte === OPEN_BRACKET &&
            this.#isRecords(chunk, from, i)
          ) {
            this.#level = 2;
            this.#drop();
            from = -1;
          } else if (!this.#inRecord && this.#depth === this.#level && byte === OPEN_BRACE) {
            this.#inRecord = true;
            from = i;
          }
          this.#depth++;
          break;
        case CLOSE_BRACE:
        case CLOSE_BRACKET:
          this.#depth = Math.max(0, this.#depth - 1);
          if (this.#inRecord && this.#depth === this.#level) {
            this.#finish(chunk.subarray(from, i + 1));
            from = -1;
          } else if (!this.#inRecord && this.#depth < this.#level) {
            // The list is over; of the object around it nothing else is a record.
            this.#level = this.#depth === 0 ? 0 : NOWHERE;
          }
          break;
        default:
          this.#outside(byte);
      }
    }
    if (this.#inRecord && from >= 0) this.#keep(chunk.subarray(from));
  }

  /** Whether the stream ended where a record or a list does. */
  end(): boolean {
    return this.#depth === 0 && !this.#inString && !this.#inRecord;
  }

  #outside(byte: number): void {
    const blank = byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09 || byte === COMMA;
    if (this.#inRecord || this.#depth !== this.#level) return;
    if (blank) this.#stray = false;
    else if (!this.#stray) {
      this.#stray = true;
      this.#events.stray();
    }
  }

  /** Whether the last that was read of a document's top object is `"Records":`. */
  #isRecords(chunk: Buffer, from: number, end: number): boolean {
    if (!this.#inRecord) return false;
    // Key, colon and white space; the pieces of a stream may be a byte long.
    const near = [chunk.subarray(Math.max(0, from), end)];
    for (let i = this.#kept.length - 1, size = near[0]?.length ?? 0; i >= 0 && size < NEAR; i--) {
      const piece = this.#kept[i] ?? Buffer.alloc(0);
      near.unshift(piece);
      size += piece.length;
    }
    const text = Buffer.concat(near).subarray(-NEAR).toString('latin1').trimEnd();
    return text.endsWith(':') && text.slice(0, -1).trimEnd().endsWith(RECORDS);
  }

  #keep(bytes: Buffer): void {
    if (this.#skipping) return;
    if (this.#size + bytes.length > this.#most) {
      this.#kept = [];
      this.#skipping = true;
      return;
    }
    this.#kept.push(Buffer.from(bytes));
    this.#size += bytes.length;
  }

  #finish(bytes: Buffer): void {
    const fits = !this.#skipping && this.#size + bytes.length <= this.#most;
    const whole = this.#kept.length === 0 ? bytes : Buffer.concat([...this.#kept, bytes]);
    this.#drop();
    if (fits) this.#events.record(whole);
    else this.#events.tooLarge();
  }

  #drop(): void {
    this.#inRecord = false;
    this.#skipping = false;
    this.#kept = [];
    this.#size = 0;
  }
}
