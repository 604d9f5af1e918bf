import {
  CloudTrailClient,
  DescribeTrailsCommand,
  GetEventSelectorsCommand,
  GetTrailStatusCommand,
  type AdvancedEventSelector,
  type EventSelector,
  type Trail,
} from '@aws-sdk/client-cloudtrail';
import { canonicalJson } from '../../../lib/model/canonical-json';
import type { Json, JsonObject } from '../../../lib/model/json';
import type { Where } from './where';

/** What a trail is told to do; null where it is not set. */
export type TrailSettings = {
  readonly bucket: string | null;
  readonly prefix: string | null;
  readonly topic: string | null;
  readonly globalServices: boolean;
  readonly multiRegion: boolean;
  readonly validation: boolean;
  readonly logGroup: string | null;
  readonly logRole: string | null;
  readonly key: string | null;
  readonly organization: boolean;
};

/** A trail that is at home in the Region. */
export type TrailState = {
  readonly name: string;
  readonly arn: string;
  readonly settings: TrailSettings;
  /** As AWS gives them: basic or advanced, never both. */
  readonly selectors: JsonObject;
  readonly status: TrailStatus;
};

export type TrailStatus = {
  readonly logging: boolean;
  readonly error: string | null;
  readonly startedAt: string | null;
  readonly stoppedAt: string | null;
};

/** A trail that logs here, and can only be changed where it is at home. */
export type DistantTrail = {
  readonly arn: string;
  readonly home: string;
  readonly owner: string;
  readonly status: TrailStatus;
};

export type Trails = { readonly here: TrailState[]; readonly distant: DistantTrail[] };

export async function readTrails(where: Where): Promise<Trails> {
  const { trailList } = await where.aws
    .of(CloudTrailClient)
    .send(new DescribeTrailsCommand({ includeShadowTrails: true }));
  const here: TrailState[] = [];
  const distant: DistantTrail[] = [];
  for (const trail of (trailList ?? []).sort((a, b) => (a.TrailARN ?? '').localeCompare(b.TrailARN ?? ''))) {
    const arn = trail.TrailARN ?? '';
    const owner = arn.split(':')[4] ?? '';
    const home = trail.HomeRegion ?? arn.split(':')[3] ?? '';
    const status = await readStatus(where, arn);
    if (home !== where.target.region || owner !== where.target.account) distant.push({ arn, home, owner, status });
    else
      here.push({
        name: trail.Name ?? '',
        arn,
        settings: settingsOf(trail),
        selectors: await selectors(where, arn),
        status,
      });
  }
  return { here, distant };
}

function settingsOf(trail: Trail): TrailSettings {
  return {
    bucket: text(trail.S3BucketName),
    prefix: text(trail.S3KeyPrefix),
    topic: text(trail.SnsTopicARN),
    globalServices: trail.IncludeGlobalServiceEvents ?? false,
    multiRegion: trail.IsMultiRegionTrail ?? false,
    validation: trail.LogFileValidationEnabled ?? false,
    logGroup: text(trail.CloudWatchLogsLogGroupArn),
    logRole: text(trail.CloudWatchLogsRoleArn),
    key: text(trail.KmsKeyId),
    organization: trail.IsOrganizationTrail ?? false,
  };
}

const text = (value: string | undefined): string | null => (value === undefined || value === '' ? null : value);

async function selectors(where: Where, TrailName: string): Promise<JsonObject> {
  const { EventSelectors, AdvancedEventSelectors } = await where.aws
    .of(CloudTrailClient)
    .send(new GetEventSelectorsCommand({ TrailName }));
  return (AdvancedEventSelectors ?? []).length > 0
    ? { advanced: plain(AdvancedEventSelectors) }
    : { basic: plain(EventSelectors ?? []) };
}

/** As the SDK takes them. */
export function selectorsInput(selectors: JsonObject) {
  const advanced = selectors['advanced'] as AdvancedEventSelector[] | undefined;
  return advanced
    ? { AdvancedEventSelectors: advanced }
    : { EventSelectors: selectors['basic'] as unknown as EventSelector[] };
}

async function readStatus(where: Where, Name: string): Promise<TrailStatus> {
  const status = await where.aws.of(CloudTrailClient).send(new GetTrailStatusCommand({ Name }));
  return {
    logging: status.IsLogging ?? false,
    error: text(status.LatestDeliveryError),
    startedAt: status.StartLoggingTime?.toISOString() ?? null,
    stoppedAt: status.StopLoggingTime?.toISOString() ?? null,
  };
}

/** What is not as the baseline says, in words; empty where all is. */
export function trailDifferences(baseline: Trails, now: Trails): string[] {
  return [
    ...baseline.here.flatMap((known) => {
      const trail = now.here.find(({ arn }) => arn === known.arn);
      if (!trail) return [`trail '${known.name}' is gone`];
      return [
        ...changedSettings(known, trail).map((name) => `'${name}' of trail '${known.name}' was changed`),
        ...(same(known.selectors, trail.selectors)
          ? []
          : [`the event selectors of trail '${known.name}' were changed`]),
        ...(trail.status.logging ? [] : [`trail '${known.name}' does not log`]),
        ...(trail.status.error === null ? [] : [`trail '${known.name}' cannot deliver: ${trail.status.error}`]),
      ];
    }),
    ...distantDifferences(baseline, now),
  ];
}

/** What must be put right elsewhere. */
export function distantDifferences(baseline: Trails, now: Trails): string[] {
  return baseline.distant.flatMap((known) => {
    const trail = now.distant.find(({ arn }) => arn === known.arn);
    if (trail?.status.logging === true) return [];
    return [
      `trail ${known.arn} ${trail ? 'does not log' : 'is gone'}; it can only be restored in its home Region ${known.home}, by account ${known.owner}: do it there`,
    ];
  });
}

export function changedSettings(known: TrailState, trail: TrailState): string[] {
  return Object.entries(known.settings)
    .filter(([name, value]) => trail.settings[name as keyof TrailSettings] !== value)
    .map(([name]) => name);
}

export function same(a: Json, b: Json): boolean {
  return canonicalJson(a) === canonicalJson(b);
}

/** What the SDK gives, as JSON: without undefined fields, dates as text. */
export function plain(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}
