import { Match } from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import type { Detector } from '../detect/detector';
import type { ILogSource } from '../detect/log-source';
import { eventBridgeDetail } from '../sigma/prefilter';
import { CLOUDTRAIL_DETAIL_TYPES } from './detail-types';
import { ruleTo } from './rule-to';
import { warnWithoutForwarder } from './warn-without-forwarder';

/** Events of EventBridge as sources of events. */
export abstract class EventSource implements ILogSource {
  /**
   * CloudTrail's management events on the default bus of this Region: seconds after the call, and needs a trail
   * (or its events do not come).
   *
   * Calls that only read (`readOnly: true`) are not delivered to EventBridge unless a rule asks for them by its
   * state `ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS`, which this one does not: add `LogSource.cloudTrail` for
   * those, and for data events. Events of global services (IAM, STS, sign-in) arrive in us-east-1 only: elsewhere a
   * `GlobalEventsForwarder` brings them, and synth warns where it is missing. What no rule of the detector would match
   * is kept away by the event pattern, for records that are as docs/cloudtrail-facts.md says.
   */
  public static cloudTrail(): EventSource {
    return new CloudTrailEvents();
  }

  public abstract bind(scope: Construct, detector: Detector): void;
}

class CloudTrailEvents extends EventSource {
  public bind(scope: Construct, detector: Detector): void {
    ruleTo(scope, 'CloudTrailEvents', detector, {
      description: 'Firebreak: CloudTrail events to the detector',
      eventPattern: {
        // Whoever may put events on the bus chooses the detail type, and never a source that begins so: EventBridge refuses it.
        source: Match.prefix('aws.'),
        detailType: CLOUDTRAIL_DETAIL_TYPES,
        // Without one, everything comes.
        detail: eventBridgeDetail(detector._program),
      },
    });
    warnWithoutForwarder(scope);
  }
}
