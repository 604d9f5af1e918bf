import type { Construct } from 'constructs';
import type { Detector } from '../detect/detector';
import type { ILogSource } from '../detect/log-source';
import { ruleTo } from './rule-to';

/** Detection services of AWS as sources of events. */
export abstract class FindingSource implements ILogSource {
  /**
   * Findings of GuardDuty in this Region: new ones within about 5 minutes, updates as often as the detector
   * publishes them (6 hours unless configured). An update of a finding is an event of its own.
   */
  public static guardDuty(): FindingSource {
    return new GuardDutyFindings();
  }

  public abstract bind(scope: Construct, detector: Detector): void;
}

class GuardDutyFindings extends FindingSource {
  public bind(scope: Construct, detector: Detector): void {
    ruleTo(scope, 'GuardDutyFindings', detector, {
      description: 'Firebreak: GuardDuty findings to the detector',
      eventPattern: { source: ['aws.guardduty'], detailType: ['GuardDuty Finding'] },
    });
  }
}
