import { isUtf8 } from 'node:buffer';
import { Lines } from '../../lib/sigma/raw-text/lines';
import { BlockMaker } from './blocks';
import type { Item, Part, Task } from './job';
import { readFile } from './read-file';
import { RecordSplitter } from './record-splitter';
import type { RecordSearch } from './search-record';
import { holdsDocuments } from './shape';

/** Larger than any record of CloudTrail, which has at most 256 KB; one that is larger is told and left out. */
export const MAX_RECORD = 16 * 1024 * 1024;
/** A part is handed over once it has so many items or bytes. */
const PART_ITEMS = 256;
const PART_BYTES = 4 * 1024 * 1024;

/** Takes the bytes of one file. */
interface Reader {
  add: (chunk: Buffer) => void;
  end: () => void;
}

/**
 * Looks through one file, or one range of it, in constant memory. What cannot be read is told as an item, and the rest
 * is looked at.
 */
export async function runTask(search: RecordSearch, task: Task, emit: (part: Part) => Promise<void>): Promise<void> {
  const tally = new Tally();
  let reader: Reader | undefined;
  const use = (chunk: Buffer): void => {
    reader ??=
      task.range === undefined && holdsDocuments(chunk, task.file)
        ? documents(search, task, tally)
        : lines(search, task, tally);
    // A mark of byte order is no part of the first record.
    const mark = tally.all === 0 && chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf;
    reader.add(mark ? chunk.subarray(3) : chunk);
    tally.add(chunk.length);
  };
  try {
    await readFile(task.path, task.range, async (chunk) => {
      use(chunk);
      if (tally.isFull) await emit(tally.take());
    });
  } catch (error) {
    tally.items.push({
      kind: 'problem',
      message: `cannot be read to the end: ${error instanceof Error ? error.message : String(error)}`,
    });
  }
  reader?.end();
  await emit(tally.take());
}

/** What was found since the part before. */
class Tally {
  items: Item[] = [];
  events = 0;
  skipped = 0;
  all = 0;
  #bytes = 0;

  add(bytes: number): void {
    this.#bytes += bytes;
    this.all += bytes;
  }

  get isFull(): boolean {
    return this.items.length >= PART_ITEMS || this.#bytes >= PART_BYTES;
  }

  take(): Part {
    const part = { items: this.items, events: this.events, skipped: this.skipped, bytes: this.#bytes };
    this.items = [];
    this.events = this.skipped = this.#bytes = 0;
    return part;
  }
}

const tooLarge = (index: number): Item => ({
  kind: 'problem',
  index,
  message: `larger than ${MAX_RECORD / 1024 / 1024} MB, which no record of CloudTrail is; it was left out`,
});

function lines(search: RecordSearch, { file }: Task, tally: Tally): Reader {
  const all = new Lines(search.shortcut);
  let seen = 0;
  let skipped = 0;
  const count = (): void => {
    tally.events += all.seen - seen;
    tally.skipped += all.skipped - skipped;
    ({ seen, skipped } = all);
  };
  return new BlockMaker(
    MAX_RECORD,
    (block) => {
      all.each(block, ({ text, index, utf8 }) => tally.items.push(...search.search(text, index, utf8, file)));
      count();
    },
    () => {
      tally.items.push(tooLarge(all.leaveOut()));
      count();
    },
  );
}

function documents(search: RecordSearch, { file }: Task, tally: Tally): Reader {
  let index = 0;
  const splitter = new RecordSplitter(MAX_RECORD, {
    record: (bytes) => {
      tally.events++;
      const utf8 = isUtf8(bytes);
      if (utf8 && search.shortcut?.mayMatch(bytes.toString('latin1')) === false) {
        tally.skipped++;
        index++;
        return;
      }
      tally.items.push(...search.search(bytes.toString('utf8'), index++, utf8, file));
    },
    tooLarge: () => {
      tally.events++;
      tally.items.push(tooLarge(index++));
    },
    stray: () => tally.items.push({ kind: 'problem', index, message: 'something that is no record stands before it' }),
  });
  return {
    add: (chunk) => splitter.add(chunk),
    end: () => {
      if (!splitter.end()) tally.items.push({ kind: 'problem', index, message: 'the file ends in the middle of it' });
    },
  };
}
