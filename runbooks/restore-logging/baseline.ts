import { GetObjectCommand, ListObjectVersionsCommand, S3Client } from '@aws-sdk/client-s3';
import { canonicalJson } from '../../lib/model/canonical-json';
import { requireEnv } from '../../lambdas/shared/require-env';
import { putLocked } from '../../lambdas/shared/vault';
import type { Logging } from './state/logging';
import type { Where } from './state/where';

/** What logging was while all was well. */
export interface Baseline {
  readonly schemaVersion: 1;
  readonly account: string;
  readonly region: string;
  /** ISO 8601. */
  readonly at: string;
  /** The schedule, or the person who accepted it. */
  readonly by: string;
  readonly logging: Logging;
}

const keyOf = ({ target }: Where) => `baselines/logging/${target.account}/${target.region}.json`;

/**
 * The newest locked version: a delete marker on top of it hides nothing from who asks for versions.
 *
 * @returns undefined where none was ever recorded.
 */
export async function findBaseline(where: Where): Promise<Baseline | undefined> {
  const Bucket = requireEnv('VAULT_BUCKET');
  const Key = keyOf(where);
  const s3 = where.aws.of(S3Client);
  const { Versions } = await s3.send(new ListObjectVersionsCommand({ Bucket, Prefix: Key }));
  const [newest] = (Versions ?? [])
    .filter((version) => version.Key === Key)
    .sort((a, b) => Number(b.IsLatest ?? false) - Number(a.IsLatest ?? false) || time(b) - time(a));
  if (!newest) return undefined;
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key, VersionId: newest.VersionId }));
  const baseline = JSON.parse((await Body?.transformToString()) ?? '') as Omit<Baseline, 'schemaVersion'> & {
    readonly schemaVersion: number;
  };
  const { account, region } = where.target;
  if (baseline.schemaVersion !== 1 || baseline.account !== account || baseline.region !== region) {
    throw new Error(`the baseline '${Key}' in the vault is not of account ${account} in ${region}: look at it`);
  }
  return { ...baseline, schemaVersion: 1 };
}

const time = ({ LastModified }: { readonly LastModified?: Date | undefined }): number => LastModified?.getTime() ?? 0;

/** @throws Error where none was ever recorded: what stands after tampering is not the truth. */
export async function readBaseline(where: Where): Promise<Logging> {
  const found = await findBaseline(where);
  if (found) return found.logging;
  const { account, region } = where.target;
  throw new Error(
    `there is no baseline of the logging of account ${account} in ${region}, so nobody knows what to restore: Firebreak records one every hour while logging is healthy; put logging back by hand, as the runbook's page says`,
  );
}

export async function writeBaseline(where: Where, by: string, at: Date, logging: Logging): Promise<Baseline> {
  const { account, region } = where.target;
  const baseline: Baseline = { schemaVersion: 1, account, region, at: at.toISOString(), by, logging };
  await putLocked({
    key: keyOf(where),
    body: canonicalJson(baseline),
    contentType: 'application/json',
  });
  return baseline;
}
