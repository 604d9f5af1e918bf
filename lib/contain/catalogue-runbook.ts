import type { Construct } from 'constructs';
import { RUNBOOKS } from '../../runbooks';
import type { RunbookFacts } from '../model/runbook-facts';
import { ContainmentRunbook } from './containment-runbook';

/** Which runbook of the catalogue. */
export interface CatalogueRunbookProps {
  /** Its id, e.g. `isolate-instance`. */
  readonly runbook: string;
}

/** A runbook by its name in the catalogue, for configuration files. */
export class CatalogueRunbook extends ContainmentRunbook {
  private readonly facts: RunbookFacts;

  /** @throws Error that lists the catalogue where the id is none of it. */
  constructor(scope: Construct, id: string, props: CatalogueRunbookProps) {
    super(scope, id);
    this.facts = factsOf(props.runbook);
  }

  /** @internal */
  public override _facts(): RunbookFacts {
    return this.facts;
  }
}

function factsOf(id: string): RunbookFacts {
  const facts = RUNBOOKS.find((candidate) => candidate.id === id);
  if (facts) return facts;
  throw new Error(`there is no runbook '${id}'; the catalogue has: ${RUNBOOKS.map((known) => known.id).join(', ')}`);
}
