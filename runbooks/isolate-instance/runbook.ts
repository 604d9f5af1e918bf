import { ContainmentRunbook } from '../../lib/contain/containment-runbook';
import type { RunbookFacts } from '../../lib/model/runbook-facts';
import { facts } from './facts';

/**
 * Cuts an EC2 instance off without destroying it: evidence and snapshots first, then out of its Auto Scaling group
 * and load balancers, every network interface onto an empty security group, and its role denied and taken away.
 */
export class IsolateInstanceRunbook extends ContainmentRunbook {
  /** @internal */
  public override _facts(): RunbookFacts {
    return facts;
  }
}
