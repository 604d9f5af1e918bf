import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { EC2Client } from '@aws-sdk/client-ec2';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { IAMClient } from '@aws-sdk/client-iam';

/** Throttling is expected while an attacker is at work: try long, with the SDK's growing pauses. */
const MAX_ATTEMPTS = 6;

/** Clients for one account and Region, each made at first use. */
export class AwsClients {
  readonly #config: { readonly region: string; readonly maxAttempts: number };
  #iam?: IAMClient;
  #iamOnce?: IAMClient;
  #ec2?: EC2Client;
  #autoScaling?: AutoScalingClient;
  #loadBalancing?: ElasticLoadBalancingV2Client;
  #cloudTrail?: CloudTrailClient;

  constructor(region: string) {
    this.#config = { region, maxAttempts: MAX_ATTEMPTS };
  }

  get iam(): IAMClient {
    return (this.#iam ??= new IAMClient(this.#config));
  }

  /**
   * Tries once. For calls where a full quota (`LimitExceeded`) has an answer of its own: the SDK takes that error for
   * throttling, and would try again for many seconds.
   */
  get iamOnce(): IAMClient {
    return (this.#iamOnce ??= new IAMClient({ ...this.#config, maxAttempts: 1 }));
  }

  get ec2(): EC2Client {
    return (this.#ec2 ??= new EC2Client(this.#config));
  }

  get autoScaling(): AutoScalingClient {
    return (this.#autoScaling ??= new AutoScalingClient(this.#config));
  }

  get loadBalancing(): ElasticLoadBalancingV2Client {
    return (this.#loadBalancing ??= new ElasticLoadBalancingV2Client(this.#config));
  }

  get cloudTrail(): CloudTrailClient {
    return (this.#cloudTrail ??= new CloudTrailClient(this.#config));
  }
}
