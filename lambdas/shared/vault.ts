import { PutObjectCommand, S3Client, type PutObjectCommandInput } from '@aws-sdk/client-s3';
import { sha256 } from '../../lib/model/ids';
import { isNamed } from './aws-error';
import { requireEnv } from './require-env';

const DAY_MS = 24 * 60 * 60 * 1000;

export interface VaultInput {
  readonly key: string;
  readonly body: string | Uint8Array;
  readonly contentType: string;
}

/** Where something lies in the vault, and what it must hash to. */
export interface VaultObject {
  readonly key: string;
  /** Missing where the object was there already, written once by somebody before. */
  readonly versionId?: string;
  /** SHA-256 of the bytes, hexadecimal. */
  readonly sha256: string;
}

type PutOptions = Pick<PutObjectCommandInput, 'ObjectLockMode' | 'ObjectLockRetainUntilDate' | 'IfNoneMatch'>;

let s3: S3Client | undefined;

/**
 * Writes evidence, manifests, undo copies and final reports: unchangeable for `VAULT_RETENTION_DAYS` days from now
 * (Object Lock, GOVERNANCE). S3 compares the bytes with the checksum before it takes them. The same key again makes
 * a further version; the first stays as it is.
 *
 * @throws the error of S3; nothing is stored then.
 */
export async function putLocked(object: VaultInput): Promise<VaultObject> {
  return put(object, locked());
}

/**
 * As `putLocked`, but the key is taken once: where it is there already, nothing is written. For what is written by a
 * caller that may run twice with the same content, such as anchors.
 */
export async function putLockedOnce(object: VaultInput): Promise<VaultObject> {
  try {
    return await put(object, { ...locked(), IfNoneMatch: '*' });
  } catch (error) {
    if (isNamed(error, 'PreconditionFailed')) return { key: object.key, sha256: sha256(object.body) };
    throw error;
  }
}

/** Writes a live draft: not locked, overwritten by the next. */
export async function putDraft(object: VaultInput): Promise<VaultObject> {
  return put(object, {});
}

function locked(): PutOptions {
  return {
    ObjectLockMode: 'GOVERNANCE',
    ObjectLockRetainUntilDate: new Date(Date.now() + retentionDays() * DAY_MS),
  };
}

async function put(
  object: VaultInput,
  options: ReturnType<typeof locked> | Record<string, never>,
): Promise<VaultObject> {
  s3 ??= new S3Client({});
  const hash = sha256(object.body);
  const { VersionId } = await s3.send(
    new PutObjectCommand({
      Bucket: requireEnv('VAULT_BUCKET'),
      Key: object.key,
      Body: object.body,
      ContentType: object.contentType,
      ChecksumSHA256: Buffer.from(hash, 'hex').toString('base64'),
      ...options,
    }),
  );
  return { key: object.key, ...(VersionId && { versionId: VersionId }), sha256: hash };
}

function retentionDays(): number {
  const text = requireEnv('VAULT_RETENTION_DAYS');
  const days = Number(text);
  if (!Number.isInteger(days) || days < 1) {
    throw new Error(`environment variable 'VAULT_RETENTION_DAYS' must be a whole number of days from 1, got '${text}'`);
  }
  return days;
}
