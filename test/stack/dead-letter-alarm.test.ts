import { describe, expect, test } from '@jest/globals';
import { metricMath } from './metric-math';
import { ofType, resourcesOf, sampleApp, sampleStack } from './sample-stack';

interface AlarmProperties {
  readonly EvaluationPeriods: number;
  readonly Threshold: number;
  readonly ComparisonOperator: string;
  readonly TreatMissingData: string;
  readonly MetricName?: string;
  readonly Statistic?: string;
  readonly Period?: number;
  readonly Metrics?: readonly {
    readonly Id: string;
    readonly Expression?: string;
    readonly ReturnData?: boolean;
    readonly MetricStat?: { readonly Stat: string; readonly Period: number };
  }[];
}

const alarms = ofType(resourcesOf(sampleStack(sampleApp()).stack), 'AWS::CloudWatch::Alarm').flatMap(
  ([id, { Properties }]) =>
    JSON.stringify(Properties).includes('"ApproximateNumberOfMessagesVisible"') && id.includes('SelfWatch')
      ? [[id, Properties as unknown as AlarmProperties] as const]
      : [],
);

/** How much waits in each minute; undefined where SQS says nothing, as of a queue that nobody used. */
type Minutes = readonly (number | undefined)[];

/** CloudWatch looks back further than one period. */
const PERIODS = 3;

/**
 * Whether the alarm is on in each minute, where figures come so many minutes late: as CloudWatch has it, which looks each
 * minute at the periods that end then.
 */
function states(alarm: AlarmProperties, waiting: Minutes, late: number): boolean[] {
  expect(alarm).toMatchObject({
    EvaluationPeriods: 1,
    Threshold: 1,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    TreatMissingData: 'notBreaching',
  });
  const metrics = alarm.Metrics ?? [
    { Id: 'm', ReturnData: true, MetricStat: { Stat: alarm.Statistic ?? '', Period: alarm.Period ?? 0 } },
  ];
  const ordered: (typeof metrics)[number][] = [];
  for (let left = metrics; left.length > 0; left = left.filter((metric) => !ordered.includes(metric))) {
    const known = new Set(ordered.map(({ Id }) => Id));
    const ready = left.filter(({ Expression = '' }) =>
      (Expression.match(/\b[a-z]\w*/g) ?? []).every((id) => known.has(id)),
    );
    if (ready.length === 0) throw new Error('an expression needs what is not there');
    ordered.push(...ready);
  }
  return waiting.map((_, now) => {
    const known: Record<string, Minutes> = {};
    for (const metric of ordered) known[metric.Id] = seriesOf(metric, known);
    const [shown] = metrics.filter(({ ReturnData }) => ReturnData !== false);
    const last = known[shown?.Id ?? '']?.findLast((value) => value !== undefined);
    return last !== undefined && last >= 1;

    function seriesOf({ Expression, MetricStat }: (typeof metrics)[number], others: typeof known): Minutes {
      const minutes = (metrics.find((one) => one.MetricStat)?.MetricStat?.Period ?? 60) / 60;
      const starts = Array.from({ length: PERIODS }, (_each, index) => now + 1 - minutes * (PERIODS - index));
      if (Expression !== undefined) {
        return metricMath(
          Expression,
          others,
          starts.map((start) => (start + 600) % 60),
        );
      }
      expect(MetricStat?.Stat).toBe('Maximum');
      return starts.map((start) => {
        const seen = waiting.slice(Math.max(0, start), Math.max(0, Math.min(start + minutes, now + 1 - late)));
        const counted = seen.filter((value) => value !== undefined);
        return counted.length > 0 ? Math.max(...counted) : undefined;
      });
    }
  });
}

/** Minutes in which somebody is told: the alarm was off and is on. */
const rings = (on: readonly boolean[]) => on.flatMap((here, minute) => (here && !on[minute - 1] ? [minute] : []));

const during = (minutes: number, waiting: (minute: number) => number | undefined) =>
  Array.from({ length: minutes }, (_, minute) => waiting(minute));

const WHEN = [0, 2].flatMap((late) => during(10, (minute) => minute).map((start) => [start ?? 0, late] as const));

describe('the alarm of a dead-letter queue', () => {
  const [[, alarm] = []] = alarms;
  const on = (waiting: Minutes, late: number) => {
    if (!alarm) throw new Error('there is none');
    return states(alarm, waiting, late);
  };

  test('is the same for each queue', () => {
    expect(alarms.length).toBeGreaterThan(10);
    const expressions = alarms.map(([, { Metrics }]) => (Metrics ?? []).map(({ Expression }) => Expression));
    expect(new Set(expressions.map((each) => JSON.stringify(each))).size).toBe(1);
  });

  describe.each(WHEN)('from minute %i on, with figures %i minutes late', (start, late) => {
    const first = 60 + start;

    test('tells of the first message at once, and stays on while it lies there', () => {
      const state = on(
        during(300, (minute) => (minute < first ? undefined : 1)),
        late,
      );
      expect(rings(state)).toEqual([first + late]);
      expect(state.slice(first + late)).not.toContain(false);
    });

    test('tells of one more within a quarter of an hour, once or twice, and is on afterwards', () => {
      const more = first + 130;
      const state = on(
        during(300, (minute) => (minute < first ? 0 : minute < more ? 1 : 2)),
        late,
      );
      const [, ...again] = rings(state);
      expect([1, 2]).toContain(again.length);
      expect(again.filter((minute) => minute < more || minute > more + 15)).toEqual([]);
      expect(state.slice(more + 15)).not.toContain(false);
      expect(state.slice(first + late, more)).not.toContain(false);
    });

    test.each([1, 3, 7, 10])('tells again and again where one comes every %i minutes, and does not flood', (every) => {
      const told = rings(
        on(
          during(300, (minute) => (minute < first ? 0 : 1 + Math.floor((minute - first) / every))),
          late,
        ),
      );
      const pauses = told.map((minute, index) => (told[index + 1] ?? 300) - minute);
      expect(Math.max(...pauses)).toBeLessThanOrEqual(20);
      expect(told.length).toBeLessThanOrEqual(2 * ((300 - first) / 10 + 2));
    });

    test('turns off once the queue is empty, and takes no look at a message for growth', () => {
      const looked = first + 30;
      const emptied = first + 120;
      const state = on(
        during(300, (minute) =>
          minute < first || minute >= emptied || (minute >= looked && minute < looked + 2) ? 0 : 1,
        ),
        late,
      );
      expect(rings(state)).toEqual([first + late]);
      expect(state.slice(emptied + 15)).not.toContain(true);
    });
  });
});
