/** How far a runbook goes by itself. */
export enum ContainmentMode {
  /** Nothing is changed: the incident says what would have been done. */
  OBSERVE = 'observe',
  /** Asks people of the escalation chain, and contains what they approve. */
  APPROVE = 'approve',
  /** Contains at once, within the guard rails. */
  ENFORCE = 'enforce',
}
