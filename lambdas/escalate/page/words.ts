import type { ContainmentLine } from './briefing';

/** What became of a containment, in the words of a page. What is bad is loud. */
export function words(status: ContainmentLine['status']): string {
  switch (status) {
    case 'verified':
    case 'held':
      return 'contained';
    case 'planned':
      return 'planned only, nothing was changed';
    case 'refused':
      return 'REFUSED by a guard rail';
    case 'awaiting-approval':
      return 'WAITS FOR APPROVAL, not contained';
    case 'not-approved':
      return 'NOT APPROVED, not contained';
    case 'failed':
      return 'FAILED, not contained';
    case 'not-started':
    case 'starting':
    case 'containing':
      return 'under way';
    case 'releasing':
      return 'being released';
    case 'released':
      return 'released';
    case 'release-failed':
      return 'release FAILED';
  }
}
