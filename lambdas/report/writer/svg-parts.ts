import { html, type Html } from '../../shared/html';
import type { Tone } from './report';

/** Circle, diamond, triangle, dot: a shape a tone, so that nobody needs to tell colours apart. */
export function mark(tone: Tone, x: number, y: number, title: Html | '' = ''): Html {
  switch (tone) {
    case 'good':
      return html`<circle class="mark good" cx="${x}" cy="${y}" r="6">${title}</circle>`;
    case 'bad':
      return html`<path class="mark bad" d="M${x} ${y - 8}l8 8-8 8-8-8z">${title}</path>`;
    case 'warn':
      return html`<path class="mark warn" d="M${x} ${y - 7.5}l7.5 13h-15z">${title}</path>`;
    case 'calm':
      return html`<circle class="mark calm" cx="${x}" cy="${y}" r="4">${title}</circle>`;
  }
}

/** Text of a picture does not wrap: what does not fit is cut, and stands in full elsewhere on the page. */
export function shorten(text: string, characters: number): string {
  const all = Array.from(text);
  return all.length <= characters ? text : `${all.slice(0, characters - 1).join('')}…`;
}
