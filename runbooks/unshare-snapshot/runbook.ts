import { ContainmentRunbook } from '../../lib/contain/containment-runbook';
import type { RunbookFacts } from '../../lib/model/runbook-facts';
import { facts } from './facts';

/**
 * Ends the sharing of a snapshot or image of EC2, or of a snapshot of RDS: with everybody first, then with every other
 * account. Nothing is deleted; what others copied cannot be called back.
 */
export class UnshareSnapshotRunbook extends ContainmentRunbook {
  /** @internal */
  public override _facts(): RunbookFacts {
    return facts;
  }
}
