import { describe, expect, test } from '@jest/globals';
import { buildReport, type ReportInput } from '../../lambdas/report/writer/build-report';
import { renderHtml } from '../../lambdas/report/writer/render-html';
import { renderMarkdown } from '../../lambdas/report/writer/render-markdown';
import { timeOfDay, utc } from '../../lambdas/report/writer/time-text';
import { after, entry, sampleIncident, sampleInput, timelineOf } from './sample-incident';

const WRITERS = { html: renderHtml, markdown: renderMarkdown } as const;

describe.each(Object.keys(WRITERS) as (keyof typeof WRITERS)[])('in %s', (writer) => {
  test('no time is cut: what a page says is what the report holds, so that no two times change places', () => {
    const report = buildReport(sampleInput());
    const exact = JSON.stringify([report, sampleInput().timeline]).match(/\d{4}-\d\d-\d\dT[\d:.]+Z/g) ?? [];
    const known = new Set(exact.map(timeOfDay));
    const shown = (WRITERS[writer](report).match(/(?<![\dT:])\d\d:\d\d:\d\d(?:\.\d+)?/g) ?? []).map((time) =>
      time.includes('.') ? time : `${time}.000`,
    );
    expect(shown.length).toBeGreaterThan(40);
    expect(shown.filter((time) => !known.has(time))).toEqual([]);
  });

  test('an alert within the second of its event comes after it, wherever both stand', () => {
    const text = WRITERS[writer](buildReport(fastAlert())).replace(/\s+/g, ' ');
    expect(text).toContain(
      'The first event was at 2026-11-21 03:12:40.900 UTC; the first alert 50 ms later, at 2026-11-21 03:12:40.950 UTC.',
    );
    expect(text).toContain('(event 2026-11-21 03:12:40.900 UTC, alert raised 2026-11-21 03:12:40.950 UTC)');
    expect(text).toMatch(/first (at )?2026-11-21 03:12:40\.950 UTC/);
  });

  test('rows that several functions wrote at once are explained where a clock goes back', () => {
    const note = 'Row 3: earlier by the clock than the row above';
    expect(WRITERS[writer](buildReport(fastAlert(0.05)))).not.toContain('earlier by the clock');
    expect(WRITERS[writer](buildReport(fastAlert(-0.2)))).toContain(note);
  });
});

/** Its event, the alert and the record of it lie within 0.2 seconds; so does a third record, later or earlier. */
function fastAlert(third = 0.01): ReportInput {
  const details = {
    alert: 'a',
    title: 'Key made',
    level: 'high',
    eventAt: after(0.9),
    receivedAt: after(0.92),
    raisedAt: after(0.95),
  };
  const timeline = timelineOf([
    entry(1.1, 'triage', 'incident-opened', 'SEV2: Key made', 'triage', { severity: 'SEV2' }),
    entry(1.1, 'detect', 'alert-raised', 'mallory made a key', 'key-made', details),
    entry(1.1 + third, 'triage', 'escalation-started', 'Escalation chain started', 'triage'),
  ]);
  const incident = { ...sampleIncident(timeline), firstEventAt: after(0.9), openedAt: after(1.1) };
  return { ...sampleInput(), timeline, incident, containments: [], anchors: [] };
}

test.each([
  ['2026-11-21T03:12:45.123Z', '2026-11-21 03:12:45.123 UTC'],
  ['2026-11-21T03:12:45.000Z', '2026-11-21 03:12:45 UTC'],
  ['2026-11-21T03:12:45Z', '2026-11-21 03:12:45 UTC'],
  ['2026-11-21T03:12:40.100Z', '2026-11-21 03:12:40.100 UTC'],
  ['somewhen', 'somewhen'],
])('%s is written %s', (iso, text) => {
  expect(utc(iso)).toBe(text);
});
