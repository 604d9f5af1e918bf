import { createHash } from 'node:crypto';
import { markExercise } from '../../../lib/model/exercise';
import { exerciseLines } from '../../shared/exercise';
import { html, trusted, type Html } from '../../shared/html';
import { pill } from './html-parts';
import * as answers from './html-answers';
import * as sections from './html-sections';
import { STYLE } from './html-style';
import { sweptSection } from './html-swept';
import type { Report } from './report';
import { utc } from './time-text';

/** Nothing is loaded and nothing runs: the page is words, one style sheet and a picture, all inside of it. */
const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** A gap between two stands of trees: what stops a fire. */
const MARK = trusted(
  '<svg viewBox="0 0 24 24" aria-hidden="true"><path fill="var(--accent)" d="M2 21 5.2 9l1.6 4L8.4 5 11 21zM22 21 18.8 9l-1.6 4-1.6-8L13 21z"/></svg>',
);

/** The report as one HTML page that needs nothing else: no script, no font, no picture from anywhere. */
export function renderHtml(report: Report): string {
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${POLICY}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <meta name="robots" content="noindex" />
        <meta name="color-scheme" content="light dark" />
        <title>
          ${markExercise(`${report.severity} ${report.title}, incident report ${report.incidentId}`, report.exercise)}
        </title>
        ${trusted(`<style>${STYLE}</style>`)}
      </head>
      <body>
        <div class="page${report.exercise !== undefined && ' rehearsed'}">
          ${masthead(report)}
          <main>
            ${answers.answersSection(report)}${sections.timesSection(report)}${sections.courseSection(report)}
            ${answers.clocksSection(report)}${sections.actionsSection(report)}${sweptSection(report)}${sections.tasksSection(report)}
            ${answers.questionsSection(report)}${sections.failuresSection(report)}${sections.entitiesSection(report)}
            ${sections.escalationSection(report)}${answers.pausesSection(report)}${answers.severitySection(report)}
            ${sections.rulesSection(report)}${sections.timelineSection(report)}
            ${sections.evidenceSection(report)}${sections.beliefSection(report)}
          </main>
          <footer>
            <span>Written ${utc(report.writtenAt)} by Firebreak from the incident’s timeline.</span>
            <span
              >${report.final ? 'Final: locked in the evidence vault.' : 'Live draft: overwritten as the incident goes on.'}</span
            >
          </footer>
        </div>
      </body>
    </html>`;
  return `${page.toString()}\n`;
}

function masthead(report: Report): Html {
  return html`<header>
    ${exerciseLines(report.exercise).map((line) => html`<p class="exercise" role="note">${line}</p>`)}
    <div class="brand">
      ${MARK}<span><b>Firebreak</b> incident report</span
      ><span class="edition">${report.final ? 'Final report' : 'Live draft'}</span>
    </div>
    <div class="masthead">
      <div class="kicker">
        <span class="severity ${report.severity.toLowerCase()}">${report.severity}</span>
        ${pill(report.containment)} ${pill(report.answer)} ${pill(report.incident)}
      </div>
      <h1>${report.title}</h1>
      <p class="where">
        <span class="mono">${report.incidentId}</span><span>Account ${report.account}, ${report.region}</span>
        <span>Opened ${utc(report.openedAt)}</span>
      </p>
    </div>
  </header>`;
}
