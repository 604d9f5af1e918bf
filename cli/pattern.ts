import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { compileFilterPattern, FilterPatternError } from '../lib/sigma/filter-pattern';
import { UsageError } from './command-error';
import type { Io } from './io';
import { type JsonOptions, withJson } from './options';
import { print, safe } from './print';

interface TestOptions extends JsonOptions {
  readonly messages: string;
}

/** `firebreak pattern test`: what CloudWatch Logs' TestMetricFilter says, without AWS. */
export function registerPattern(program: Command, io: Io): void {
  const pattern = program.command('pattern').description('filter patterns of CloudWatch Logs: try them without AWS');
  withJson(
    pattern
      .command('test <pattern>')
      .description('is the pattern valid, and which messages does it match? (TestMetricFilter, offline)')
      // Or `-word`, which excludes, would be taken for an option; one that is no pattern is one argument too many.
      .allowUnknownOption()
      .requiredOption('--messages <file>', 'a JSON array of strings, or one message a line; - for standard input'),
  ).action((text: string, options: TestOptions) => test(io, text, options));
}

/** The document that `--json` prints; `matches` are zero-based indices of the messages. */
interface Verdict {
  readonly valid: boolean;
  readonly error?: string;
  readonly matches: readonly number[];
}

function test(io: Io, pattern: string, options: TestOptions): void {
  const messages = readMessages(io, options.messages);
  const verdict = judge(pattern, messages);
  if (!verdict.valid) io.exitCode = 1;
  print(io, options, verdict, () =>
    verdict.valid
      ? [
          ...verdict.matches.map((index) => `${index}\t${safe(messages[index], 500)}`),
          `${verdict.matches.length} of ${messages.length} messages match`,
        ]
      : [`CloudWatch Logs refuses the pattern: ${safe(verdict.error, 1_000)}`],
  );
}

function judge(pattern: string, messages: readonly string[]): Verdict {
  try {
    const matches = compileFilterPattern(pattern);
    return { valid: true, matches: messages.flatMap((message, index) => (matches(message) ? [index] : [])) };
  } catch (error) {
    if (error instanceof FilterPatternError) return { valid: false, error: error.message, matches: [] };
    throw error;
  }
}

function readMessages(io: Io, file: string): string[] {
  let text: string;
  try {
    text = readFileSync(file === '-' ? 0 : resolve(io.cwd, file), 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    throw new UsageError(`--messages: ${error instanceof Error ? error.message : String(error)}`);
  }
  return messageList(text, file) ?? text.replace(/\r?\n$/, '').split(/\r?\n/);
}

/** Undefined where the text is no JSON array, and so lines. */
function messageList(text: string, file: string): string[] | undefined {
  if (text.trim() === '') return [];
  if (!text.trimStart().startsWith('[')) return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    // A line may begin with a bracket, and is no JSON then.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  if (!Array.isArray(parsed)) return undefined;
  return parsed.map((message: unknown, index) => {
    if (typeof message === 'string') return message;
    throw new UsageError(
      `--messages: element ${index} of ${file} is no string; a message is text, so write the JSON of an event into a string`,
    );
  });
}
