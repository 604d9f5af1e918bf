import { CloudTrailClient, LookupEventsCommand, type Event, type LookupAttribute } from '@aws-sdk/client-cloudtrail';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ActionContext } from '../runbook-host/action';

/** CloudTrail gives 50 events a page, and two pages a second to all who ask in an account and Region. */
export const EVENTS_A_PAGE = 50;
const PAGES = 4;
export const PAUSE_MS = 500;

export interface TrailPages {
  readonly attribute: LookupAttribute;
  readonly events: readonly Event[];
  /** True where there was more than what is here. */
  readonly more: boolean;
}

export interface TrailOptions {
  /** Nothing older; without it the 90 days that CloudTrail keeps. */
  readonly since?: Date;
  /**
   * Pages of 50 events at most.
   *
   * @default 4
   */
  readonly pages?: number;
  /**
   * Milliseconds between two pages.
   *
   * @default 500
   */
  readonly pauseMs?: number;
}

/**
 * What a look into CloudTrail by one attribute gives, newest first: the newest 200 events unless said otherwise. Events
 * appear there some minutes after they happened.
 */
export async function lookUpTrail(
  context: Pick<ActionContext, 'aws'>,
  attribute: LookupAttribute,
  { since, pages = PAGES, pauseMs = PAUSE_MS }: TrailOptions = {},
): Promise<TrailPages> {
  const events: Event[] = [];
  let NextToken: string | undefined;
  for (let page = 0; page < pages; page++) {
    if (page > 0) await sleep(pauseMs);
    const answer = await context.aws.of(CloudTrailClient).send(
      new LookupEventsCommand({
        LookupAttributes: [attribute],
        MaxResults: EVENTS_A_PAGE,
        StartTime: since,
        NextToken,
      }),
    );
    events.push(...(answer.Events ?? []));
    NextToken = answer.NextToken;
    if (NextToken === undefined) break;
  }
  return { attribute, events, more: NextToken !== undefined };
}
