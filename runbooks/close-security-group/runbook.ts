import { ContainmentRunbook } from '../../lib/contain/containment-runbook';
import type { RunbookFacts } from '../../lib/model/runbook-facts';
import { facts } from './facts';

/**
 * Closes a security group that was opened to the world: revokes the inbound rules that the incident added, and where
 * that cannot be known those that are open to the world on other ports than the web's. Gives each back on release.
 */
export class CloseSecurityGroupRunbook extends ContainmentRunbook {
  /** @internal */
  public override _facts(): RunbookFacts {
    return facts;
  }
}
