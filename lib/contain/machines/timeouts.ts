/** Seconds. A function's timeout is bounded by what it waits for: AWS settles most changes within half a minute. */
export const TIMEOUTS = {
  guardRails: 30,
  conclude: 60,
  /** CloudTrail answers two look-ups a second, and there are a few. */
  evidence: 120,
  contain: 120,
  /** An instance needs its time to come back into service. */
  release: 300,
  auditor: 120,
  /** 200 pages of CloudTrail at two a second, and some patience with its throttling. */
  sweep: 300,
  /** More than all tasks of the longest runbook, each tried four times, so that nothing that works is cut off. */
  containMachine: 2 * 60 * 60,
  /** Three looks, each tried four times, and 20 minutes of waiting. */
  sweepMachine: 2 * 60 * 60,
  releaseMachine: 4 * 60 * 60,
} as const;
