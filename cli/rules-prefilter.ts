import type { Command } from 'commander';
import { isJsonObject, type JsonObject } from '../lib/model/json';
import { CLOUDTRAIL } from '../lambdas/detect/detector/log-sources';
import { compileRules } from '../lib/sigma/compile';
import type { Program } from '../lib/sigma/compiled-rules';
import { compileFilterPattern } from '../lib/sigma/filter-pattern';
import { Matcher } from '../lib/sigma/matcher';
import { eventBridgeDetail, logFilterPatterns } from '../lib/sigma/prefilter';
import { formatProblem } from '../lib/sigma/problems';
import { CommandError, UsageError } from './command-error';
import type { Io } from './io';
import { type JsonOptions, withJson, wholeNumber } from './options';
import { print } from './print';
import { readRecords } from './read-records';
import { ruleFiles } from './rule-files';

interface PrefilterOptions extends JsonOptions {
  readonly filters: number;
  readonly events?: readonly string[];
}

/** What the patterns do to events that somebody has. */
interface Measured {
  readonly events: number;
  readonly keptAway: number;
  /** Delivered more than once, because several patterns match. */
  readonly deliveredTwice: number;
  readonly matched: number;
  /** Matched by a rule, and kept away: there are none where the events obey docs/cloudtrail-facts.md. */
  readonly lost: readonly string[];
}

/** `firebreak rules prefilter`: what the subscription filters of a trail's log group would be, and what they do. */
export function registerRulesPrefilter(rules: Command, io: Io): void {
  withJson(
    rules
      .command('prefilter <paths...>')
      .description('the filter patterns that these rules become, and what they keep away of events')
      .option('--filters <count>', 'subscription filters that may be used: 1 or 2', wholeNumber(1, 2), 1)
      .option('--events <files...>', 'CloudTrail records: JSON, JSON lines, {"Records": [...]}, gzip, -'),
  ).action((paths: string[], options: PrefilterOptions) => prefilter(io, paths, options));
}

function prefilter(io: Io, paths: readonly string[], options: PrefilterOptions): void {
  const { program, problems } = compileRules(ruleFiles(io, paths));
  if (problems.length > 0)
    throw new CommandError(`the rules have mistakes:\n${problems.map(formatProblem).join('\n')}`);
  const patterns = logFilterPatterns(program, { filters: options.filters === 2 ? 2 : 1 });
  const eventBridge = eventBridgeDetail(program);
  const measured = options.events && measure(program, patterns, records(io, options.events));
  if (measured !== undefined && measured.lost.length > 0) io.exitCode = 1;
  const document = {
    rules: program.rules.length,
    patterns: patterns.map((pattern) => ({ pattern, length: pattern.length })),
    eventBridge: eventBridge === undefined ? null : { detail: eventBridge, length: JSON.stringify(eventBridge).length },
    ...(measured && { measured }),
  };
  print(io, options, document, () => [
    ...patterns.flatMap((pattern, index) => [
      `subscription filter ${index + 1} of ${patterns.length}, ${pattern.length} of 1024 characters:`,
      pattern === '' ? '(everything: a rule of these looks at every event)' : pattern,
    ]),
    ...(eventBridge === undefined
      ? ['EventBridge: everything']
      : [`EventBridge, ${JSON.stringify(eventBridge).length} characters of detail:`, JSON.stringify(eventBridge)]),
    ...(measured === undefined ? [] : told(measured)),
  ]);
}

function told({ events, keptAway, deliveredTwice, matched, lost }: Measured): string[] {
  const share = (count: number): string => `${((count / Math.max(1, events)) * 100).toFixed(1)} %`;
  return [
    `${events} events: ${keptAway} kept away (${share(keptAway)}), ${deliveredTwice} delivered twice, ${matched} match a rule`,
    ...lost.map(
      (id) => `LOST: event ${id} matches a rule and is kept away: it breaks a fact of docs/cloudtrail-facts.md`,
    ),
  ];
}

function measure(program: Program, patterns: readonly string[], events: readonly JsonObject[]): Measured {
  const matcher = new Matcher(program);
  const tests = patterns.map(compileFilterPattern);
  let keptAway = 0;
  let deliveredTwice = 0;
  let matched = 0;
  const lost: string[] = [];
  for (const [index, event] of events.entries()) {
    const message = JSON.stringify(event);
    const deliveries = tests.filter((test) => test(message)).length;
    const matches = matcher.match(event, CLOUDTRAIL).length > 0;
    if (deliveries === 0) keptAway++;
    if (deliveries > 1) deliveredTwice++;
    if (matches) matched++;
    if (matches && deliveries === 0)
      lost.push(typeof event.eventID === 'string' ? event.eventID : `number ${index + 1}`);
  }
  return { events: events.length, keptAway, deliveredTwice, matched, lost };
}

function records(io: Io, files: readonly string[]): JsonObject[] {
  return files.flatMap((file) =>
    readRecords(io, file).map((record, index) => {
      if (isJsonObject(record)) return record;
      throw new UsageError(`${file}: record ${index} is no JSON object`);
    }),
  );
}
