import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { EC2Client } from '@aws-sdk/client-ec2';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { type AwsApi, awsApi } from '../local/api';
import type { EmbeddedAws } from '../local/embedded-aws';

/** What every AWS client of a drill is made with. */
export interface ClientConfig {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** The API of the embedded AWS, by which a drill builds, attacks and reads the truth. */
export interface DrillApi extends AwsApi {
  readonly config: ClientConfig;
  readonly ec2: EC2Client;
  readonly autoScaling: AutoScalingClient;
  readonly loadBalancing: ElasticLoadBalancingV2Client;
}

export function drillApi(aws: EmbeddedAws): DrillApi {
  const config: ClientConfig = {
    endpoint: aws.endpoint,
    region: aws.region,
    credentials: {
      accessKeyId: aws.env.AWS_ACCESS_KEY_ID ?? '',
      secretAccessKey: aws.env.AWS_SECRET_ACCESS_KEY ?? '',
    },
  };
  return {
    ...awsApi(aws),
    config,
    ec2: new EC2Client(config),
    autoScaling: new AutoScalingClient(config),
    loadBalancing: new ElasticLoadBalancingV2Client(config),
  };
}
