import type { Event } from '../../../lib/model/event';
import { isJsonObject, at, textAt, type JsonObject } from '../../../lib/model/json';
import { assertNever } from '../../../lib/model/assert-never';

/** Reasons why nothing may be contained on this event's word, whatever a plan says; empty where there is none. */
export function neverEnforceReasons(event: Event, homeAccount: string | undefined): string[] {
  const reasons: string[] = [];
  const foreign = (account: string | undefined, what: string): void => {
    if (homeAccount === undefined || account === undefined || account === '' || account === homeAccount) return;
    reasons.push(`${what} is account ${account}, not the home account ${homeAccount}`);
  };
  switch (event.source) {
    case 'application':
      reasons.push('an application log: whoever can write to it can name anybody');
      break;
    case 'guardduty':
      if (isSample(event.record)) reasons.push('a GuardDuty sample finding');
      foreign(event.account, 'the account of the finding');
      break;
    case 'cloudtrail': {
      const type = textAt(event.record, 'userIdentity.type');
      if (type === 'AWSService' || textAt(event.record, 'eventType') === 'AwsServiceEvent')
        reasons.push('an AWS service acted, not a principal');
      foreign(event.account, 'the account of the event');
      foreign(textAt(event.record, 'userIdentity.accountId'), 'the account of the caller');
      break;
    }
    default:
      assertNever(event.source);
  }
  return [...new Set(reasons)];
}

/** GuardDuty says `sample` in one of two places; the title and the invented instance say it as well. */
function isSample(record: JsonObject): boolean {
  const info = at(record, 'service.additionalInfo');
  if (isJsonObject(info)) {
    if (info.sample === true || info.sample === 'true') return true;
    if (typeof info.value === 'string' && sampleInside(info.value)) return true;
  }
  return (
    textAt(record, 'title')?.startsWith('[SAMPLE]') === true ||
    textAt(record, 'resource.instanceDetails.instanceId') === 'i-99999999'
  );
}

function sampleInside(text: string): boolean {
  try {
    const parsed: unknown = JSON.parse(text);
    return isJsonObject(parsed) && parsed.sample === true;
  } catch {
    return false;
  }
}
