import { IAMClient } from '@aws-sdk/client-iam';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SQSClient } from '@aws-sdk/client-sqs';
import { cases } from '../../../runbooks/quarantine-function/cases';
import type { Shape } from '../contract';
import { makeFunction, readFunctionState } from '../function';
import { targetOf } from '../run-actions';

export const shapes: readonly Shape[] = cases.map((shape) => ({
  name: shape.name,
  async arrange(aws) {
    const clients = {
      lambda: new LambdaClient(aws.client),
      iam: new IAMClient(aws.client),
      sqs: new SQSClient(aws.client),
    };
    const arn = await makeFunction(clients, shape);
    return { target: targetOf('function', arn), stateOf: () => readFunctionState(clients, arn) };
  },
}));
