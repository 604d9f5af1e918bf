import { html, type Html } from '../../shared/html';
import { glue, none, pill, recordId, recordLinks, section, table } from './html-parts';
import { picture } from './html-picture';
import { connectionsPicture } from './html-connections';
import { escalationPicture } from './html-escalation';
import { backwards } from './backwards';
import type { Report, ReportedContainment, ReportedRow, Status } from './report';
import { dayOf, span, timeOfDay, utc } from './time-text';
import { reportTimes } from './times';

export function timesSection(report: Report): Html {
  const times = reportTimes(report).map(
    ({ name, value, meaning }) =>
      html`<div>
        <dt>${name}</dt>
        <dd ${!/\d/.test(value) && html`class="missing"`}>${value}</dd>
        <dd class="meaning">${glue(meaning)}</dd>
      </div>`,
  );
  return section('times', 'How fast', undefined, html`<dl class="times">${times}</dl>`);
}

export function courseSection(report: Report): Html {
  return section('course', 'Course', 'all times UTC', picture(report));
}

export function escalationSection(report: Report): Html {
  const body = escalationPicture(report) ?? none('Nobody was paged.');
  return section('escalation', 'Escalation', 'who was paged, who answered', body);
}

export function actionsSection({ containments }: Report): Html {
  const body =
    containments.length === 0
      ? none('Nothing was contained: no response plan asked for it.')
      : html`<div class="cards">${containments.map(card)}</div>`;
  return section('actions', 'What was done', undefined, body);
}

function card(containment: ReportedContainment): Html {
  const { containMs, verifiedAt, heldAt, releasedAt } = containment;
  const speed = containMs === undefined ? '' : `, ${span(containMs)} after the alert`;
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['By', containment.by],
    ['Mode', containment.mode],
    ['Started', timeOfDay(containment.startedAt)],
    ['Read back', verifiedAt === undefined ? notReadBack(containment) : `${timeOfDay(verifiedAt)}${speed}`],
    ['Still held', heldAt && timeOfDay(heldAt)],
    ['Released', releasedAt && timeOfDay(releasedAt)],
    ['Also held by', containment.otherHolders.join(', ') || undefined],
  ];
  return html`<article class="card">
    <header>
      <h3>${containment.title}</h3>
      ${pill(containment.status)}
    </header>
    <p class="target"><code>${containment.runbook}</code> on <code>${containment.target}</code></p>
    ${containment.reason !== undefined && html`<p class="reason">${containment.reason}</p>`}
    <dl class="facts">
      ${facts.map(
        ([name, value]) =>
          value !== undefined &&
          html`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>
    ${containment.wouldHave && wouldHave(containment, containment.wouldHave)}
    ${containment.actions.length > 0 && actionTable(containment)}
  </article>`;
}

function notReadBack({ state }: ReportedContainment): string {
  return state === 'planned' ? 'nothing was changed' : 'not yet';
}

/** What promoting it would mean. */
function wouldHave({ observedBecause, records }: ReportedContainment, changes: readonly string[]): Html {
  return html`<p>
      Only observed${observedBecause !== undefined && html`: ${observedBecause}`}. It would have made
      ${changes.length === 0 ? 'no change' : 'these changes'}: <small>${recordLinks(records)}</small>
    </p>
    ${
      changes.length > 0 &&
      html`<ul class="changes">
        ${changes.map((change) => html`<li><code>${change}</code></li>`)}
      </ul>`
    }`;
}

const RELEASE_WORDS = {
  restores: 'can be taken back',
  manual: 'a person takes it back',
  never: 'cannot be taken back',
} as const;

function actionTable({ actions, title: runbook }: ReportedContainment): Html {
  const released = actions.some(({ releasedAt }) => releasedAt !== undefined);
  return table(
    `Actions of ${runbook}`,
    [
      { label: 'Action' },
      { label: 'Status' },
      { label: 'Applied', nowrap: true },
      ...(released ? [{ label: 'Released', nowrap: true }] : []),
      { label: 'Detail' },
    ],
    actions.map(({ title, status, appliedAt, releasedAt, detail, changes, release }) => ({
      cells: [
        html`${title}${release && html`<small>${RELEASE_WORDS[release]}</small>`}`,
        pill(status),
        appliedAt === undefined ? '' : timeOfDay(appliedAt),
        ...(released ? [releasedAt === undefined ? '' : timeOfDay(releasedAt)] : []),
        html`${detail}${
          changes.length > 0 &&
          html`<ul class="changes">
            ${changes.map((change) => html`<li><code>${change}</code></li>`)}
          </ul>`
        }`,
      ],
    })),
  );
}

export function tasksSection({ tasks }: Report): Html {
  const body =
    tasks.length === 0
      ? none('None.')
      : html`<ul class="tasks">
          ${tasks.map(
            ({ text, from, records }) =>
              html`<li>
                <span>
                  ${text} <small>${from}, ${recordLinks(records)}</small>
                  <small class="owned">Owner <span class="blank"></span> Due <span class="blank"></span></small>
                </span>
              </li>`,
          )}
        </ul>`;
  return section('tasks', 'Tasks for people', undefined, body);
}

export function failuresSection({ failures }: Report): Html {
  const body =
    failures.length === 0
      ? none('Nothing failed.')
      : html`<ul class="problems">
          ${failures.map((row) => html`<li>${pill(row.status)}${row.text} <small>${row.by}, ${timeOfDay(row.at)}</small></li>`)}
        </ul>`;
  return section('failures', 'What went wrong', undefined, body);
}

export function rulesSection({ rules, techniques }: Report): Html {
  const tactics = new Map(techniques.map(({ id, tactics }) => [id, tactics.join(', ')]));
  const cards = rules.map(
    (rule) =>
      html`<article class="card">
        <header>
          <h3>${rule.title}</h3>
          ${
            rule.techniques.length > 0 &&
            html`<span class="chips"
              >${rule.techniques.map(
                (id) => html`<span class="chip">${id}${tactics.get(id) ? ` ${tactics.get(id) ?? ''}` : ''}</span> `,
              )}</span
            >`
          }
        </header>
        <p class="target">
          <code>${rule.id}</code>, level ${rule.level ?? 'unknown'}, ${rule.alerts}
          ${rule.alerts === 1 ? 'alert' : 'alerts'}, first
          ${utc(rule.firstAt)}${rule.via.length > 0 && `, by ${rule.via.join(' and ')}`}
        </p>
        ${
          rule.because.length > 0 &&
          html`<ul class="why" aria-label="Why it matched">
            ${rule.because.map((why) => html`<li><code>${why}</code></li>`)}
          </ul>`
        }
      </article>`,
  );
  const body =
    rules.length === 0 ? none('No rule: a person opened this incident.') : html`<div class="cards">${cards}</div>`;
  return section('rules', 'Why it was raised', 'rules, what decided, ATT&CK', body);
}

export function entitiesSection(report: Report): Html {
  const { entities } = report;
  const body =
    entities.length === 0
      ? none('Nobody and nothing is named.')
      : html`${connectionsPicture(report)}${table(
          'Entities of the incident',
          [{ label: 'Role' }, { label: 'Kind', nowrap: true }, { label: 'Id' }, { label: 'Trust' }],
          entities.map(({ role, kind, id, trust, records }) => ({
            cells: [
              role === 'actor' ? 'Acted' : 'Acted upon',
              kind.replaceAll('-', ' '),
              html`<code>${id}</code>`,
              html`${trust}<small>${recordLinks(records)}</small>`,
            ],
          })),
        )}`;
  return section('entities', 'Who and what', 'trust: who names it', body);
}

export function timelineSection(report: Report): Html {
  const days = new Map<string, ReportedRow[]>();
  for (const row of report.timeline) days.set(dayOf(row.at), [...(days.get(dayOf(row.at)) ?? []), row]);
  const body = [...days].map(
    ([day, rows]) =>
      html`<h3 class="day">${day}</h3>
        <ol class="log">
          ${rows.map(logRow)}
        </ol>`,
  );
  const notes = backwards(report.timeline).map((text) => html`<p class="aside">${text}</p>`);
  const note =
    report.omittedRows === 0
      ? `${report.timeline.length} records`
      : `${report.omittedRows} records of the middle left out`;
  return section(
    'timeline',
    'Timeline',
    `UTC, ${note}`,
    report.timeline.length === 0 ? none('Empty.') : html`${notes}${body}`,
  );
}

function logRow(row: ReportedRow): Html {
  const evidence = row.evidence.length;
  return html`<li id="${recordId(row.name)}">
    <time datetime="${row.at}">${timeOfDay(row.at)}</time>
    <span>${pill(row.status)}</span>
    <span class="what">
      <small class="name">${row.name}</small> ${row.text}
      ${
        evidence > 0 &&
        html`<a href="#${evidenceId(row.name)}">${evidence} ${evidence === 1 ? 'object' : 'objects'} in the vault</a>`
      }
    </span>
    <span class="by">${row.by}</span>
  </li>`;
}

function evidenceId(name: string): string {
  return `evidence-${recordId(name).slice('record-'.length)}`;
}

export function evidenceSection({ evidence }: Report): Html {
  const seen = new Set<string>();
  const rows = evidence.map(({ record, key, versionId, sha256 }) => {
    const first = !seen.has(record) && seen.add(record);
    return {
      ...(first && { id: evidenceId(record) }),
      cells: [
        html`<a href="#${recordId(record)}">${record}</a>`,
        html`<code>${key}</code
          >${versionId !== undefined && html`<br /><code class="hash">version ${versionId}</code>`}`,
        html`<code class="hash">${sha256}</code>`,
      ],
    };
  });
  const columns = [{ label: 'Record' }, { label: 'Key and version in the vault' }, { label: 'SHA-256' }];
  const body = rows.length === 0 ? none('None was collected.') : table('Evidence in the vault', columns, rows);
  return section('evidence', 'Evidence', 'locked, by key, version and hash', body);
}

export function beliefSection({ chain, incidentId, merged }: Report): Html {
  const standing = (chain: Report['chain']): Status =>
    chain.intact
      ? ({
          tone: chain.anchoredUpTo ? 'good' : 'warn',
          label: chain.anchoredUpTo ? 'Intact' : 'Not anchored yet',
        } as const)
      : ({ tone: 'bad', label: 'Not intact' } as const);
  return section(
    'belief',
    'Can this be believed?',
    undefined,
    html`<div class="believe">
        ${pill(standing(chain))}
        <p>${chain.text}</p>
      </div>
      ${merged.map(
        (one) =>
          html`<div class="believe">
            ${pill(standing(one))}
            <p><code>${one.incidentId}</code>, merged into this one: ${one.text}</p>
          </div>`,
      )}
      <p class="chain">
        Each record carries the hash of the one before; heads are written into the locked vault. Head of
        ${chain.head.length} records:
        <code class="hash">${chain.head.hash}</code>. Check it with
        <code>firebreak incident verify ${incidentId}</code>.
      </p>`,
  );
}
