import { findOperation, type RestOperation } from './rest';

/** Method, path and name of those of GuardDuty's operations that Firebreak and its tests use; `:x` is a name in the path. */
const OPERATIONS: readonly RestOperation[] = [
  ['POST', /^\/detector$/, 'CreateDetector'],
  ['GET', /^\/detector$/, 'ListDetectors'],
  ['GET', /^\/detector\/(?<DetectorId>[^/]+)$/, 'GetDetector'],
  ['POST', /^\/detector\/(?<DetectorId>[^/]+)$/, 'UpdateDetector'],
  ['DELETE', /^\/detector\/(?<DetectorId>[^/]+)$/, 'DeleteDetector'],
  ['POST', /^\/detector\/(?<DetectorId>[^/]+)\/filter$/, 'CreateFilter'],
  ['GET', /^\/detector\/(?<DetectorId>[^/]+)\/filter$/, 'ListFilters'],
  ['GET', /^\/detector\/(?<DetectorId>[^/]+)\/filter\/(?<FilterName>[^/]+)$/, 'GetFilter'],
  ['POST', /^\/detector\/(?<DetectorId>[^/]+)\/filter\/(?<FilterName>[^/]+)$/, 'UpdateFilter'],
  ['POST', /^\/detector\/(?<DetectorId>[^/]+)\/ipset$/, 'CreateIPSet'],
  ['GET', /^\/detector\/(?<DetectorId>[^/]+)\/ipset$/, 'ListIPSets'],
  ['GET', /^\/detector\/(?<DetectorId>[^/]+)\/ipset\/(?<IpSetId>[^/]+)$/, 'GetIPSet'],
  ['POST', /^\/detector\/(?<DetectorId>[^/]+)\/ipset\/(?<IpSetId>[^/]+)$/, 'UpdateIPSet'],
  ['POST', /^\/detector\/(?<DetectorId>[^/]+)\/publishingDestination$/, 'CreatePublishingDestination'],
  ['GET', /^\/detector\/(?<DetectorId>[^/]+)\/publishingDestination$/, 'ListPublishingDestinations'],
  [
    'GET',
    /^\/detector\/(?<DetectorId>[^/]+)\/publishingDestination\/(?<DestinationId>[^/]+)$/,
    'DescribePublishingDestination',
  ],
  [
    'POST',
    /^\/detector\/(?<DetectorId>[^/]+)\/publishingDestination\/(?<DestinationId>[^/]+)$/,
    'UpdatePublishingDestination',
  ],
];

export function guardDutyOperation(method: string, { pathname }: Pick<URL, 'pathname'>) {
  return findOperation(OPERATIONS, method, pathname);
}
