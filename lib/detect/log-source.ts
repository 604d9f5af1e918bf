import type { Construct } from 'constructs';
import type { Detector } from './detector';

/** Where a detector's events come from. The adapters are in `lib/log`. */
export interface ILogSource {
  /**
   * Leads the events to the detector.
   *
   * @param scope where constructs are made
   * @param detector who gets the events
   */
  bind(scope: Construct, detector: Detector): void;
}
