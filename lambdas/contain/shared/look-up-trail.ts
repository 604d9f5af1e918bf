import { CloudTrailClient, LookupEventsCommand, type Event, type LookupAttribute } from '@aws-sdk/client-cloudtrail';
import type { ActionContext } from '../runbook-host/action';

/** CloudTrail gives 50 events a page, two pages a second. */
const PAGES = 4;

export interface TrailPages {
  readonly attribute: LookupAttribute;
  readonly events: readonly Event[];
  /** True where there was more than what is here. */
  readonly more: boolean;
}

/**
 * What a look into CloudTrail by one attribute gives, newest first: the newest 200 events, or those since a time. Events
 * appear there some minutes after they happened.
 */
export async function lookUpTrail(
  context: Pick<ActionContext, 'aws'>,
  attribute: LookupAttribute,
  since?: Date,
): Promise<TrailPages> {
  const events: Event[] = [];
  let NextToken: string | undefined;
  for (let page = 0; page < PAGES; page++) {
    const answer = await context.aws
      .of(CloudTrailClient)
      .send(new LookupEventsCommand({ LookupAttributes: [attribute], MaxResults: 50, StartTime: since, NextToken }));
    events.push(...(answer.Events ?? []));
    NextToken = answer.NextToken;
    if (NextToken === undefined) break;
  }
  return { attribute, events, more: NextToken !== undefined };
}
