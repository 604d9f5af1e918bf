import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Detector } from '../detect/detector';
import type { ILogSource } from '../detect/log-source';
import { logFilterPatterns } from '../sigma/prefilter';
import { subscribe } from './subscribe';

/** What rules see as the log source of an application's lines. */
export interface ApplicationLogOptions {
  /**
   * Sigma `product`.
   *
   * @default - `application`
   */
  readonly product?: string;
  /** @default - none; rules that name a category do not look at these lines */
  readonly category?: string;
  /** @default - none; rules that name a service do not look at these lines */
  readonly service?: string;
}

/** How a trail's log group is subscribed to. */
export interface CloudTrailLogOptions {
  /**
   * How many of the log group's two subscription filters may be used. A second one keeps more events away where the
   * rules name more calls than the 1,024 characters of one pattern hold.
   *
   * @default 1
   */
  readonly filters?: number;
}

/**
 * Log groups as sources of events, by a subscription filter. A log group has two of them
 * (CloudWatch Logs quotas, "Subscription filters"), and this takes one.
 */
export abstract class LogSource implements ILogSource {
  /**
   * A trail's log group: all its events, about 5 minutes late. What no rule of the detector would match is kept away by
   * the pattern of the subscription filter, for records that are as docs/cloudtrail-facts.md says.
   */
  public static cloudTrail(logGroup: ILogGroup, options: CloudTrailLogOptions = {}): LogSource {
    return new CloudTrailLogs(logGroup, options);
  }

  /**
   * An application's log group: JSON lines are looked at by their fields, other lines as `message`.
   *
   * Nothing is ever contained on the word of such a log alone, because whoever can make an application log can name
   * anybody. Records that look like CloudTrail's stay an application's.
   */
  public static application(logGroup: ILogGroup, options: ApplicationLogOptions = {}): LogSource {
    return new ApplicationLogs(logGroup, options);
  }

  /**
   * A log group with VPC flow logs in the default format. Rules for `product: aws`, `service: vpcflow` see the fields by
   * their names in the VPC user guide (`srcaddr`, `dstport`, `bytes`); lines of another format are seen as `message`.
   *
   * Every line comes to the detector, which costs something where there is much traffic. Nothing is contained on the
   * word of such a log alone.
   */
  public static vpcFlowLogs(logGroup: ILogGroup): LogSource {
    return new ApplicationLogs(logGroup, { product: 'aws', service: 'vpcflow' });
  }

  /** @throws Error for a log group of Firebreak itself, for one that is named twice, or has no subscription filter left */
  public abstract bind(scope: Construct, detector: Detector): void;
}

class CloudTrailLogs extends LogSource {
  constructor(
    private readonly logGroup: ILogGroup,
    private readonly options: CloudTrailLogOptions,
  ) {
    super();
  }

  public bind(scope: Construct, detector: Detector): void {
    const { filters = 1 } = this.options;
    if (filters !== 1 && filters !== 2) {
      throw new Error(
        `'filters' of log group '${this.logGroup.node.path}' must be 1 or 2, the subscription filters that a log group has, got ${filters}`,
      );
    }
    const patterns = logFilterPatterns(detector._program, { filters });
    subscribe(scope, detector, this.logGroup, { cloudTrail: true }, patterns);
  }
}

class ApplicationLogs extends LogSource {
  constructor(
    private readonly logGroup: ILogGroup,
    private readonly options: ApplicationLogOptions,
  ) {
    super();
  }

  public bind(scope: Construct, detector: Detector): void {
    // Lines of any shape: nothing is known of them that a pattern could rely on.
    subscribe(scope, detector, this.logGroup, { cloudTrail: false, ...this.options }, ['']);
  }
}
