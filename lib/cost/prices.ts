/**
 * List prices of AWS in us-east-1, in USD, as published in 2026-11 on the pricing pages of CloudWatch, KMS, Secrets Manager, SQS and
 * Lambda (x86). Most Regions cost the same to a third more. No free tier is taken off.
 */
export const PRICES = {
  /** One metric that a standard alarm looks at, a month. */
  alarmMetric: 0.1,
  /** The same with a period of less than a minute. */
  highResolutionAlarmMetric: 0.3,
  compositeAlarm: 0.5,
  /** One custom metric, a month, among the first 10,000. */
  customMetric: 0.3,
  /** A month; an account has three without charge. */
  dashboard: 3,
  /** A customer managed key, a month; each of its first two yearly rotations adds as much. */
  key: 1,
  secret: 0.4,
  /** Each, of a standard queue. */
  queueRequest: 0.4 / 1_000_000,
  /** Each. */
  invocation: 0.2 / 1_000_000,
  gigabyteSecond: 0.000_016_666_7,
  /** Taken in by CloudWatch Logs. */
  gigabyteOfLogs: 0.5,
} as const;

/** What a month has in AWS's bills. */
export const HOURS_A_MONTH = 730;

/**
 * Requests of what polls one queue for Lambda while nothing comes: five pollers, each with calls of 20 seconds (Lambda's documentation
 * for standard queues says five batches at once).
 */
export const POLLS_A_MONTH = (5 * HOURS_A_MONTH * 3_600) / 20;
