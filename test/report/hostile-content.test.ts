import { describe, expect, test } from '@jest/globals';
import type { Nodes } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { neutralText } from '../../lambdas/shared/neutral-text';
import { buildReport } from '../../lambdas/report/writer/build-report';
import { renderHtml } from '../../lambdas/report/writer/render-html';
import { renderMarkdown } from '../../lambdas/report/writer/render-markdown';
import { HOSTILE } from './hostile';
import { sampleInput } from './sample-incident';

const reportOf = (text: string) => buildReport(sampleInput({ userAgent: text, userName: text, title: text }));

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

/** What GitHub's dialect adds: cells in each row of a table, and what would become a link, struck or a footnote. */
function dialectOf(markdown: string): unknown {
  const plain = markdown.replace(/\\./g, '').replace(/(`+)[^`].*?\1(?!`)/g, '');
  return {
    cells: plain
      .split('\n')
      .filter((line) => line.startsWith('|'))
      .map((line) => line.split('|').length),
    links: plain.match(/https?:\/\/|www\.\w/g),
    struck: plain.match(/~~/g),
    footnotes: plain.match(/\[\^/g),
  };
}

/** Names of elements and attributes, in order, with no text. */
function tagsOf(page: string): string[] {
  return Array.from(page.matchAll(/<\/?[a-z0-9]+|\s[a-z-]+="/gi), ([tag]) => tag.trim());
}

const harmless = reportOf('harmless');

describe.each(HOSTILE)('$what', ({ text }) => {
  test('is text and nothing else in Markdown', () => {
    const markdown = renderMarkdown(reportOf(text));
    expect(shapeOf(markdown)).toEqual(shapeOf(renderMarkdown(harmless)));
    expect(dialectOf(markdown)).toEqual(dialectOf(renderMarkdown(harmless)));
  });

  test('is text and nothing else in HTML', () => {
    expect(tagsOf(renderHtml(reportOf(text)))).toEqual(tagsOf(renderHtml(harmless)));
  });

  test('is neutralised in the model, so that a terminal may print it', () => {
    const json = JSON.stringify(reportOf(text));
    expect(json).not.toMatch(/\\u001b|\\u0007|\u202e/i);
    expect(json).toContain(JSON.stringify(neutralText(text, 200)).slice(1, -1));
  });
});

test('a page of nothing but hostile text stays of a size that can be opened', () => {
  expect(renderHtml(reportOf('\u0000'.repeat(100_000))).length).toBeLessThan(200_000);
});
