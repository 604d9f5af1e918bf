import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { QueryRequest } from '../lambdas/triage/query/request';
import type { RespondInput } from '../lambdas/triage/respond/request';
import { isJsonObject, textAt, type Json } from '../lib/model/json';
import { type AwsConfig, whereIs } from './aws';
import { CommandError } from './command-error';
import { type DeployedStack, readStack } from './deployed-stack';
import type { Io } from './io';
import type { AwsOptions } from './options';
import { safe } from './print';

/** A deployed Firebreak that can be asked: nothing here touches its store. */
export class Firebreak {
  private readonly lambda: LambdaClient;

  public constructor(
    public readonly stack: DeployedStack,
    public readonly aws: AwsConfig,
  ) {
    this.lambda = new LambdaClient(aws);
  }

  public static async find(options: AwsOptions, io: Io): Promise<Firebreak> {
    const { stack, aws } = whereIs(options, io);
    return new Firebreak(await readStack(aws, stack), aws);
  }

  /** @throws CommandError with the stack's own words where it refuses. */
  public async query<T>(request: QueryRequest): Promise<T> {
    return (await this.invoke(this.stack.output('FirebreakQueryFunction'), request)) as T;
  }

  /** @throws CommandError with the stack's own words where it refuses. */
  public async respond<T>(request: RespondInput): Promise<T> {
    return (await this.invoke(this.stack.output('FirebreakRespondFunction'), request)) as T;
  }

  /** An incident may be more than a function can read or answer; the report writer has another limit, and wrote it down. */
  private remedy(request: QueryRequest | RespondInput): string {
    const bucket = this.stack.optional('FirebreakVaultBucket');
    if (request.op !== 'show' || bucket === undefined) return '';
    return `; the draft report of the incident lies in the vault: aws s3 cp s3://${bucket}/drafts/${request.incidentId}/report.md -`;
  }

  private async invoke(FunctionName: string, request: QueryRequest | RespondInput): Promise<unknown> {
    const { Payload, FunctionError } = await this.lambda.send(
      new InvokeCommand({ FunctionName, Payload: JSON.stringify(request) }),
    );
    const answer = parsed(Payload?.transformToString() ?? '');
    if (FunctionError !== undefined) {
      const reason = textAt(answer, 'errorMessage') ?? FunctionError;
      throw new CommandError(
        `function '${FunctionName}' failed: ${safe(reason)}; its log group says more${this.remedy(request)}`,
      );
    }
    if (isJsonObject(answer) && answer.ok === true) return answer.value;
    const problem = textAt(answer, 'problem');
    throw new CommandError(
      problem === undefined
        ? `function '${FunctionName}' gave an answer that is not understood; command line and stack are of different versions: deploy again`
        : safe(problem, 1000),
    );
  }
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return null; // Told above, as an answer that is not understood.
  }
}
