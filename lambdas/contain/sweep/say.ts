import type { Containment } from '../../../lib/model/containment';
import type { HandOver } from '../../../lib/model/incident';
import { targetText } from '../../../lib/model/plan';
import type { Finding } from '../../../lib/model/sweep';
import type { TimelineEntry } from '../../../lib/model/timeline';
import { boundedLines, containEntry, shorten } from '../shared/containment-timeline';
import { gapOf, type Collected, type Gap } from './collect';
import { trailOf, type Actor } from './trace';

/** Of a record's details, which stay well under 4 KB. */
const BATCH_CHARACTERS = 2_800;
const MAX_ID = 300;
const MAX_BY = 200;
/** Said of a text of at most 600 characters. */
const NAMED_IN_A_TEXT = 4;

/** What was found, in as many records as it takes. */
export function foundEntries(
  containment: Containment,
  actors: readonly Actor[],
  findings: readonly Finding[],
  by: string,
): TimelineEntry[] {
  return batches(findings).map((batch) => {
    const named = batch.slice(0, NAMED_IN_A_TEXT).map((one) => `${shorten(one.id, 80)} (${one.did}, ${one.call})`);
    const more = batch.length > named.length ? `, and ${batch.length - named.length} more` : '';
    const text = `${batch.length} thing(s) that ${who(actors)} created or changed: ${named.join(', ')}${more}`;
    return containEntry(containment, 'sweep-found', text, by, {
      findings: batch.map((one) => ({ ...one, id: shorten(one.id, MAX_ID), by: shorten(one.by, MAX_BY) })),
    });
  });
}

function batches(findings: readonly Finding[]): Finding[][] {
  const all: Finding[][] = [];
  let room = 0;
  for (const one of findings) {
    const size = JSON.stringify({ ...one, id: shorten(one.id, MAX_ID), by: shorten(one.by, MAX_BY) }).length;
    if (size > room || all.length === 0) {
      all.push([]);
      room = BATCH_CHARACTERS;
    }
    room -= size;
    all.at(-1)?.push(one);
  }
  return all;
}

/** About targets that wait to be contained, where nothing else is said of what was done to them meanwhile. */
export function waitingEntries(
  containment: Containment,
  waiting: readonly HandOver[],
  by: string,
): readonly TimelineEntry[] {
  const targets = waiting.flatMap((one) => one.containment ?? []).map(({ target }) => shorten(targetText(target), 120));
  if (targets.length === 0) return [];
  const more = targets.length > NAMED_IN_A_TEXT ? `, and ${targets.length - NAMED_IN_A_TEXT} more` : '';
  const text = `The attack goes on while its target waits to be contained: ${targets.slice(0, NAMED_IN_A_TEXT).join(', ')}${more}`;
  return [containEntry(containment, 'note', text, by)];
}

export interface Looked {
  readonly from: Date;
  readonly to: Date;
  readonly regions: readonly string[];
  readonly collected: Collected;
  readonly others: ReadonlyMap<string, number>;
  readonly listed: number;
  /** Found, and too many for the incident. */
  readonly unlisted: number;
}

/** How a sweep ended: what was looked at and what was not, and what people have to do by hand. */
export function endEntry(
  containment: Containment,
  actors: readonly Actor[],
  looked: Looked,
  by: string,
): { readonly entry: TimelineEntry; readonly problem?: string } {
  const { from, to, regions, others, listed } = looked;
  const { events, asked } = looked.collected;
  const gaps = [...looked.collected.gaps, ...unlistedGap(actors, looked)];
  const range = `from ${minute(from)} to ${minute(to)}`;
  const rest = [...others].map(([call, count]) => `${call} (${count})`);
  const details = {
    from: from.toISOString(),
    to: to.toISOString(),
    regions: [...regions],
    events,
    listed,
    asked: boundedLines(asked, 500),
    otherCalls: boundedLines(rest, 600),
    ...(gaps.length > 0 && { gaps: boundedLines(gaps.map(gapLine), 1_500) }),
  };
  const [gap] = gaps;
  if (gap === undefined) {
    const text = `Swept ${range}: CloudTrail of ${regions.join(' and ')} showed ${events} event(s) of ${who(actors)} and what it made for itself; ${listed} created or changed thing(s) are listed${counted(others)}. Not looked at: other Regions, and calls that only read or write data. CloudTrail shows an event up to 15 minutes late`;
    return { entry: containEntry(containment, 'sweep-ended', text, by, details) };
  }
  const problem = problemOf(actors, gaps, gap);
  const text = `${problem}. What was seen (${range}) is listed: ${listed} thing(s)`;
  return { entry: containEntry(containment, 'sweep-failed', text, by, details), problem };
}

function unlistedGap([actor]: readonly Actor[], { unlisted, from, regions }: Looked): Gap[] {
  const [region] = regions;
  if (unlisted === 0 || actor === undefined || region === undefined) return [];
  return [gapOf(trailOf(actor), region, from, `${unlisted} further thing(s) were found and are not listed`)];
}

function problemOf(actors: readonly Actor[], gaps: readonly Gap[], { why, byHand }: Gap): string {
  const more = gaps.length > 1 ? ` (and ${gaps.length - 1} more, in the record)` : '';
  return `The sweep after ${who(actors)} is not complete: ${shorten(why, 100)}${more}. Do it by hand: ${shorten(byHand, 280)}`;
}

function counted(others: ReadonlyMap<string, number>): string {
  const count = [...others.values()].reduce((sum, one) => sum + one, 0);
  return count === 0 ? '' : `, and ${count} other call(s) that were no reading are counted in the record`;
}

/** The command first: a line is cut at its end. */
function gapLine({ why, byHand }: Gap): string {
  return `${byHand} (${why})`;
}

export function who(actors: readonly Actor[]): string {
  const names = actors.map(({ kind, arn }) => `${kind} ${shorten(arn.split('/').at(-1) ?? arn, 64)}`);
  return names.join(', ');
}

function minute(date: Date): string {
  return `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
