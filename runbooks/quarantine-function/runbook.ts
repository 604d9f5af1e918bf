import { ContainmentRunbook } from '../../lib/contain/containment-runbook';
import type { RunbookFacts } from '../../lib/model/runbook-facts';
import { facts } from './facts';

/**
 * Stops a Lambda function without destroying it: no invocation is let in, nothing polls, its URL and foreign grants are
 * closed, and what still runs with its role may do nothing but write its log.
 */
export class QuarantineFunctionRunbook extends ContainmentRunbook {
  /** @internal */
  public override _facts(): RunbookFacts {
    return facts;
  }
}
