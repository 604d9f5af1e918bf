import { GetObjectCommand, GetObjectRetentionCommand } from '@aws-sdk/client-s3';
import { canonicalJson } from '../../lib/model/canonical-json';
import type { Containment } from '../../lib/model/containment';
import { sha256 } from '../../lib/model/ids';
import type { World } from './world';

interface Item {
  readonly id: string;
  readonly key: string;
  readonly versionId: string;
  readonly sha256: string;
  readonly previousHash: string;
  readonly hash: string;
}

/** Reads the manifest and every object that it names, and recomputes all hashes. */
export async function readVaultManifest(world: World, incidentId: string, containment: Containment) {
  const prefix = `evidence/${incidentId}/${containment.id}/${containment.generation}`;
  const read = async (Key: string, VersionId?: string) => {
    const { Body } = await world.s3.send(new GetObjectCommand({ Bucket: world.bucket, Key, VersionId }));
    return (await Body?.transformToByteArray()) ?? new Uint8Array();
  };
  const manifest = JSON.parse(Buffer.from(await read(`${prefix}/manifest.json`)).toString('utf8')) as {
    items: Item[];
    head: string;
  };
  const problems: string[] = [];
  let previous = sha256(containment.id);
  for (const { hash, ...item } of manifest.items) {
    if (item.previousHash !== previous) problems.push(`${item.id} does not follow`);
    if (sha256(canonicalJson(item)) !== hash) problems.push(`${item.id} was changed`);
    if (sha256(await read(item.key, item.versionId)) !== item.sha256) problems.push(`${item.id} has other bytes`);
    previous = hash;
  }
  if (manifest.head !== previous) problems.push('the head is another');
  const { Retention } = await world.s3.send(
    new GetObjectRetentionCommand({ Bucket: world.bucket, Key: manifest.items[0]?.key ?? '' }),
  );
  return { items: manifest.items, problems, locked: Retention?.Mode === 'GOVERNANCE' };
}
