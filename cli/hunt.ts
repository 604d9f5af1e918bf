import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Command } from 'commander';
import { cloudTrailEvent } from '../lambdas/detect/detector/cloudtrail-event';
import { decode } from '../lambdas/detect/detector/decode';
import { entitiesOf } from '../lambdas/detect/detector/entities';
import { CLOUDTRAIL } from '../lambdas/detect/detector/log-sources';
import type { Event } from '../lib/model/event';
import { isJsonObject } from '../lib/model/json';
import { compileRules } from '../lib/sigma/compile';
import type { Logsource } from '../lib/sigma/compiled-rules';
import { Matcher } from '../lib/sigma/matcher';
import { formatProblem } from '../lib/sigma/problems';
import { CommandError } from './command-error';
import type { Io } from './io';
import { type JsonOptions, withJson } from './options';
import { safe } from './print';
import { ruleFiles } from './rules';

interface HuntOptions extends JsonOptions {
  readonly rules: readonly string[];
  readonly events: readonly string[];
}

/** `firebreak hunt`: what the detector would find live, in files. Needs no deployed stack. */
export function registerHunt(program: Command, io: Io): void {
  withJson(
    program
      .command('hunt')
      .description('runs rules over CloudTrail files: JSON, JSON lines, {"Records": [...]}, gzip, - for standard input')
      .requiredOption('--rules <paths...>', 'rule files (.yml) or folders with them')
      .requiredOption('--events <files...>', 'files with CloudTrail records or EventBridge events'),
  ).action((options: HuntOptions) => hunt(io, options));
}

function hunt(io: Io, { rules, events, json }: HuntOptions): void {
  const { program, problems } = compileRules(ruleFiles(io, rules));
  if (problems.length > 0)
    throw new CommandError(`the rules have mistakes:\n${problems.map(formatProblem).join('\n')}`);
  const matcher = new Matcher(program);
  let read = 0;
  let matches = 0;
  for (const file of events) {
    for (const item of readEvents(io, file)) {
      if (typeof item === 'string') {
        // What cannot be read is told, and the rest is looked at: exit code 1 says that it was not all.
        io.err(`${safe(item, 500)}\n`);
        io.exitCode = 1;
        continue;
      }
      read++;
      for (const { rule, because } of matcher.match(item.event.record, item.logsource)) {
        matches++;
        const { id, time, account, region } = item.event;
        const entities = entitiesOf(item.event);
        const found = {
          rule: rule.id,
          title: rule.title,
          level: rule.level,
          event: id,
          time,
          account,
          region,
          entities,
          because,
        };
        io.out(json ? `${JSON.stringify(found)}\n` : `${line(found)}\n`);
      }
    }
    io.progress(`${file}: ${read} events so far, ${matches} matches`);
  }
  if (!json) io.err(`${read} events, ${matches} matches of ${program.rules.length} rules\n`);
}

interface Found {
  readonly rule: string;
  readonly title: string;
  readonly level: string;
  readonly event: string;
  readonly time: string;
  readonly entities: readonly { readonly role: string; readonly kind: string; readonly id: string }[];
  readonly because: readonly { readonly path: string; readonly op: string; readonly actual: string }[];
}

/** One line a match; what attackers wrote is made harmless for the terminal. */
function line({ rule, title, level, event, time, entities, because }: Found): string {
  const who = entities.map(({ role, kind, id }) => `${role} ${kind} ${id}`).join(', ');
  const why = because.map(({ path, op, actual }) => `${path} ${op} ${actual}`).join('; ');
  return [time, level, rule, title, event, who, why].map((part) => safe(part, 400)).join('\t');
}

interface Read {
  readonly event: Event;
  readonly logsource: Logsource;
}

/** Events of a file in its order; a text for what could not be read, with its place. */
function* readEvents(io: Io, file: string): Generator<Read | string> {
  let text: string;
  try {
    const bytes = readFileSync(file === '-' ? 0 : resolve(io.cwd, file));
    text = (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString('utf8');
  } catch (error) {
    yield `${file}: ${error instanceof Error ? error.message : String(error)}`;
    return;
  }
  const whole = parse(text);
  if (whole.ok) {
    const records = isJsonObject(whole.value) && Array.isArray(whole.value.Records) ? whole.value.Records : whole.value;
    for (const [index, record] of (Array.isArray(records) ? records : [records]).entries())
      yield toEvent(record, `${file}[${index}]`);
    return;
  }
  for (const [index, one] of text.split('\n').entries()) {
    if (one.trim() === '') continue;
    const parsed = parse(one);
    yield parsed.ok ? toEvent(parsed.value, `${file}:${index + 1}`) : `${file}:${index + 1}: not JSON: ${parsed.why}`;
  }
}

function toEvent(record: unknown, place: string): Read | string {
  if (!isJsonObject(record)) return `${place}: a record is a JSON object`;
  if (typeof record['detail-type'] !== 'string')
    return { event: cloudTrailEvent(record, {}, new Date(0)), logsource: CLOUDTRAIL };
  const [decoded] = decode(record, { receivedAt: new Date(0), region: '', logSources: [] });
  return decoded?.kind === 'event' ? decoded : `${place}: ${decoded?.reason ?? 'holds nothing'}`;
}

function parse(text: string): { ok: true; value: unknown } | { ok: false; why: string } {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (error) {
    return { ok: false, why: error instanceof Error ? error.message : String(error) };
  }
}
