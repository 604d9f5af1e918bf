import { GetObjectCommand, ListObjectVersionsCommand, S3Client, type ObjectVersion } from '@aws-sdk/client-s3';
import type { TimelineAnchor } from '../../lib/model/timeline-anchor';
import { requireEnv } from '../shared/require-env';

/** A vault, and a client that may read it. */
export interface AnchorPlace {
  readonly client: S3Client;
  readonly bucket: string;
}

let s3: S3Client | undefined;

function ownVault(): AnchorPlace {
  return { client: (s3 ??= new S3Client({})), bucket: requireEnv('VAULT_BUCKET') };
}

/**
 * The anchors of an incident, oldest first. Of each the first version that was ever written counts: a lock does not
 * keep anybody from writing a further version under the same key.
 *
 * @param newest reads only so many of the newest: enough for a draft. All without it.
 * @param from whose vault; a Lambda's own without it.
 */
export async function readAnchors(
  incidentId: string,
  newest?: number,
  from: AnchorPlace = ownVault(),
): Promise<TimelineAnchor[]> {
  const { client, bucket: Bucket } = from;
  const first = new Map<string, ObjectVersion>();
  for (const version of await listVersions(client, Bucket, `anchors/${incidentId}/`)) {
    const known = first.get(version.Key ?? '');
    if (!known || writtenAt(version) <= writtenAt(known)) first.set(version.Key ?? '', version);
  }
  const keys = [...first.keys()].sort().slice(newest === undefined ? 0 : -newest);
  return Promise.all(
    keys.map(async (Key) => {
      const { Body } = await client.send(new GetObjectCommand({ Bucket, Key, VersionId: first.get(Key)?.VersionId }));
      return JSON.parse((await Body?.transformToString()) ?? '') as TimelineAnchor;
    }),
  );
}

async function listVersions(client: S3Client, Bucket: string, Prefix: string): Promise<ObjectVersion[]> {
  const versions: ObjectVersion[] = [];
  let KeyMarker: string | undefined;
  let VersionIdMarker: string | undefined;
  do {
    const page = await client.send(new ListObjectVersionsCommand({ Bucket, Prefix, KeyMarker, VersionIdMarker }));
    versions.push(...(page.Versions ?? []));
    KeyMarker = page.IsTruncated ? page.NextKeyMarker : undefined;
    VersionIdMarker = page.IsTruncated ? page.NextVersionIdMarker : undefined;
  } while (KeyMarker !== undefined);
  return versions;
}

/** Versions of one key come newest first; of two of the same second the later in the list is the older one. */
function writtenAt(version: ObjectVersion): number {
  return version.LastModified?.getTime() ?? 0;
}
