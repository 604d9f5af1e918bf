import type { Duration } from 'aws-cdk-lib';
import { Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Function as LambdaFunction, LoggingFormat, Runtime } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { firebreakLogs } from './firebreak-logs';
import { InlineRole } from './inline-role';
import { prebuiltCode } from './prebuilt-code';

/** What a Lambda function of Firebreak needs to know. */
export interface FirebreakFunctionProps {
  /** Folder of the prebuilt bundle below `dist/lambdas`, e.g. `escalate/page`. */
  readonly bundle: string;
  /**
   * What the bundle exports for this function.
   *
   * @default - `handler`
   */
  readonly handler?: string;
  readonly description: string;
  /** At most 15 minutes. */
  readonly timeout: Duration;
  /**
   * In MiB.
   *
   * @default - 512 MiB
   */
  readonly memorySize?: number;
  /** @default - none */
  readonly environment?: { [name: string]: string };
  /**
   * Files written beside the bundle at synth, by name.
   *
   * @default - none
   */
  readonly files?: { [name: string]: string };
  /**
   * Where an asynchronous invocation goes that failed for good.
   *
   * @default - none; nothing invokes it asynchronously
   */
  readonly deadLetterQueue?: IQueue;
  /**
   * Where it logs; functions that belong together share one.
   *
   * @default - a log group of its own, kept for three months
   */
  readonly logGroup?: ILogGroup;
}

/**
 * A Lambda function with a role of its own, a log group that is not kept for ever, and nothing that it was not granted.
 */
export class FirebreakFunction extends LambdaFunction {
  constructor(scope: Construct, id: string, props: FirebreakFunctionProps) {
    const logGroup = props.logGroup ?? firebreakLogs(scope, `${id}Logs`);
    const role = new InlineRole(scope, `${id}Role`, {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `Firebreak: ${props.description}`.slice(0, 1000),
    });
    role.addToPolicy(
      new PolicyStatement({
        effect: Effect.ALLOW,
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [logGroup.logGroupArn],
      }),
    );
    super(scope, id, {
      runtime: Runtime.NODEJS_24_X,
      handler: `index.${props.handler ?? 'handler'}`,
      code: prebuiltCode(scope, props.bundle, props.files),
      description: props.description,
      timeout: props.timeout,
      memorySize: props.memorySize ?? 512,
      role,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      deadLetterQueue: props.deadLetterQueue,
      environment: {
        // Says in CloudTrail's user agent which part of Firebreak made a call.
        AWS_SDK_UA_APP_ID: nameOfCaller(props),
        ...props.environment,
      },
    });
  }

  /** Into the role itself: an app's feature flag would have a policy resource made for each statement. */
  public override addToRolePolicy(statement: PolicyStatement): void {
    this.role?.addToPrincipalPolicy(statement);
  }
}

/** At most 50 characters: `firebreak-runbooks-isolate-instance-contain`. */
function nameOfCaller({ bundle, handler }: FirebreakFunctionProps): string {
  const part = handler === undefined ? bundle : bundle.replace(/[^/]+$/, handler);
  return `firebreak-${part.replace(/[^a-z-]/g, '-')}`.slice(0, 50);
}
