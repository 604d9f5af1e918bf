import type { LookupAttribute } from '@aws-sdk/client-cloudtrail';
import { lookUpTrail } from '../shared/look-up-trail';
import type { ActionContext, EvidenceSource } from './action';

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
  return jsonEvidence(name, `cloudtrail:LookupEvents by ${AttributeKey}`, (context) =>
    lookUpTrail(context, { AttributeKey, AttributeValue: valueOf(context) }),
  );
}
