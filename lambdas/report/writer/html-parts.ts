import { html, trusted, type Html } from '../../shared/html';
import type { Status, Tone } from './report';

/** A shape a tone, so that nobody needs to tell colours apart. */
const SHAPES: Readonly<Record<Tone, string>> = {
  good: 'M1.5 6.5 5 10l5.5-8',
  bad: 'M2 2l8 8M10 2l-8 8',
  warn: 'M6 1.5v5.5M6 9.6v.9',
  calm: 'M3 6h6',
};

export function icon(tone: Tone): Html {
  return trusted(
    `<svg viewBox="0 0 12 12" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round"><path d="${SHAPES[tone]}"/></svg>`,
  );
}

export function pill({ tone, label }: Status): Html {
  return html`<span class="pill ${tone}">${icon(tone)}${label}</span>`;
}

export function section(id: string, title: string, note: string | undefined, body: unknown): Html {
  return html`<section aria-labelledby="${id}">
    <h2 id="${id}">${title}${note !== undefined && html` <small>${note}</small>`}</h2>
    <div>${body}</div>
  </section>`;
}

/** Where a record stands on this page. */
export function recordId(name: string): string {
  return `record-${name.replace('#', '-')}`;
}

/** The names of the records that back a statement, each leading to its row. */
export function recordLinks(names: readonly string[]): Html {
  if (names.length === 0) return html`told by the store, by no record`;
  return html`${names.length === 1 ? 'record' : 'records'}
  ${names.map((name, index) => html`${index > 0 && ', '}<a href="#${recordId(name)}">${name}</a>`)}`;
}

export function none(text: string): Html {
  return html`<p class="none">${text}</p>`;
}

export interface Column {
  readonly label: string;
  readonly nowrap?: boolean;
}

export interface Row {
  readonly id?: string;
  readonly cells: readonly unknown[];
}

/** A table that becomes a list of cards on a phone; its roles stay, because display: block would take them away. */
export function table(caption: string, columns: readonly Column[], rows: readonly Row[]): Html {
  return html`<table class="table" role="table" aria-label="${caption}">
    <thead role="rowgroup">
      <tr role="row">
        ${columns.map(({ label }) => html`<th role="columnheader" scope="col">${label}</th>`)}
      </tr>
    </thead>
    <tbody role="rowgroup">
      ${rows.map(
        ({ id, cells }) =>
          html`<tr role="row" ${id !== undefined && html`id="${id}"`}>
            ${cells.map((cell, index) => tableCell(columns[index], cell))}
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function tableCell(column: Column | undefined, cell: unknown): Html {
  const classes = [column?.nowrap && 'nowrap', cell === '' && 'empty'].filter(Boolean).join(' ');
  return html`<td role="cell" data-label="${column?.label ?? ''}" class="${classes}"><span>${cell}</span></td>`;
}

/** Keeps a number and its unit on one line. */
export function glue(text: string): string {
  return text.replace(/(\d) (?=(?:ms|s|min|h|d|UTC)\b)/gu, '$1\u00a0');
}

/** Sentences of ours, in which ids of AWS (`i-0a1b…`) are not broken at their hyphen. */
export function prose(text: string): Html {
  const parts = glue(text).split(/\b((?:i|eni|sg|vol|snap|ami)-[0-9a-f]{8,17})\b/u);
  return html`${parts.map((part, index) => (index % 2 === 1 ? html`<span class="id">${part}</span>` : part))}`;
}
