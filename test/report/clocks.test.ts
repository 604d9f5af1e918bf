import { describe, expect, test } from '@jest/globals';
import type { Incident } from '../../lib/model/incident';
import type { Moment } from '../../lib/model/notification';
import { reportClocks, reportMoments } from '../../lambdas/report/writer/clocks';
import { entry, sampleIncident, timelineOf } from './sample-incident';

/** First alert at 2026-11-21 03:13:43.612 UTC, a Saturday. */
function clocksOf(more: Partial<Incident>, told: Partial<Record<Moment, string>> = {}) {
  const timeline = timelineOf([
    entry(64, 'triage', 'incident-opened', 'SEV4: x', 'triage', { severity: 'SEV4' }),
    entry(64, 'detect', 'alert-raised', 'x', 'rule', {
      raisedAt: '2026-11-21T03:13:43.612Z',
      data: ['personal', 'health', 'payment', 'financial', 'secret'],
    }),
    ...Object.entries(told).map(([moment, time]) =>
      entry(90, 'triage', 'moment-recorded', moment, 'Ada', { moment, time }),
    ),
  ]);
  const incident: Incident = { ...sampleIncident(timeline), severity: 'SEV4', data: [], ...more };
  const moments = reportMoments(incident, timeline);
  const clocks = reportClocks(incident, timeline, moments);
  return {
    moments,
    clocks,
    due: Object.fromEntries(clocks.map(({ id, steps }) => [id, steps.map(({ dueAt }) => dueAt)])),
  };
}

describe('which clocks start', () => {
  test.each([
    ['nothing known, and mild', {}, []],
    ['personal data', { data: ['personal'] }, ['gdpr']],
    ['health data', { data: ['health'] }, ['gdpr', 'hipaa']],
    ['payment data', { data: ['payment'] }, ['pci', 'dora', 'gdpr']],
    ['financial data', { data: ['financial'] }, ['dora']],
    ['secrets', { data: ['secret'] }, []],
    ['SEV1 without known data', { severity: 'SEV1' }, ['nis2', 'sec']],
  ] as const)('%s', (_what, more, ids) => {
    expect(clocksOf(more).clocks.map(({ id }) => id)).toEqual(ids);
  });

  test('are backed by the record that named the data', () => {
    expect(clocksOf({ data: ['health'] }).clocks.map(({ records }) => records)).toEqual([['2'], ['2']]);
  });
});

describe('when a clock ends', () => {
  test('counts awareness from the first alert, so that no deadline is told too late', () => {
    const { moments, due } = clocksOf({ data: ['personal', 'health', 'payment'], severity: 'SEV1' });
    expect(moments.awareness).toEqual({
      moment: 'awareness',
      at: '2026-11-21T03:13:43.612Z',
      basis: 'the first alert',
      records: ['2'],
    });
    expect(due['gdpr']).toEqual(['2026-11-24T03:13:43.612Z', undefined]);
    expect(due['nis2']).toEqual(['2026-11-22T03:13:43.612Z', '2026-11-24T03:13:43.612Z', '2026-12-24T03:13:43.612Z']);
    expect(due['hipaa']).toEqual(['2027-01-20T03:13:43.612Z', '2027-01-20T03:13:43.612Z']);
    expect(due['pci']).toEqual(['2026-11-21T03:13:43.612Z']);
    expect(due['sec']).toEqual([undefined]);
  });

  test("takes a person's word for it, the last one", () => {
    const { moments, due } = clocksOf({ data: ['personal'] }, { awareness: '2026-11-21T09:00:00.000Z' });
    expect(moments.awareness).toMatchObject({ basis: 'recorded by Ada', records: ['3'] });
    expect(due['gdpr']?.[0]).toBe('2026-11-24T09:00:00.000Z');
  });

  test.each([
    ['nobody classified it: the outer limit', undefined, '2026-11-22T03:13:43.612Z'],
    ['classified early', '2026-11-21T05:00:00.000Z', '2026-11-21T09:00:00.000Z'],
    ['classified just before the outer limit', '2026-11-22T02:00:00.000Z', '2026-11-22T03:13:43.612Z'],
    ['classified after it', '2026-11-23T02:00:00.000Z', '2026-11-23T06:00:00.000Z'],
  ])('DORA, %s', (_what, classification, due) => {
    const told = classification === undefined ? {} : { classification };
    expect(clocksOf({ data: ['financial'] }, told).due['dora']?.[0]).toBe(due);
  });

  test.each([
    ['a Saturday', '2026-11-21T12:00:00.000Z', '2026-11-26T12:00:00.000Z'],
    ['a Monday', '2026-11-23T12:00:00.000Z', '2026-11-27T12:00:00.000Z'],
    ['a Thursday', '2026-11-26T12:00:00.000Z', '2026-12-02T12:00:00.000Z'],
  ])('SEC counts business days from %s', (_what, materiality, due) => {
    expect(clocksOf({ severity: 'SEV1' }, { materiality }).due['sec']).toEqual([due]);
  });

  test('a month from the last day of a long one ends on the last of a short one', () => {
    const { due } = clocksOf({ severity: 'SEV2' }, { awareness: '2027-01-28T10:00:00.000Z' });
    expect(due['nis2']?.[2]).toBe('2027-02-28T10:00:00.000Z');
  });

  test('a time that is none counts as none', () => {
    expect(clocksOf({ severity: 'SEV1' }, { materiality: 'soon' }).due['sec']).toEqual([undefined]);
  });
});
