import { Match } from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import type { Detector } from '../detect/detector';
import type { ILogSource } from '../detect/log-source';
import { eventBridgeDetail } from '../sigma/prefilter';
import { CLOUDTRAIL_DETAIL_TYPES } from './detail-types';
import { ruleTo } from './rule-to';
import { warnWithoutForwarder } from './warn-without-forwarder';
import { withReads } from './with-reads';

/** Which of CloudTrail's events come by EventBridge. */
export interface CloudTrailEventOptions {
  /**
   * Calls that only read, too: secrets and parameters that are taken, who asks which credentials he has, what is refused to
   * somebody who looks around. The detector is invoked once for each that a rule might match; without them these rules
   * never fire, unless a `LogSource.cloudTrail` brings the calls.
   *
   * @default true
   */
  readonly reads?: boolean;
}

/** Events of EventBridge as sources of events. */
export abstract class EventSource implements ILogSource {
  /**
   * CloudTrail's management events on the default bus of this Region: seconds after the call, and needs a trail
   * (or its events do not come).
   *
   * Data events (objects of S3, invocations of models) are not delivered to it: add `LogSource.cloudTrail` for those. Events
   * of global services (IAM, STS, sign-in) arrive in us-east-1 only: elsewhere a `GlobalEventsForwarder` brings them, and
   * synth warns where it is missing. What no rule of the detector would match is kept away by the event pattern, for records
   * that are as docs/cloudtrail-facts.md says.
   */
  public static cloudTrail(options: CloudTrailEventOptions = {}): EventSource {
    return new CloudTrailEvents(options);
  }

  public abstract bind(scope: Construct, detector: Detector): void;
}

class CloudTrailEvents extends EventSource {
  constructor(private readonly options: CloudTrailEventOptions) {
    super();
  }

  public bind(scope: Construct, detector: Detector): void {
    const rule = ruleTo(scope, 'CloudTrailEvents', detector, {
      description: 'Firebreak: CloudTrail events to the detector',
      eventPattern: {
        // Whoever may put events on the bus chooses the detail type, and never a source that begins so: EventBridge refuses it.
        source: Match.prefix('aws.'),
        detailType: CLOUDTRAIL_DETAIL_TYPES,
        // Without one, everything comes.
        detail: eventBridgeDetail(detector._program),
      },
    });
    if (this.options.reads !== false) withReads(rule);
    warnWithoutForwarder(scope);
  }
}
