import { requireEnv } from '../../shared/require-env';
import { parseLogSources, type LogSourceSetting } from './log-sources';

export interface Env {
  readonly alertQueueUrl: string;
  readonly rejectedQueueUrl: string;
  /** The account that may be acted upon; events of others never enforce. */
  readonly homeAccount: string;
  readonly region: string;
  readonly logSources: readonly LogSourceSetting[];
  /** Where correlations keep what they have seen; there where the rules have correlations. */
  readonly correlationTable?: string;
  /** Set by Lambda. Its lines are never looked at, or each would make the next. */
  readonly ownLogGroup?: string;
}

/** Reads the environment once, at cold start. Throws where something is missing or not as it should be. */
export function readEnv(): Env {
  const correlationTable = process.env.CORRELATION_TABLE;
  const ownLogGroup = process.env.AWS_LAMBDA_LOG_GROUP_NAME;
  return {
    alertQueueUrl: requireEnv('ALERT_QUEUE_URL'),
    rejectedQueueUrl: requireEnv('REJECTED_QUEUE_URL'),
    homeAccount: requireEnv('HOME_ACCOUNT'),
    region: requireEnv('AWS_REGION'),
    logSources: parseLogSources(process.env.LOG_SOURCES ?? '[]'),
    ...(correlationTable !== undefined && correlationTable !== '' && { correlationTable }),
    ...(ownLogGroup !== undefined && { ownLogGroup }),
  };
}
