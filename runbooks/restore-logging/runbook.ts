import { ContainmentRunbook } from '../../lib/contain/containment-runbook';
import type { RunbookFacts } from '../../lib/model/runbook-facts';
import { facts } from './facts';

/**
 * Puts the logging of an account and Region back as it was while all was well: CloudTrail, AWS Config and GuardDuty,
 * by a baseline that is recorded every hour and only while logging is healthy. Says for how long nothing was seen.
 */
export class RestoreLoggingRunbook extends ContainmentRunbook {
  /** @internal */
  public override _facts(): RunbookFacts {
    return facts;
  }
}
