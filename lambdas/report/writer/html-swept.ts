import { html, type Html } from '../../shared/html';
import { none, pill, recordLinks, section, table } from './html-parts';
import type { Report } from './report';
import { timeOfDay } from './time-text';

/** What the actor created or changed, and what was looked at to find it. */
export function sweptSection({ swept, sweeps }: Report): Html {
  const list =
    swept.length === 0
      ? none(
          sweeps.length === 0
            ? 'Nobody has looked: no user or role was contained, or its response plan says so.'
            : 'Nothing is known that it created or changed.',
        )
      : table(
          'What the actor created or changed',
          [
            { label: 'UTC', nowrap: true },
            { label: 'Did' },
            { label: 'What' },
            { label: 'By' },
            { label: 'Contained by' },
          ],
          swept.map(({ at, did, kind, id, call, by, region, eventId, runbook, onlyInAnAlert, records }) => ({
            cells: [
              timeOfDay(at),
              html`${did}<small>${call}, ${region}</small>`,
              html`${kind} <code>${id}</code><small>event ${eventId}, ${recordLinks(records)}</small>`,
              html`<code>${by}</code>${onlyInAnAlert && html`<small>only an alert says so</small>`}`,
              runbook === undefined ? 'nobody yet' : html`<code>${runbook}</code>`,
            ],
          })),
        );
  const ends = html`<ul class="problems">
    ${sweeps.map((row) => html`<li>${pill(row.status)}${row.text} <small>${timeOfDay(row.at)}, ${recordLinks([row.name])}</small></li>`)}
  </ul>`;
  return section(
    'swept',
    'What the actor did since',
    'as CloudTrail shows it',
    html`${list}${sweeps.length > 0 && ends}`,
  );
}
