import { ContainmentRunbook } from '../../lib/contain/containment-runbook';
import type { RunbookFacts } from '../../lib/model/runbook-facts';
import { facts } from './facts';

/**
 * Denies everything to the sessions of an IAM role: those of one instance where AWS says that the session was issued to
 * it, else every session until now, and later ones where whoever had one can ask for the next.
 */
export class RevokeRoleSessionsRunbook extends ContainmentRunbook {
  /** @internal */
  public override _facts(): RunbookFacts {
    return facts;
  }
}
