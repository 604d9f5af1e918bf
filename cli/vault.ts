import { S3Client } from '@aws-sdk/client-s3';
import { readAnchors } from '../lambdas/report/read-anchors';
import type { TimelineAnchor } from '../lib/model/timeline-anchor';
import type { Firebreak } from './ask';

/** The heads of a timeline that lie in the vault, read with the caller's own rights. */
export async function anchorsInVault(firebreak: Firebreak, incidentId: string): Promise<TimelineAnchor[]> {
  const client = new S3Client(firebreak.aws);
  return readAnchors(incidentId, undefined, { client, bucket: firebreak.stack.output('FirebreakVaultBucket') });
}
