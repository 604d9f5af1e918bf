import { Aws } from 'aws-cdk-lib';

/** A state as Amazon States Language writes it. */
export type State = Readonly<Record<string, unknown>>;

export interface Machine {
  readonly Comment: string;
  readonly StartAt: string;
  readonly TimeoutSeconds: number;
  readonly States: Readonly<Record<string, State>>;
}

/** ARNs of the functions that the machines call. */
export interface MachineFunctions {
  readonly guardRails: string;
  readonly conclude: string;
  readonly evidence: string;
  readonly contain: string;
  readonly release: string;
}

/** Seconds more than the function's own timeout, so that the function's error is the one that is seen. */
const TASK_GRACE_SECONDS = 10;

export interface Call {
  readonly function: string;
  /** The timeout of the function, in seconds. */
  readonly seconds: number;
  readonly payload: Readonly<Record<string, unknown>>;
  /** Where the answer goes; nowhere by default. */
  readonly resultPath?: string;
  readonly next: string;
  /** Where an error that outlives its retries goes. */
  readonly onError: string;
  readonly retries?: number;
}

/**
 * Calls a function. A crash, a timeout and throttling are tried again: every operation may be run again. The answer
 * carries ids and outcomes; data lies in the store.
 */
export function call(ask: Call): State {
  const { resultPath = null } = ask;
  return {
    Type: 'Task',
    Resource: `arn:${Aws.PARTITION}:states:::lambda:invoke`,
    Parameters: { FunctionName: ask.function, Payload: { schemaVersion: 1, ...ask.payload } },
    ...(resultPath !== null && { ResultSelector: { 'answer.$': '$.Payload' } }),
    ResultPath: resultPath,
    TimeoutSeconds: ask.seconds + TASK_GRACE_SECONDS,
    Retry: [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 1, MaxAttempts: ask.retries ?? 3, BackoffRate: 2 }],
    Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.caught', Next: ask.onError }],
    Next: ask.next,
  };
}

/** Goes by a word that the last answer gave. */
export function choose(variable: string, cases: Readonly<Record<string, string>>, otherwise: string): State {
  return {
    Type: 'Choice',
    Choices: Object.entries(cases).map(([value, next]) => ({ Variable: variable, StringEquals: value, Next: next })),
    Default: otherwise,
  };
}

export function wait(seconds: number, next: string): State {
  return { Type: 'Wait', Seconds: seconds, Next: next };
}

export const succeed: State = { Type: 'Succeed' };

export function fail(error: string, cause: string): State {
  return { Type: 'Fail', Error: error, Cause: cause };
}
