import { type ApiCall } from './call';
import { type FaultKind } from './fault';

export interface ServiceError {
  readonly code: string;
  readonly status: number;
}

type Answered = Extract<
  FaultKind,
  'throttled' | 'internal-error' | 'access-denied' | 'not-found' | 'limit-exceeded' | 'temporarily-unmodifiable'
>;

/** What most JSON services say. */
const USUAL: Readonly<Record<Answered, ServiceError>> = {
  throttled: { code: 'ThrottlingException', status: 400 },
  'internal-error': { code: 'InternalServerError', status: 500 },
  'access-denied': { code: 'AccessDeniedException', status: 400 },
  'not-found': { code: 'ResourceNotFoundException', status: 400 },
  'limit-exceeded': { code: 'LimitExceededException', status: 400 },
  'temporarily-unmodifiable': { code: 'ResourceInUseException', status: 400 },
};

const QUERY: Partial<Record<Answered, ServiceError>> = {
  throttled: { code: 'Throttling', status: 400 },
  'internal-error': { code: 'InternalFailure', status: 500 },
  'access-denied': { code: 'AccessDenied', status: 403 },
};

/** By the name in the credential scope, from the "Errors" section of each service's API reference. */
const BY_SERVICE: Readonly<Record<string, Partial<Record<Answered, ServiceError>>>> = {
  iam: {
    ...QUERY,
    'internal-error': { code: 'ServiceFailure', status: 500 },
    'not-found': { code: 'NoSuchEntity', status: 404 },
    'limit-exceeded': { code: 'LimitExceeded', status: 409 },
    'temporarily-unmodifiable': { code: 'EntityTemporarilyUnmodifiable', status: 409 },
  },
  sts: QUERY,
  cloudformation: { ...QUERY, 'not-found': { code: 'ValidationError', status: 400 } },
  sns: {
    ...QUERY,
    throttled: { code: 'Throttled', status: 429 },
    'internal-error': { code: 'InternalError', status: 500 },
    'access-denied': { code: 'AuthorizationError', status: 403 },
    'not-found': { code: 'NotFound', status: 404 },
    'limit-exceeded': { code: 'TopicLimitExceeded', status: 403 },
  },
  autoscaling: {
    ...QUERY,
    'not-found': { code: 'ValidationError', status: 400 },
    'limit-exceeded': { code: 'LimitExceeded', status: 400 },
    'temporarily-unmodifiable': { code: 'ResourceContention', status: 500 },
  },
  elasticloadbalancing: {
    ...QUERY,
    'not-found': { code: 'TargetGroupNotFound', status: 400 },
    'limit-exceeded': { code: 'TooManyTargets', status: 400 },
  },
  ec2: {
    throttled: { code: 'RequestLimitExceeded', status: 503 },
    'internal-error': { code: 'InternalError', status: 500 },
    'access-denied': { code: 'UnauthorizedOperation', status: 403 },
    'not-found': { code: 'InvalidInstanceID.NotFound', status: 400 },
    'limit-exceeded': { code: 'ResourceLimitExceeded', status: 400 },
    'temporarily-unmodifiable': { code: 'IncorrectState', status: 400 },
  },
  s3: {
    throttled: { code: 'SlowDown', status: 503 },
    'internal-error': { code: 'InternalError', status: 500 },
    'access-denied': { code: 'AccessDenied', status: 403 },
    'not-found': { code: 'NoSuchKey', status: 404 },
    'limit-exceeded': { code: 'TooManyBuckets', status: 400 },
    'temporarily-unmodifiable': { code: 'OperationAborted', status: 409 },
  },
  lambda: {
    throttled: { code: 'TooManyRequestsException', status: 429 },
    'internal-error': { code: 'ServiceException', status: 500 },
    'access-denied': { code: 'AccessDeniedException', status: 403 },
    'not-found': { code: 'ResourceNotFoundException', status: 404 },
    'limit-exceeded': { code: 'CodeStorageExceededException', status: 400 },
    'temporarily-unmodifiable': { code: 'ResourceConflictException', status: 409 },
  },
  states: {
    'internal-error': { code: 'InternalServerException', status: 500 },
    'not-found': { code: 'StateMachineDoesNotExist', status: 400 },
    'limit-exceeded': { code: 'ExecutionLimitExceeded', status: 400 },
    'temporarily-unmodifiable': { code: 'ConflictException', status: 400 },
  },
  sqs: {
    throttled: { code: 'RequestThrottled', status: 403 },
    'not-found': { code: 'QueueDoesNotExist', status: 400 },
    'limit-exceeded': { code: 'OverLimit', status: 403 },
  },
  events: {
    'internal-error': { code: 'InternalException', status: 500 },
    'temporarily-unmodifiable': { code: 'ConcurrentModificationException', status: 400 },
  },
  logs: {
    'internal-error': { code: 'ServiceUnavailableException', status: 503 },
    'temporarily-unmodifiable': { code: 'OperationAbortedException', status: 400 },
  },
  kms: {
    'internal-error': { code: 'KMSInternalException', status: 500 },
    'not-found': { code: 'NotFoundException', status: 400 },
    'temporarily-unmodifiable': { code: 'KMSInvalidStateException', status: 400 },
  },
  ssm: {
    'not-found': { code: 'ParameterNotFound', status: 400 },
    'temporarily-unmodifiable': { code: 'TooManyUpdates', status: 400 },
  },
  secretsmanager: { 'internal-error': { code: 'InternalServiceError', status: 500 } },
  cloudtrail: { 'not-found': { code: 'TrailNotFoundException', status: 404 } },
};

/** EC2 and others name what is missing, not only that it is. */
const NOT_FOUND_BY_OPERATION: Readonly<Record<string, string>> = {
  'elasticloadbalancing:DeregisterInstancesFromLoadBalancer': 'LoadBalancerNotFound',
  'elasticloadbalancing:DescribeInstanceHealth': 'LoadBalancerNotFound',
  'elasticloadbalancing:RegisterInstancesWithLoadBalancer': 'LoadBalancerNotFound',
  'ec2:ModifyNetworkInterfaceAttribute': 'InvalidNetworkInterfaceID.NotFound',
  'ec2:DescribeNetworkInterfaces': 'InvalidNetworkInterfaceID.NotFound',
  'ec2:DescribeSecurityGroups': 'InvalidGroup.NotFound',
  'ec2:AuthorizeSecurityGroupIngress': 'InvalidGroup.NotFound',
  'ec2:RevokeSecurityGroupIngress': 'InvalidGroup.NotFound',
  'ec2:RevokeSecurityGroupEgress': 'InvalidGroup.NotFound',
  'ec2:DeleteSecurityGroup': 'InvalidGroup.NotFound',
  'ec2:CreateSnapshot': 'InvalidVolume.NotFound',
  'ec2:DescribeVolumes': 'InvalidVolume.NotFound',
  'ec2:DescribeSnapshots': 'InvalidSnapshot.NotFound',
  'states:DescribeExecution': 'ExecutionDoesNotExist',
  'states:StopExecution': 'ExecutionDoesNotExist',
  'states:GetExecutionHistory': 'ExecutionDoesNotExist',
};

/** The error with which the service refuses a call in such a case. */
export function serviceError(call: ApiCall, fault: FaultKind, code: string | undefined): ServiceError {
  const kind = fault as Answered;
  const usual =
    BY_SERVICE[call.service]?.[kind] ?? (call.protocol === 'query' ? QUERY[kind] : undefined) ?? USUAL[kind];
  const named = kind === 'not-found' ? NOT_FOUND_BY_OPERATION[`${call.service}:${call.operation}`] : undefined;
  return { code: code ?? named ?? usual.code, status: usual.status };
}
