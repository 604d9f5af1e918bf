import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import type { IncidentView } from '../../lambdas/triage/query/show-incident';
import { sha256 } from '../../lib/model/ids';
import { expectThat } from '../expect';
import type { DrillWorld, Expectation } from '../scenario';

interface Manifest {
  readonly items: readonly { readonly key: string; readonly versionId?: string; readonly sha256: string }[];
}

/** Downloads every piece of evidence that the manifests name, in the version that they name, and hashes it. */
export async function expectEvidence(world: DrillWorld, view: IncidentView): Promise<Expectation[]> {
  const { incident, containments } = view;
  const manifests = await list(world, `evidence/${incident.id}/`);
  const keys = manifests.filter((key) => key.endsWith('/manifest.json'));
  const items = (await Promise.all(keys.map((key) => readManifest(world, key)))).flatMap((manifest) => manifest.items);
  const wrong = (await Promise.all(items.map((item) => compare(world, item)))).filter((one) => one !== undefined);
  return [
    expectThat(
      'there is a manifest of evidence for each containment',
      containments.length > 0 &&
        containments.every(({ containment }) => keys.some((key) => key.includes(containment.id))),
      `${keys.length} for ${containments.length} containment${containments.length === 1 ? '' : 's'}`,
    ),
    expectThat(
      'each piece of evidence has the SHA-256 that its manifest says',
      items.length > 0 && wrong.length === 0,
      wrong.length > 0 ? wrong.join('; ') : `${items.length} downloaded and hashed`,
    ),
  ];
}

async function compare(world: DrillWorld, item: Manifest['items'][number]): Promise<string | undefined> {
  const hash = sha256(await download(world, item.key, item.versionId));
  return hash === item.sha256 ? undefined : `${item.key} is ${hash}, the manifest says ${item.sha256}`;
}

async function readManifest(world: DrillWorld, key: string): Promise<Manifest> {
  return JSON.parse(Buffer.from(await download(world, key)).toString('utf8')) as Manifest;
}

export async function list({ api, firebreak }: DrillWorld, Prefix: string): Promise<string[]> {
  const Bucket = firebreak.stack.output('FirebreakVaultBucket');
  const { Contents = [] } = await api.s3.send(new ListObjectsV2Command({ Bucket, Prefix }));
  return Contents.map(({ Key }) => Key ?? '');
}

export async function download({ api, firebreak }: DrillWorld, Key: string, VersionId?: string): Promise<Uint8Array> {
  const Bucket = firebreak.stack.output('FirebreakVaultBucket');
  const { Body } = await api.s3.send(new GetObjectCommand({ Bucket, Key, VersionId }));
  return (await Body?.transformToByteArray()) ?? new Uint8Array();
}
