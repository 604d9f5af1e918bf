import { describe, expect, test } from '@jest/globals';
import { metricMath } from './metric-math';
import { ofType, resourcesOf, sampleApp, sampleStack } from './sample-stack';

interface Query {
  readonly Id: string;
  readonly Expression?: string;
  readonly MetricStat?: { readonly Stat: string; readonly Metric: { readonly Dimensions: unknown } };
}

const alarms = ofType(resourcesOf(sampleStack(sampleApp()).stack), 'AWS::CloudWatch::Alarm');
const growth = alarms
  .filter(([id]) => id.includes('DeadLettersGrow'))
  .map(([, { Properties }]) => Properties?.['Metrics'] as readonly Query[]);
const queues = growth.flatMap((metrics) => metrics.flatMap(({ MetricStat }) => MetricStat?.Metric.Dimensions ?? []));

/** Whether the alarm is on in each period, where one of its queues has so many messages and the others have no figures. */
function isOn(metrics: readonly Query[], queue: string, waiting: readonly (number | undefined)[]): boolean[] {
  const known = Object.fromEntries(
    metrics
      .filter(({ MetricStat }) => MetricStat)
      .map(({ Id }) => [Id, waiting.map((n) => (Id === queue ? n : undefined))]),
  );
  const expression = metrics.find(({ Expression }) => Expression !== undefined)?.Expression ?? '';
  return metricMath(expression, known).map((value) => value !== undefined && value >= 1);
}

describe('more dead letters than before', () => {
  test('are looked for in every queue that has an alarm, each once', () => {
    const own = alarms.flatMap(([, { Properties }]) =>
      Properties?.['MetricName'] === 'ApproximateNumberOfMessagesVisible' ? [Properties['Dimensions']] : [],
    );
    expect(queues.map((one) => JSON.stringify([one])).sort()).toEqual(own.map((one) => JSON.stringify(one)).sort());
    expect(queues.length).toBeGreaterThan(10);
  });

  test('are looked for by alarms that CloudWatch takes: ten metrics, 2,048 characters', () => {
    for (const metrics of growth) {
      expect(metrics.filter(({ MetricStat }) => MetricStat).length).toBeLessThanOrEqual(10);
      expect(metrics.find(({ Expression }) => Expression !== undefined)?.Expression?.length).toBeLessThanOrEqual(2_048);
    }
  });

  const cases: readonly [string, readonly (number | undefined)[], readonly boolean[]][] = [
    ['not by the first, which the queue tells itself', [undefined, 0, 1, 1, 1], [false, false, false, false, false]],
    ['by one more', [0, 1, 1, 2, 2], [false, false, false, true, false]],
    ['by each that comes some time after another', [1, 2, 2, 3, 3, 9], [false, true, false, true, false, true]],
    ['all the time while they come', [1, 2, 3, 4], [false, true, true, true]],
    ['not by fewer, nor where nothing waits', [5, 3, 0, undefined], [false, false, false, false]],
    ['by one more in a queue that was silent for hours', [undefined, 1, 2], [false, false, true]],
  ];
  test.each(cases)('are told %s', (_, waiting, on) => {
    for (const metrics of growth) {
      for (const { Id } of metrics.filter(({ MetricStat }) => MetricStat)) {
        expect(isOn(metrics, Id, waiting)).toEqual(on);
      }
    }
  });
});
