import { ESCALATION_METRICS, LEVELS_UNANSWERED } from '../../../lib/model/metrics';

/**
 * Counts a level that let its time run out, in CloudWatch's embedded metric format. Written to standard output as it
 * is: `console.log` would wrap it in a log record of Lambda's JSON format, in which CloudWatch finds no metrics.
 */
export function countUnanswered(chain: string): void {
  const metric = {
    _aws: {
      Timestamp: Date.now(),
      CloudWatchMetrics: [
        {
          Namespace: ESCALATION_METRICS,
          Dimensions: [['Chain']],
          Metrics: [{ Name: LEVELS_UNANSWERED, Unit: 'Count' }],
        },
      ],
    },
    Chain: chain,
    [LEVELS_UNANSWERED]: 1,
  };
  process.stdout.write(`${JSON.stringify(metric)}\n`);
}
