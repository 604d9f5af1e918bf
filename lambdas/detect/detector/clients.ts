// What talks to AWS. A file of its own beside the bundle, so that a delivery in which nothing is found does not even
// read it: it is three quarters of the detector.
export { SQSClient } from '@aws-sdk/client-sqs';
export { DynamoDBClient } from '@aws-sdk/client-dynamodb';
export { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
export { DynamoDbCorrelationState } from '../correlation-state/dynamodb';
export { sendAll } from './send';
