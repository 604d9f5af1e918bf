/** How a type of resource gets onto the bill. */
export type ResourceKind = 'monthly' | 'by-use' | 'free' | 'unknown';

/** Cost while they are there: `quietMonth` has a line for each. */
const MONTHLY = [
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::CompositeAlarm',
  'AWS::CloudWatch::Dashboard',
  'AWS::KMS::Key',
  'AWS::SecretsManager::Secret',
  // Those of queues and of schedules; the others cost nothing by themselves.
  'AWS::Events::Rule',
  'AWS::Lambda::EventSourceMapping',
];

/** Cost what is done with them, or what lies in them. */
const BY_USE = [
  'AWS::ApiGatewayV2::Api',
  'AWS::ApiGatewayV2::Stage',
  'AWS::DynamoDB::Table',
  'AWS::Events::EventBus',
  'AWS::Lambda::Function',
  'AWS::Logs::LogGroup',
  'AWS::S3::Bucket',
  'AWS::SNS::Topic',
  'AWS::SNS::Subscription',
  'AWS::SQS::Queue',
  'AWS::StepFunctions::StateMachine',
];

const FREE = [
  'AWS::ApiGatewayV2::Integration',
  'AWS::ApiGatewayV2::Route',
  'AWS::CDK::Metadata',
  'AWS::CloudFormation::Stack',
  'AWS::Events::EventBusPolicy',
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::KMS::Alias',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::Permission',
  'AWS::Logs::SubscriptionFilter',
  'AWS::Organizations::Policy',
  'AWS::S3::BucketPolicy',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::QueuePolicy',
  'AWS::SSM::Parameter', // Of the standard tier.
];

const KINDS = new Map<string, ResourceKind>([
  ...MONTHLY.map((type) => [type, 'monthly'] as const),
  ...BY_USE.map((type) => [type, 'by-use'] as const),
  ...FREE.map((type) => [type, 'free'] as const),
]);

export const kindOf = (type: string): ResourceKind => KINDS.get(type) ?? 'unknown';
