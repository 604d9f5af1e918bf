import { describe, expect, test } from '@jest/globals';
import type { Nodes } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { reportSchema } from '../../config/report-schema';
import { buildReport } from '../../lambdas/report/writer/build-report';
import { renderHtml } from '../../lambdas/report/writer/render-html';
import { renderMarkdown } from '../../lambdas/report/writer/render-markdown';
import type { JsonObject } from '../../lib/model/json';
import { HOSTILE } from './hostile';
import { entry, sampleInput, timelineOf } from './sample-incident';

const finding = (more: JsonObject = {}): JsonObject => ({
  kind: 'user',
  id: 'arn:aws:iam::111122223333:user/backdoor',
  did: 'created',
  call: 'iam:CreateUser',
  at: '2026-11-21T03:13:00.000Z',
  eventId: 'e-1',
  region: 'us-east-1',
  by: 'arn:aws:iam::111122223333:user/build-agent',
  seenIn: 'cloudtrail',
  ...more,
});

function reportOf(...findings: readonly (JsonObject | string)[]) {
  return buildReport({
    ...sampleInput(),
    timeline: timelineOf([
      entry(1, 'contain', 'sweep-found', 'found', 'sweep', { findings: [...findings] }),
      entry(2, 'contain', 'sweep-ended', 'Swept from 03:12 UTC to 03:40 UTC', 'sweep'),
    ]),
  });
}
/** Counts of everything that is not text. */
function shapeOf(markdown: string): Record<string, number> {
  const counts: Record<string, number> = {};
  const visit = (node: Nodes) => {
    if (node.type !== 'text') counts[node.type] = (counts[node.type] ?? 0) + 1;
    if ('children' in node) node.children.forEach(visit);
  };
  visit(fromMarkdown(markdown));
  return counts;
}
const sectionOf = (page: string) => /<section aria-labelledby="swept">.*?<\/section>/s.exec(page)?.[0] ?? '';

describe('what the actor did, in the report', () => {
  test('is listed by when it was done, with who says so, what contains it and the record that backs it', () => {
    const report = reportOf(
      finding({ at: '2026-11-21T03:15:00.000Z', id: 'later', seenIn: 'alert' }),
      finding({ runbook: 'disable-access-key' }),
    );

    expect(
      report.swept.map(({ id, runbook, onlyInAnAlert, records }) => [id, runbook, onlyInAnAlert, records]),
    ).toEqual([
      ['arn:aws:iam::111122223333:user/backdoor', 'disable-access-key', false, ['1']],
      ['later', undefined, true, ['1']],
    ]);
    expect(report.sweeps.map(({ text }) => text)).toEqual(['Swept from 03:12 UTC to 03:40 UTC']);
    expect(reportSchema.safeParse(report).error).toBeUndefined();
    const section = sectionOf(renderHtml(report));
    expect(section).toMatch(
      /user\/backdoor.*disable-access-key.*later.*only an alert says so.*nobody yet.*Swept from/s,
    );
    expect(renderMarkdown(report)).toMatch(
      /## What the actor did since.*user\/backdoor.*disable-access-key.*Swept from/s,
    );
  });

  test('is said to be unknown where nobody has looked', () => {
    const report = buildReport(sampleInput());
    expect(report.swept).toEqual([]);
    expect(sectionOf(renderHtml(report))).toMatch(/Nobody has looked/);
  });

  test('findings that are none keep no report from being written', () => {
    const report = reportOf('x', { kind: 17, id: null });
    expect(report.swept).toHaveLength(1);
    expect(renderHtml(report)).toContain('What the actor did since');
  });

  test.each(HOSTILE)('$what in a name is text and nothing else', ({ text }) => {
    const tags = (page: string) => Array.from(page.matchAll(/<\/?[a-z0-9]+|\s[a-z-]+="/gi), ([tag]) => tag.trim());
    // Some of these leave nothing when they are neutralised, and nothing is no code.
    const name = `a ${text}`;
    const hostile = reportOf(
      finding({ id: name, by: name, call: name, region: name, eventId: name, kind: name, did: name }),
    );
    expect(tags(sectionOf(renderHtml(hostile)))).toEqual(tags(sectionOf(renderHtml(reportOf(finding())))));
    expect(JSON.stringify(hostile.swept)).not.toMatch(/\\u001b|\\u0007|\u202e/i);
    expect(shapeOf(renderMarkdown(hostile))).toEqual(shapeOf(renderMarkdown(reportOf(finding()))));
  });
});
