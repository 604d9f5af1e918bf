import { expect, test } from '@jest/globals';
import { timings } from '../../lambdas/report/timings';
import { after, entry, sampleIncident, sampleTimeline, timelineOf } from './sample-incident';

test('measures from the first alert, and keeps the delivery by the log service apart from our own part', () => {
  const timeline = sampleTimeline();
  expect(timings(sampleIncident(timeline), timeline)).toEqual({
    detect_ms: 63_612,
    delivery_ms: 63_100,
    own_ms: 512,
    acknowledge_ms: 368_088,
    contain_ms: 60_788,
    held_ms: 960_788,
    dwell_ms: 124_400,
    recover_ms: null,
    close_ms: 7_196_888,
  });
});

test("recovery is a person's last word, also where a containment was released before", () => {
  const recovery = (time: string) => ({ moment: 'recovery', time });
  const timeline = timelineOf([
    entry(0, 'detect', 'alert-raised', 'x', 'rule', { raisedAt: after(0) }),
    entry(1, 'triage', 'containment-started', 'x', 'x', { containmentId: 'con-a' }),
    entry(9, 'contain', 'containment-released', 'x', 'x', { containmentId: 'con-a' }),
  ]);
  const incident = sampleIncident(timeline);
  expect(timings(incident, timeline).recover_ms).toBe(9000);
  const told = timelineOf([
    ...[60, 90].map((seconds) => entry(seconds, 'triage', 'moment-recorded', 'x', 'Ada', recovery(after(seconds)))),
    entry(95, 'triage', 'moment-recorded', 'x', 'Ada', { moment: 'materiality', time: after(95) }),
  ]);
  expect(timings(incident, [...timeline, ...told]).recover_ms).toBe(90_000);
});

test('is null where one of several containments is not proven', () => {
  const whole = sampleTimeline();
  const lastVerified = whole.findLastIndex(({ kind }) => kind === 'containment-verified');
  const timeline = whole.filter((_, index) => index !== lastVerified);
  expect(timings(sampleIncident(timeline), timeline)).toMatchObject({ contain_ms: null, dwell_ms: null });
});

test('does not wait for a containment that was only planned', () => {
  const raised = { raisedAt: after(0) };
  const timeline = timelineOf([
    entry(0, 'detect', 'alert-raised', 'x', 'rule', raised),
    entry(1, 'triage', 'containment-started', 'x', 'x', { containmentId: 'con-a' }),
    entry(1, 'triage', 'containment-started', 'x', 'x', { containmentId: 'con-b' }),
    entry(2, 'contain', 'containment-planned', 'x', 'x', { containmentId: 'con-b' }),
    entry(3, 'contain', 'containment-verified', 'x', 'x', { containmentId: 'con-a' }),
  ]);
  expect(timings(sampleIncident(timeline), timeline).contain_ms).toBe(3000);
});

test('takes the first verification, not that of a later attempt', () => {
  const timeline = timelineOf([
    entry(0, 'detect', 'alert-raised', 'x', 'rule', { raisedAt: after(0) }),
    entry(2, 'contain', 'containment-verified', 'x', 'x', { containmentId: 'con-a' }),
    entry(900, 'contain', 'containment-verified', 'x', 'x', { containmentId: 'con-a' }),
  ]);
  expect(timings(sampleIncident(timeline), timeline).contain_ms).toBe(2000);
});

test('leaves a negative time as it is: clocks disagree', () => {
  const timeline = timelineOf([
    entry(0, 'detect', 'alert-raised', 'x', 'rule', { raisedAt: after(-5), eventAt: after(0), receivedAt: after(-6) }),
  ]);
  expect(timings(sampleIncident(timeline), timeline)).toMatchObject({ detect_ms: -5000, delivery_ms: -6000 });
});

test('knows no detection where a person opened the incident', () => {
  const timeline = timelineOf([entry(0, 'triage', 'incident-opened', 'x', 'Sam')]);
  expect(timings(sampleIncident(timeline), timeline)).toMatchObject({
    detect_ms: null,
    dwell_ms: null,
    contain_ms: null,
  });
});
