/** The parts of the evidence vault; each is the first part of its objects' keys. */
export enum VaultArea {
  /** What runbooks collected, and its manifests. Locked. */
  EVIDENCE = 'evidence',
  /** Copies of undo records. Locked. */
  UNDO = 'undo',
  /** Heads of timelines, written down where nobody can change them. Locked. */
  ANCHORS = 'anchors',
  /** Final reports. Locked. */
  REPORTS = 'reports',
  /** What was while all was well, for runbooks that put it back. Locked. */
  BASELINES = 'baselines',
  /** Live reports of open incidents: not locked, overwritten, and removed after 90 days. */
  DRAFTS = 'drafts',
}
