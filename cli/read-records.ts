import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { isJsonObject } from '../lib/model/json';
import { UsageError } from './command-error';
import type { Io } from './io';

/** The records of a file: a JSON array, `{"Records": […]}`, one record, or JSON lines; gzip too. `-` is standard input. */
export function readRecords(io: Io, file: string): unknown[] {
  let text: string;
  try {
    const bytes = readFileSync(file === '-' ? 0 : resolve(io.cwd, file));
    text = (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString('utf8');
  } catch (error) {
    throw new UsageError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const whole = parse(text);
  if (whole === undefined) {
    return text.split('\n').flatMap((line, index) => {
      if (line.trim() === '') return [];
      const parsed = parse(line);
      if (parsed === undefined) throw new UsageError(`${file}:${index + 1}: not JSON`);
      return [parsed.value];
    });
  }
  if (isJsonObject(whole.value) && Array.isArray(whole.value.Records)) return whole.value.Records;
  return Array.isArray(whole.value) ? whole.value : [whole.value];
}

function parse(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
