import { paginateListOriginationNumbers, type PhoneNumberInformation, SNSClient } from '@aws-sdk/client-sns';
import { type Check, count, type Finding, ok, warning } from './check';
import { pagedNumbers } from './paged-numbers';

/**
 * Carriers in the United States take messages only from a registered origination number; SNS accepts the page and nobody gets it.
 * Source: SNS guide, "Origination identities for Amazon SNS SMS messages". Canada and others share the prefix and need none.
 */
const NORTH_AMERICA = '+1';

export const originationNumbers: Check = {
  name: 'origination numbers',
  async look(patient) {
    const numbers = (await pagedNumbers(patient)).filter((number) => number.startsWith(NORTH_AMERICA)).length;
    if (numbers === 0) return ok('nobody is paged by text message in the United States');
    const found: PhoneNumberInformation[] = [];
    for await (const page of paginateListOriginationNumbers({ client: new SNSClient(patient.aws) }, {})) {
      found.push(...(page.PhoneNumbers ?? []));
    }
    return judgeOriginationNumbers(numbers, found);
  },
};

/** What the account's own numbers mean for so many that begin with +1. */
export function judgeOriginationNumbers(numbers: number, found: readonly PhoneNumberInformation[]): Finding {
  const american = found.filter(
    ({ Iso2CountryCode, NumberCapabilities = [] }) => Iso2CountryCode === 'US' && NumberCapabilities.includes('SMS'),
  );
  // Numbers that were bought and not registered are listed, too.
  const usable = american.filter(({ Status }) => Status?.toUpperCase() === 'ACTIVE');
  if (usable.length > 0) return ok(`${count(usable.length, 'number')} to send from in the United States`);
  const none = american.length > 0 ? `${american.length} to send from that is not active yet` : 'none to send from';
  return warning(
    `${count(numbers, 'number')} with +1, and ${none}: one in the United States gets nothing, though SNS takes the page`,
    'register an origination number (10DLC or toll-free, which takes days), or page those people in another way too',
  );
}
