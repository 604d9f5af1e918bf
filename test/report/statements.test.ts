import { describe, expect, test } from '@jest/globals';
import { statementsOf, unbacked } from '../../lambdas/report/backing';
import { buildReport, type ReportInput } from '../../lambdas/report/writer/build-report';
import type { Report } from '../../lambdas/report/writer/report';
import { renderHtml } from '../../lambdas/report/writer/render-html';
import { reportSchema } from '../../config/report-schema';
import { sha256 } from '../../lib/model/ids';
import { anchorOf } from '../../lib/model/timeline-anchor';
import { entry, INCIDENT_ID, sampleIncident, sampleInput, timelineOf } from './sample-incident';

const OTHER = 'inc-0mi8q2k9x-77aa01c2d3';

/** The sample with an incident that was merged into it, whose record falls between two of its own. */
function familyInput(): ReportInput {
  const input = sampleInput();
  const timeline = timelineOf(
    [
      entry(70, 'triage', 'incident-opened', 'SEV3: Bucket listed', 'triage', { severity: 'SEV3' }),
      entry(71, 'detect', 'alert-raised', 'Bucket listed by build-agent', 'bucket-listed', { title: 'Bucket listed' }),
      entry(125, 'triage', 'incident-merged', `Merged into incident ${INCIDENT_ID}`, 'triage'),
    ],
    OTHER,
  );
  const incident = { ...sampleIncident(timeline), id: OTHER, status: 'merged' as const, mergedInto: INCIDENT_ID };
  return { ...input, merged: [{ incident, timeline, anchors: timeline.map(anchorOf) }] };
}

describe.each([
  ['an incident', sampleInput()],
  ['an incident with another merged into it', familyInput()],
])('the report of %s', (_what, input) => {
  const report = buildReport(input);

  test('names at least one record for each statement, and every record is there', () => {
    expect(statementsOf(report).length).toBeGreaterThan(20);
    // Actions that the store knows and the sample's timeline does not.
    expect(unbacked(report)).toEqual([
      '/containments/0/actions/2 names no record',
      '/containments/1/actions/0 names no record',
    ]);
  });

  test('is found out where a record is named that is not there', () => {
    const [first, ...others] = report.answers;
    if (!first) throw new Error('the report has answers');
    const forged = { ...report, answers: [{ ...first, records: ['999'] }, ...others] };
    expect(unbacked(forged)).toContain('/answers/0 names record 999, which is not there');
    const [row, ...rest] = report.failures;
    if (!row) throw new Error('the sample has failures');
    expect(unbacked({ ...report, failures: [{ ...row, name: '999' }, ...rest] })).toContain(
      'row 999 is not on the timeline',
    );
  });

  test('is as its published schema says', () => {
    const written = JSON.parse(JSON.stringify(report)) as unknown;
    expect(reportSchema.safeParse(written).error?.message).toBeUndefined();
    expect(reportSchema.safeParse({ ...(written as object), more: 1 }).success).toBe(false);
  });

  test('tells no time that no record holds', () => {
    const said = JSON.stringify([input.timeline, input.merged]);
    const computed = [
      report.writtenAt,
      ...report.clocks.flatMap(({ steps }) => steps.flatMap(({ dueAt }) => dueAt ?? [])),
    ];
    const times = JSON.stringify(report).match(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g) ?? [];
    const unsaid = [...new Set(times)].filter((time) => !said.includes(time) && !computed.includes(time));
    // When a run began stands in the store; the hand-over's record follows within a second.
    const runs = report.containments.map(({ startedAt }) => startedAt);
    const actions = report.containments.flatMap(({ actions: all }) => all.flatMap(({ appliedAt }) => appliedAt ?? []));
    expect(unsaid.filter((time) => ![...runs, ...actions].includes(time))).toEqual([]);
  });

  test('leads from each statement of the page to a row of the page', () => {
    const page = renderHtml(report);
    const ids = new Set(Array.from(page.matchAll(/ id="([^"]+)"/g), ([, id]) => id));
    const links = Array.from(page.matchAll(/href="#([^"]+)"/g), ([, id]) => id);
    expect(links.length).toBeGreaterThan(30);
    expect(links.filter((id) => !ids.has(id))).toEqual([]);
  });

  test('is not intact where one byte of any record is changed', () => {
    const timelines = [input.timeline, ...input.merged.map(({ timeline }) => timeline)];
    timelines.forEach((timeline, which) => {
      timeline.forEach((record, place) => {
        for (const field of Object.keys(record) as (keyof typeof record)[]) {
          const changed = timeline.map((one, index) =>
            index === place ? { ...one, [field]: oneByteOff(one[field]) } : one,
          );
          const report = buildReport(which === 0 ? { ...input, timeline: changed } : withMerged(input, changed));
          const verdict = which === 0 ? report.chain : report.merged[0];
          expect({ which, place, field, intact: verdict?.intact }).toEqual({ which, place, field, intact: false });
        }
      });
    });
  });
});

function withMerged(input: ReportInput, timeline: ReportInput['timeline']): ReportInput {
  return { ...input, merged: input.merged.map((one) => ({ ...one, timeline })) };
}

function oneByteOff(value: unknown): unknown {
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'string') return value === '' ? 'x' : `${value.slice(0, -1)}${value.endsWith('x') ? 'y' : 'x'}`;
  return { ...(value as object), more: 1 };
}

test('shows records of a merged incident in order of time, by its id and sequence', () => {
  const report = buildReport(familyInput());
  const names = report.timeline.map(({ name }) => name);
  expect(names.filter((name) => name.includes('#'))).toEqual([1, 2, 3].map((sequence) => `${OTHER}#${sequence}`));
  expect(report.timeline.map(({ at }) => at)).toEqual([...report.timeline.map(({ at }) => at)].sort());
  expect(report.merged).toMatchObject([{ incidentId: OTHER, intact: true, unanchored: 0 }]);
  expect(report.records).toBe(29);
  expect(report.severityHistory.map(({ to }) => to)).toEqual(['SEV2', 'SEV1']);
  expect(renderHtml(report)).toContain(`${OTHER}</code>, merged into this one: Intact up to record 3`);
});

/** What a reader sees: the page without its marks. */
function textOf(page: string): string {
  return page
    .replace(/<style>[\s\S]*?<\/style>/, '')
    .replace(/<[^>]+>/g, ' ')
    .replaceAll('&#39;', "'")
    .replace(/[\s\u00a0]+/g, ' ');
}

/** The key: what a reader who has only the page must be able to say. */
const KEY: readonly (readonly [question: string, ...facts: RegExp[]])[] = [
  ['What happened?', /Access key created for another user/, /against user deploy/, /One further alert/],
  [
    'When did we know?',
    /2026-11-21 03:12:40 UTC/,
    /03:13:43\.612 UTC/,
    /Maya Lindqvist acknowledged/,
    /03:19:51\.700 UTC/,
  ],
  [
    'Who did what?',
    /user\/build-agent/,
    /198\.51\.100\.23/,
    /Disable access keys/,
    /Maya Lindqvist, 2026-11-21 05:13:40\.500 UTC: Closed/,
  ],
  [
    'What is contained, and was it read back?',
    /user build-agent/,
    /i-0a1b2c3d4e5f60718/,
    /read back from AWS, and still in place/,
  ],
  ['Is it over?', /closed at 05:13:40\.500 UTC/, /Two tasks/],
  [
    'Whom must we notify, and by when?',
    /GDPR: the data protection authority/,
    /by 2026-11-24 03:13:43\.612 UTC \(72 h/,
    /NIS2/,
    /by 2026-11-22 03:13:43\.612 UTC \(24 h/,
    /not legal advice/,
  ],
];

test('answers six questions to whoever has the page alone', () => {
  const text = textOf(renderHtml(buildReport(sampleInput())));
  KEY.forEach(([question, ...facts], index) => {
    const from = text.indexOf(question);
    expect({ question, there: from >= 0 }).toEqual({ question, there: true });
    const to = KEY[index + 1] ? text.indexOf(KEY[index + 1]?.[0] ?? '') : text.indexOf('How fast');
    for (const fact of facts) expect(text.slice(from, to)).toMatch(fact);
  });
});

test('is the same for the same incident', () => {
  const of = (report: Report) => sha256(JSON.stringify(report));
  expect(of(buildReport(familyInput()))).toBe(of(buildReport(familyInput())));
});
