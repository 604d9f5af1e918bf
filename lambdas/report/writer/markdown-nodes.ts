import type { Heading, InlineCode, List, Paragraph, PhrasingContent, Table, TableRow, Text } from 'mdast';

/** What stands in a cell or a paragraph: plain words, or nodes made below. */
export type Inline = string | PhrasingContent;

export function text(value: string): Text {
  return { type: 'text', value };
}

export function code(value: string): InlineCode {
  return { type: 'inlineCode', value };
}

export function strong(value: string): PhrasingContent {
  return { type: 'strong', children: [text(value)] };
}

export function heading(depth: 1 | 2 | 3, value: string): Heading {
  return { type: 'heading', depth, children: [text(value)] };
}

export function paragraph(...children: readonly Inline[]): Paragraph {
  return { type: 'paragraph', children: children.map(inline) };
}

/** With `checked` it is a list of tasks. */
export function list(items: readonly (readonly Inline[])[], checked?: boolean): List {
  return {
    type: 'list',
    ordered: false,
    spread: false,
    children: items.map((item) => ({
      type: 'listItem',
      spread: false,
      checked: checked ?? null,
      children: [paragraph(...item)],
    })),
  };
}

/** The first row is the header. */
export function table(rows: readonly (readonly (Inline | readonly Inline[])[])[]): Table {
  return {
    type: 'table',
    children: rows.map((row): TableRow => ({
      type: 'tableRow',
      children: row.map((cell) => ({ type: 'tableCell', children: [cell].flat().map(inline) })),
    })),
  };
}

function inline(node: Inline): PhrasingContent {
  return typeof node === 'string' ? text(node) : node;
}
