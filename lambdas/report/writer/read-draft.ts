import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { at, type Json } from '../../../lib/model/json';
import { isNamed } from '../../shared/aws-error';
import { requireEnv } from '../../shared/require-env';

let s3: S3Client | undefined;

/** How many records the draft in the vault was written from; 0 where there is none that can be read. */
export async function draftLength(incidentId: string): Promise<number> {
  s3 ??= new S3Client({});
  try {
    const { Body } = await s3.send(
      new GetObjectCommand({ Bucket: requireEnv('VAULT_BUCKET'), Key: `drafts/${incidentId}/report.json` }),
    );
    const length = at(JSON.parse((await Body?.transformToString()) ?? '') as Json, 'records');
    return typeof length === 'number' ? length : 0;
  } catch (error) {
    // S3 says AccessDenied of what is not there to those who may list only a part of the bucket; a draft that is
    // broken is as good as none. In each case it is written anew, which is always right.
    if (isNamed(error, 'NoSuchKey', 'NotFound', 'AccessDenied', 'SyntaxError')) return 0;
    throw error;
  }
}
