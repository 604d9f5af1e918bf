import { expect, test } from '@jest/globals';
import { reportSchema } from '../../config/report-schema';
import { unbacked } from '../../lambdas/report/backing';
import { buildReport } from '../../lambdas/report/writer/build-report';
import { renderHtml } from '../../lambdas/report/writer/render-html';
import { renderMarkdown } from '../../lambdas/report/writer/render-markdown';
import { sampleInput } from './sample-incident';

const EXERCISE = 'Drill of 2026-11-21, nothing here is real';
const LINE = `EXERCISE: ${EXERCISE}`;
const rehearsed = buildReport({ ...sampleInput(), exercise: EXERCISE });

/** An attacker names a user, an agent and a finding after the mark. */
const pretended = buildReport(sampleInput({ userAgent: LINE, userName: LINE, title: LINE }));

test('the page has the banner above everything, and its title says it', () => {
  const html = renderHtml(rehearsed);
  expect(html).toContain(`<p class="exercise" role="note">${LINE}</p>`);
  expect(html.indexOf('class="exercise"')).toBeLessThan(html.indexOf('class="brand"'));
  expect(html.replace(/\s+/g, ' ')).toContain('<title> EXERCISE: SEV1 Access key created');
});

test('the page escapes it', () => {
  const html = renderHtml(buildReport({ ...sampleInput(), exercise: '<img src=x> & "more"' }));
  expect(html).toContain('EXERCISE: &lt;img src=x&gt; &amp; &quot;more&quot;');
  expect(html).not.toContain('<img');
});

test('Markdown has it in its heading and below, as text', () => {
  const [heading, , sentence] = renderMarkdown(rehearsed).split('\n');
  expect(heading).toBe('# EXERCISE: SEV1: Access key created for another user');
  expect(sentence).toBe(`**${LINE}**`);
  expect(renderMarkdown(buildReport({ ...sampleInput(), exercise: '[x](https://e.example) <b>' }))).not.toMatch(
    /(?<!\\)\[x\]\(|(?<!\\)<b>/,
  );
});

test('JSON has it as a field of the published schema, and the rest of the report stays as it is', () => {
  expect(reportSchema.parse(rehearsed)).toMatchObject({ exercise: EXERCISE });
  const { exercise, summary, answers, ...rest } = rehearsed;
  const { summary: realSummary, answers: realAnswers, ...real } = buildReport(sampleInput());
  expect(exercise).toBe(EXERCISE);
  expect(rest).toEqual(real);
  expect(summary).toEqual([`${LINE}.`, ...realSummary]);
  expect(answers.slice(0, -1)).toEqual(realAnswers.slice(0, -1));
  expect(unbacked(rehearsed)).toEqual(unbacked(buildReport(sampleInput())));
});

test('whom to notify says that nobody has to be told of what is only rehearsed', () => {
  expect(rehearsed.answers.at(-1)?.text[0]).toMatch(/^EXERCISE: nobody has to be told/);
});

test('nothing that an attacker wrote makes a report one of an exercise', () => {
  expect(pretended).not.toHaveProperty('exercise');
  expect(renderHtml(pretended)).not.toMatch(/class="exercise"|<title>\s*EXERCISE| rehearsed"/);
  expect(renderMarkdown(pretended)).toMatch(/^# SEV1: EXERCISE/);
  expect(pretended.summary[0]).not.toMatch(/^EXERCISE/);
});
