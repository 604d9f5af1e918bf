/** What somebody did to the logging of an account, for tests and drills. */
export interface TamperingCase {
  readonly name: string;
  readonly calls: readonly (
    | 'stop-logging'
    | 'delete-trail'
    | 'other-bucket'
    | 'narrow-selectors'
    | 'stop-recorder'
    | 'delete-recorder'
    | 'disable-detector'
    | 'delete-detector'
    | 'suppress-findings'
    | 'trust-addresses'
    | 'publish-elsewhere'
  )[];
}

export const cases: readonly TamperingCase[] = [
  { name: 'the trail was stopped', calls: ['stop-logging'] },
  { name: 'the trail writes into another bucket, and reads only', calls: ['other-bucket', 'narrow-selectors'] },
  { name: 'everything was deleted', calls: ['delete-trail', 'delete-recorder', 'delete-detector'] },
  { name: 'everything was switched off', calls: ['stop-logging', 'stop-recorder', 'disable-detector'] },
  { name: 'findings are hidden', calls: ['suppress-findings', 'trust-addresses', 'publish-elsewhere'] },
];
