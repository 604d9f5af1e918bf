import { ContainmentRunbook } from '../../lib/contain/containment-runbook';
import type { RunbookFacts } from '../../lib/model/runbook-facts';
import { facts } from './facts';

/**
 * Cuts everybody outside the account off from an S3 bucket: a deny in its policy, no public access, no replication out
 * of the account, no lifecycle rule that deletes. Principals of the account keep their access.
 */
export class LockBucketRunbook extends ContainmentRunbook {
  /** @internal */
  public override _facts(): RunbookFacts {
    return facts;
  }
}
