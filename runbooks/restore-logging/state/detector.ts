import {
  DescribePublishingDestinationCommand,
  GetDetectorCommand,
  GetFilterCommand,
  GetIPSetCommand,
  GuardDutyClient,
  ListDetectorsCommand,
  ListFiltersCommand,
  ListIPSetsCommand,
  ListPublishingDestinationsCommand,
} from '@aws-sdk/client-guardduty';
import { textAt, type Json, type JsonObject } from '../../../lib/model/json';
import { plain, same } from './trails';
import type { Where } from './where';

/** GuardDuty in a Region: it has one detector or none. */
export type Detector = {
  readonly id: string;
  readonly enabled: boolean;
  readonly frequency: string | null;
  /** By name; with what is configured within each. */
  readonly features: { readonly [name: string]: Json };
  /** By name: filters that archive findings before anybody sees them. */
  readonly suppression: { readonly [name: string]: JsonObject };
  /** By id: addresses from which GuardDuty reports nothing. Active ones only. */
  readonly trusted: { readonly [id: string]: JsonObject };
  /** Where findings are published: by kind. */
  readonly destinations: { readonly [kind: string]: JsonObject };
};

export async function readDetector({ aws }: Where): Promise<Detector | null> {
  const guardDuty = aws.of(GuardDutyClient);
  const DetectorId = (await guardDuty.send(new ListDetectorsCommand({}))).DetectorIds?.[0];
  if (DetectorId === undefined) return null;
  const detector = await guardDuty.send(new GetDetectorCommand({ DetectorId }));
  const features = (detector.Features ?? [])
    // These three cannot be switched off, nor on.
    .filter(({ Name }) => !['CLOUD_TRAIL', 'DNS_LOGS', 'FLOW_LOGS'].includes(Name ?? ''))
    .map(({ Name, Status, AdditionalConfiguration }): [string, Json] => [
      Name ?? '',
      plain({
        Status,
        more: Object.fromEntries((AdditionalConfiguration ?? []).map((one) => [one.Name ?? '', one.Status])),
      }),
    ]);
  return {
    id: DetectorId,
    enabled: detector.Status === 'ENABLED',
    frequency: detector.FindingPublishingFrequency ?? null,
    features: Object.fromEntries(features),
    suppression: await suppression(guardDuty, DetectorId),
    trusted: await trusted(guardDuty, DetectorId),
    destinations: await destinations(guardDuty, DetectorId),
  };
}

async function suppression(guardDuty: GuardDutyClient, DetectorId: string) {
  const names = await allPages(async (NextToken) => {
    const page = await guardDuty.send(new ListFiltersCommand({ DetectorId, NextToken }));
    return { items: page.FilterNames, next: page.NextToken };
  });
  const found: Record<string, JsonObject> = {};
  for (const FilterName of names) {
    const filter = await guardDuty.send(new GetFilterCommand({ DetectorId, FilterName }));
    if (filter.Action === 'ARCHIVE') found[FilterName] = { criteria: plain(filter.FindingCriteria) };
  }
  return found;
}

async function trusted(guardDuty: GuardDutyClient, DetectorId: string) {
  const ids = await allPages(async (NextToken) => {
    const page = await guardDuty.send(new ListIPSetsCommand({ DetectorId, NextToken }));
    return { items: page.IpSetIds, next: page.NextToken };
  });
  const found: Record<string, JsonObject> = {};
  for (const IpSetId of ids) {
    const list = await guardDuty.send(new GetIPSetCommand({ DetectorId, IpSetId }));
    if (list.Status === 'ACTIVE' || list.Status === 'ACTIVATING') {
      found[IpSetId] = plain({ name: list.Name, location: list.Location, format: list.Format }) as JsonObject;
    }
  }
  return found;
}

async function destinations(guardDuty: GuardDutyClient, DetectorId: string) {
  const listed = await allPages(async (NextToken) => {
    const page = await guardDuty.send(new ListPublishingDestinationsCommand({ DetectorId, NextToken }));
    return { items: page.Destinations, next: page.NextToken };
  });
  const found: Record<string, JsonObject> = {};
  for (const { DestinationId } of listed) {
    const one = await guardDuty.send(new DescribePublishingDestinationCommand({ DetectorId, DestinationId }));
    const properties = one.DestinationProperties;
    found[one.DestinationType ?? ''] = plain({
      id: DestinationId,
      status: one.Status,
      arn: properties?.DestinationArn,
      key: properties?.KmsKeyArn,
    }) as JsonObject;
  }
  return found;
}

async function allPages<Item>(
  page: (next: string | undefined) => Promise<{ items: Item[] | undefined; next: string | undefined }>,
): Promise<Item[]> {
  const all: Item[] = [];
  let next: string | undefined;
  do {
    const answer = await page(next);
    all.push(...(answer.items ?? []));
    next = answer.next === '' ? undefined : answer.next;
  } while (next !== undefined);
  return all;
}

/** What is not as the baseline says, but for what hides findings, in words. */
export function detectorDifferences(baseline: Detector | null, now: Detector | null): string[] {
  if (baseline === null) return [];
  if (now === null) return ['the GuardDuty detector is gone'];
  return [
    ...(baseline.enabled && !now.enabled ? ['the GuardDuty detector is disabled'] : []),
    ...(now.frequency === baseline.frequency ? [] : ['how often GuardDuty publishes findings was changed']),
    ...changedFeatures(baseline, now).map((name) => `GuardDuty feature ${name} was changed`),
    ...lostDestinations(baseline, now).map((kind) => `GuardDuty does not publish findings to ${kind} as it did`),
  ];
}

export function changedFeatures(baseline: Detector, now: Detector): string[] {
  return Object.entries(baseline.features)
    .filter(([name, value]) => !same(value, now.features[name] ?? null))
    .map(([name]) => name);
}

/** An id changes with a new destination; where it leads to must not. */
export function lostDestinations(baseline: Detector, now: Detector): string[] {
  return Object.entries(baseline.destinations)
    .filter(([kind, known]) => {
      const found = now.destinations[kind];
      return found?.['arn'] !== known['arn'] || (found?.['key'] ?? null) !== (known['key'] ?? null);
    })
    .map(([kind]) => kind);
}

/** Names of filters that archive what they did not when the baseline was recorded. */
export function newSuppression(baseline: Detector | null, now: Detector): string[] {
  return Object.entries(now.suppression)
    .filter(([name, filter]) => !same(filter, baseline?.suppression[name] ?? null))
    .map(([name]) => name);
}

/** Ids of active trusted lists that the baseline does not know so. */
export function newTrust(baseline: Detector | null, now: Detector): string[] {
  return Object.entries(now.trusted)
    .filter(([id, list]) => !same(list, baseline?.trusted[id] ?? null))
    .map(([id]) => id);
}

export function suppressionDifferences(baseline: Detector | null, now: Detector | null): string[] {
  if (now === null) return [];
  return [
    ...newSuppression(baseline, now).map((name) => `suppression filter '${name}' hides findings`),
    ...newTrust(baseline, now).map((id) => `trusted IP list '${textAt(now.trusted[id], 'name') ?? id}' hides findings`),
  ];
}
