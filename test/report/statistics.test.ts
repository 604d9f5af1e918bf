import { expect, test } from '@jest/globals';
import type { Incident } from '../../lib/model/incident';
import { distribution, sampleOf, statistics } from '../../lambdas/report/statistics';
import { entry, sampleIncident, sampleTimeline, timelineOf } from './sample-incident';

const timeline = sampleTimeline();

function sample(more: Partial<Incident> = {}) {
  return sampleOf({ ...sampleIncident(timeline), ...more }, timeline);
}

test('mean, median and p90 are of what is known; nulls and negatives are counted apart', () => {
  expect(distribution([3, null, 1, -5, 2, null, 10])).toEqual({
    count: 4,
    mean: 4,
    median: 2.5,
    p90: 10,
    missing: 2,
    negative: 1,
  });
});

test.each([
  [Array.from({ length: 10 }, (_, index) => index + 1), 9, 5.5],
  [[7], 7, 7],
  [[1, 2, 100], 100, 2],
])('p90 of %j is %s, a time that was really taken; the median %s', (values, p90, median) => {
  expect(distribution(values)).toMatchObject({ p90, median });
});

test('without any value nothing is claimed', () => {
  const none = { count: 0, mean: null, median: null, p90: null, negative: 0 };
  expect(distribution([])).toEqual({ ...none, missing: 0 });
  expect(distribution([null])).toEqual({ ...none, missing: 1 });
});

test('takes the times of an incident as its report does', () => {
  expect(sample().timings).toEqual({
    detect_ms: 63_612,
    acknowledge_ms: 368_088,
    contain_ms: 60_788,
    recover_ms: null,
  });
});

test('counts alerts, incidents and false positives by rule, and merged incidents by those that go on', () => {
  const repeats = { 'access-key-for-another-user': 4, 'guardduty-instance': 1 };
  const stats = statistics([
    sample({ repeats }),
    sample({ repeats, falsePositive: true }),
    sample({ status: 'open', rules: ['guardduty-instance'], repeats: { 'guardduty-instance': 9 } }),
    sample({ status: 'merged' }),
  ]);
  expect(stats).toMatchObject({ incidents: 3, open: 1, merged: 1, falsePositives: 1 });
  expect(stats.rules).toEqual([
    { rule: 'guardduty-instance', alerts: 11, incidents: 3, falsePositives: 1 },
    { rule: 'access-key-for-another-user', alerts: 8, incidents: 2, falsePositives: 1 },
  ]);
  expect(stats.times.recover_ms).toMatchObject({ count: 0, missing: 3 });
});

test('counts a containment that failed once, however often it is said', () => {
  const failed = (containmentId: string, seconds: number) =>
    entry(seconds, 'contain', 'containment-failed', 'Not contained', 'x', { containmentId });
  const refused = entry(9, 'contain', 'containment-refused', 'Refused', 'x', { containmentId: 'con-b' });
  const records = timelineOf([failed('con-a', 1), failed('con-a', 2), failed('con-b', 3), refused]);
  expect(statistics([sampleOf(sampleIncident(records), records)]).failedContainments).toEqual({
    failed: 2,
    notHeld: 0,
    refused: 1,
  });
});
