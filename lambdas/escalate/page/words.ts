import { times } from '../../contain/shared/containment-timeline';
import type { ContainmentLine } from './briefing';

/** What became of a containment, in the words of a page. What is bad is loud. */
export function words({ status, timesUndone = 0 }: Pick<ContainmentLine, 'status' | 'timesUndone'>): string {
  switch (status) {
    case 'verified':
    case 'held':
      return timesUndone === 0 ? 'contained' : `contained again; it was UNDONE ${times(timesUndone)} before`;
    case 'planned':
      return 'planned only, nothing was changed';
    case 'refused':
      return 'REFUSED by a guard rail';
    case 'awaiting-approval':
      return 'WAITS FOR APPROVAL, not contained';
    case 'not-approved':
      return 'NOT APPROVED, not contained';
    case 'failed':
      return 'FAILED, not proven contained';
    case 'not-started':
    case 'starting':
      return 'under way';
    case 'containing':
      return timesUndone === 0 ? 'under way' : `UNDONE ${times(timesUndone)}, being made again; not proven contained`;
    case 'releasing':
      return 'being released';
    case 'released':
      return 'released';
    case 'release-failed':
      return 'release FAILED';
  }
}
