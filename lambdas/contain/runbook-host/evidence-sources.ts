import { CloudTrailClient, LookupEventsCommand, type LookupAttribute } from '@aws-sdk/client-cloudtrail';
import type { ActionContext, EvidenceSource } from './action';

/** CloudTrail gives 50 events a page, two pages a second. */
const TRAIL_PAGES = 4;

/** What a reading of AWS gives, as JSON for people. */
export function jsonEvidence(
  name: string,
  call: string,
  read: (context: ActionContext) => Promise<unknown>,
): EvidenceSource {
  return {
    name,
    async collect(context) {
      const body = JSON.stringify(await read(context), null, 2);
      return { call, contentType: 'application/json', body };
    },
  };
}

/** The newest 200 management events about one thing, newest first; `more` says whether there were more. */
export function trailEvidence(
  name: string,
  AttributeKey: LookupAttribute['AttributeKey'] & string,
  valueOf: (context: ActionContext) => string,
): EvidenceSource {
  return jsonEvidence(name, `cloudtrail:LookupEvents by ${AttributeKey}`, async (context) => {
    const attribute = { AttributeKey, AttributeValue: valueOf(context) };
    const events: unknown[] = [];
    let NextToken: string | undefined;
    for (let page = 0; page < TRAIL_PAGES; page++) {
      const answer = await context.aws
        .of(CloudTrailClient)
        .send(new LookupEventsCommand({ LookupAttributes: [attribute], MaxResults: 50, NextToken }));
      events.push(...(answer.Events ?? []));
      NextToken = answer.NextToken;
      if (NextToken === undefined) break;
    }
    return { attribute, events, more: NextToken !== undefined };
  });
}
