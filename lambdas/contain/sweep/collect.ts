import { setTimeout as sleep } from 'node:timers/promises';
import { AwsClients } from '../../shared/aws-clients';
import { errorText } from '../../shared/aws-error';
import { EVENTS_A_PAGE, lookUpTrail } from '../shared/look-up-trail';
import { parseRecord, type TrailRecord } from './read-record';
import { isFollowed, trace, type Actor, type Trail, type Traced } from './trace';

/**
 * What one look may cost. CloudTrail answers two look-ups a second to all who ask in an account and Region; the function
 * has five minutes.
 */
export interface Limits {
  /** Names, keys and sessions that are followed. */
  readonly trails: number;
  /** Pages of 50 events for one of them in one Region. */
  readonly pagesOfATrail: number;
  /** Pages in all. */
  readonly pages: number;
  /** Milliseconds after which no further look-up begins. */
  readonly patienceMs: number;
  readonly pauseMs: number;
}

export const LIMITS: Limits = { trails: 20, pagesOfATrail: 40, pages: 200, patienceMs: 200_000, pauseMs: 500 };

/** What could not be looked at, and how a person does it. */
export interface Gap {
  readonly why: string;
  readonly byHand: string;
}

export interface Collected {
  /** Out of everything: the records of alerts too. */
  readonly all: Traced;
  /** Out of what CloudTrail itself showed when it was asked: nobody else could have written that. */
  readonly proven: Traced;
  readonly gaps: readonly Gap[];
  /** Events that were read. */
  readonly events: number;
  /** The same, as what is asked about: `user alice`. */
  readonly asked: readonly string[];
}

/**
 * Follows what actors did through CloudTrail, beginning with the records of alerts. What cannot be looked at is a gap and
 * keeps nothing else from being looked at.
 */
export async function collect(
  actors: readonly Actor[],
  alerted: readonly TrailRecord[],
  { regions, since, limits }: { readonly regions: readonly string[]; readonly since: Date; readonly limits: Limits },
): Promise<Collected> {
  const pool = new Map(alerted.map((record) => [record.id, record]));
  const shown = new Map<string, TrailRecord>();
  const gaps: Gap[] = [];
  const asked = new Set<string>();
  const until = Date.now() + limits.patienceMs;
  let [pages, events, lookUps] = [limits.pages, 0, 0];
  let all = trace(actors, pool.values());
  for (let next = nextTrail(all, asked); next && asked.size < limits.trails; next = nextTrail(all, asked)) {
    const trail = next;
    asked.add(nameOf(trail));
    for (const region of regions) {
      const gap = (why: string) => gaps.push(gapOf(trail, region, since, why));
      if (pages <= 0 || Date.now() > until) {
        gap('there was more to look at than one sweep may');
        continue;
      }
      try {
        if (lookUps++ > 0) await sleep(limits.pauseMs);
        const { events: found, more } = await lookUpTrail(
          { aws: new AwsClients(region) },
          { AttributeKey: trail.key, AttributeValue: trail.value },
          { since, pages: Math.min(pages, limits.pagesOfATrail), pauseMs: limits.pauseMs },
        );
        pages -= Math.max(1, Math.ceil(found.length / EVENTS_A_PAGE));
        events += found.length;
        const unreadable = keep(found, pool, shown);
        if (more) gap(`only the newest ${found.length} events were looked at`);
        if (unreadable > 0) gap(`${unreadable} events could not be read`);
      } catch (error) {
        gap(errorText(error).slice(0, 200));
      }
    }
    all = trace(actors, pool.values());
  }
  const left = all.trails.filter((trail) => !asked.has(nameOf(trail)));
  for (const trail of left) {
    for (const region of regions) {
      gaps.push(gapOf(trail, region, since, `a sweep follows ${limits.trails} names, keys and sessions`));
    }
  }
  return { all, proven: trace(actors, shown.values()), gaps, events, asked: [...asked] };
}

/** How many of the events are no records. What only reads is not kept, but for what hands out credentials. */
function keep(
  events: readonly { readonly CloudTrailEvent?: string }[],
  pool: Map<string, TrailRecord>,
  shown: Map<string, TrailRecord>,
): number {
  let unreadable = 0;
  for (const { CloudTrailEvent } of events) {
    const record = parseRecord(CloudTrailEvent);
    if (!record) unreadable++;
    else if (!record.readOnly || isFollowed(record.call) || record.call.startsWith('sts:AssumeRole')) {
      pool.set(record.id, record);
      shown.set(record.id, record);
    }
  }
  return unreadable;
}

function nextTrail({ trails }: Traced, asked: ReadonlySet<string>): Trail | undefined {
  return trails.find((trail) => !asked.has(nameOf(trail)));
}

function nameOf({ key, value }: Trail): string {
  return `${key} ${value}`;
}

/** The values were checked to be names, keys and ARNs: nothing in them means anything to a shell. */
export function gapOf({ key, value }: Trail, region: string, since: Date, why: string): Gap {
  return {
    why,
    byHand: `aws cloudtrail lookup-events --region ${region} --start-time ${since.toISOString()} --lookup-attributes AttributeKey=${key},AttributeValue=${value}`,
  };
}
