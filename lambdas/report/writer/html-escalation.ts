import { html, type Html } from '../../shared/html';
import type { Report, ReportedLevel, Status } from './report';
import { timeOfDay } from './time-text';
import { mark, shorten } from './svg-parts';

/** Narrow, so that its words can be read on a phone without turning it. */
const WIDTH = 360;
const LINE = 22;
/** More pages of one level are a list, not a picture. */
const MAX_PAGES = 6;

/** Who was paged, level by level from top to bottom, and who answered. */
export function escalationPicture({ levels }: Report): Html | undefined {
  if (levels.length === 0) return undefined;
  let y = 12;
  const drawn = levels.map((level, index) => {
    const top = y;
    const lines = linesOf(level);
    y += 26 + lines.length * LINE + 14;
    return drawLevel({ level, lines, top, height: y - top - 14, last: index === levels.length - 1 });
  });
  return html`<figure>
    <div class="picture narrow">
      <svg viewBox="0 0 ${WIDTH} ${y}" role="img" aria-labelledby="escalation-title">
        <title id="escalation-title">Escalation: ${levels.map(inWords).join('; ')}</title>
        ${drawn}
      </svg>
    </div>
  </figure>`;
}

function inWords({ name, pages, outcome }: ReportedLevel): string {
  return `level ${name} paged ${pages.map(({ to }) => to).join(', ') || 'nobody'}, ${outcome.label}`;
}

interface Line {
  readonly status: Status;
  readonly text: string;
}

function linesOf({ pages, outcome }: ReportedLevel): Line[] {
  const shown = pages.slice(0, MAX_PAGES).map(({ at, to, status }) => ({
    status,
    text: `${timeOfDay(at)}  ${status.label}: ${to}`,
  }));
  const more = pages.length - shown.length;
  return [
    ...shown,
    ...(more > 0 ? [{ status: { tone: 'calm', label: '' } as const, text: `and ${more} more pages` }] : []),
    {
      status: outcome,
      text: `${outcome.at === undefined ? '' : `${timeOfDay(outcome.at)}  `}${outcome.label}`,
    },
  ];
}

function drawLevel(at: { level: ReportedLevel; lines: Line[]; top: number; height: number; last: boolean }): Html {
  const { level, lines, top, height, last } = at;
  return html`<rect class="box" x="8" y="${top}" width="${WIDTH - 16}" height="${height}" rx="6" />
    <text class="name" x="20" y="${top + 18}">${shorten(level.name, 44)}</text>
    ${lines.map(({ status, text }, index) => {
      const y = top + 40 + index * LINE;
      return html`${mark(status.tone, 26, y - 4)}<text x="42" y="${y}">${shorten(text, 48)}</text>`;
    })}
    ${!last && html`<line class="guide" x1="26" x2="26" y1="${top + height}" y2="${top + height + 14}" />`}`;
}
