import { ContainmentRunbook } from '../../lib/contain/containment-runbook';
import type { RunbookFacts } from '../../lib/model/runbook-facts';
import { facts } from './facts';

/**
 * Contains an IAM user who was made administrator, and whoever made it: neither is deleted. Of both every permission and
 * every credential is taken; where a role made it, the sessions of that role are revoked.
 */
export class ContainAdministratorRunbook extends ContainmentRunbook {
  /** @internal */
  public override _facts(): RunbookFacts {
    return facts;
  }
}
