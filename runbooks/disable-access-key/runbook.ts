import { ContainmentRunbook } from '../../lib/contain/containment-runbook';
import type { RunbookFacts } from '../../lib/model/runbook-facts';
import { facts } from './facts';

/**
 * Takes every permission and every credential from an IAM user whose key leaked: a deny on everything first, then all
 * access keys, service-specific credentials, signing certificates, SSH keys and the console password.
 */
export class DisableAccessKeyRunbook extends ContainmentRunbook {
  /** @internal */
  public override _facts(): RunbookFacts {
    return facts;
  }
}
