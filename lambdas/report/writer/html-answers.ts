import { html, type Html } from '../../shared/html';
import { glue, none, pill, prose, recordLinks, section, table } from './html-parts';
import type { Report } from './report';
import { timeOfDay, utc } from './time-text';

/** First on the page: the six questions, each answered in plain language, with the records that back the answer. */
export function answersSection({ answers }: Report): Html {
  const body = html`<dl class="answers">
    ${answers.map(
      ({ question, text, records }) =>
        html`<div>
          <dt>${question}</dt>
          <dd>
            ${text.map((sentence) => html`<p>${prose(sentence)}</p>`)}
            <p class="records">${recordLinks(records)}</p>
          </dd>
        </div>`,
    )}
  </dl>`;
  return section('summary', 'In short', 'each answer with the records that back it', body);
}

export function severitySection({ severityHistory }: Report): Html {
  const body =
    severityHistory.length === 0
      ? none('No record tells of it.')
      : html`<ul class="problems">
          ${severityHistory.map(
            ({ at, from, to, because, records }) =>
              html`<li>
                <b>${from === undefined ? to : `${from} → ${to}`}</b> at ${utc(at)}: ${because}
                <small>${recordLinks(records)}</small>
              </li>`,
          )}
        </ul>`;
  return section('severity', 'Severity', 'with reasons', body);
}

export function questionsSection({ questions, rootCause, suppressed }: Report): Html {
  const open =
    questions.length === 0
      ? none('Nothing is missing that Firebreak knows of.')
      : html`<ul class="tasks">
          ${questions.map(
            ({ text, records }) =>
              html`<li>
                <span>${text} <small>${recordLinks(records)}</small></span>
              </li>`,
          )}
        </ul>`;
  const causes = html`<h3 class="day">Root cause, for people to fill in</h3>
    <ol class="fill">
      ${rootCause.map(({ question }) => html`<li>${question} <span class="blank"></span></li>`)}
    </ol>`;
  const quiet =
    suppressed.length > 0 &&
    html`<h3 class="day">Kept quiet around that time</h3>
      <p class="aside">
        Counted in the store since the first deploy, and not on this timeline: look whether any of it belongs here.
      </p>
      <ul class="problems">
        ${suppressed.map(
          ({ name, owner, reason, count, lastAt, lastTitle }) =>
            html`<li>
              Suppression “${name}” of ${owner}: ${count} alerts, the last at ${glue(utc(lastAt))}, “${lastTitle}”
              <small>${reason}</small>
            </li>`,
        )}
      </ul>`;
  return section('questions', 'Open questions', 'what the timeline does not know', html`${open}${quiet}${causes}`);
}

export function clocksSection({ clocks, moments, data, assets }: Report): Html {
  const known = html`<dl class="facts">
    ${moments.map(
      ({ moment, at, basis, records }) =>
        html`<div>
          <dt>${moment.charAt(0).toUpperCase() + moment.slice(1)}</dt>
          <dd>${at === undefined ? 'not recorded' : html`${glue(`${utc(at)}, ${basis}`)} ${recordLinks(records)}`}</dd>
        </div>`,
    )}
    <div>
      <dt>Data</dt>
      <dd>${data.length === 0 ? 'none configured' : data.join(', ')}</dd>
    </div>
    <div>
      <dt>Assets</dt>
      <dd>${assets.length === 0 ? 'none configured' : assets.join(', ')}</dd>
    </div>
  </dl>`;
  const rows = clocks.flatMap(({ law, article, to, because, onlyIf, steps, records }) =>
    steps.map(({ name, within, dueAt }, index) => ({
      cells: [
        index > 0
          ? ''
          : html`${law}<small>because ${because}; only if ${onlyIf}. ${article}. ${recordLinks(records)}</small>`,
        html`${name}<small>to ${to}</small>`,
        dueAt === undefined ? 'no date yet' : glue(utc(dueAt)),
        within,
      ],
    })),
  );
  const body = html`${
      rows.length === 0
        ? none('No clock is known to run.')
        : table('Notifications', [{ label: 'Law' }, { label: 'What' }, { label: 'Due' }, { label: 'Counted' }], rows)
    }${known}
    <p class="aside">
      Not legal advice. Times that only people can say are recorded with
      <code>firebreak incident moment</code>; a final report tells of those recorded before it.
    </p>`;
  return section('clocks', 'Notification clocks', 'which may run, and until when', body);
}

export function pausesSection({ pauses }: Report): Html {
  const body =
    pauses.length === 0
      ? none('Nobody paused paging or handed the incident over.')
      : html`<ul class="problems">
          ${pauses.map(
            (row) =>
              html`<li>
                ${pill(row.status)}${row.text}
                <small>${row.by}, ${timeOfDay(row.at)}, ${recordLinks([row.name])}</small>
              </li>`,
          )}
        </ul>`;
  return section('pauses', 'Snoozes and hand-overs', undefined, body);
}
