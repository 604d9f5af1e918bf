import { html, type Html } from '../../shared/html';
import type { Report, ReportedEntity } from './report';
import { shorten } from './svg-parts';

const WIDTH = 360;
const BOX = 138;
const HEIGHT = 40;
const GAP = 12;
/** More than these on a side are a list, which stands beside. */
const MAX_SIDE = 8;

interface Placed {
  readonly place: number;
  readonly entity: ReportedEntity;
  readonly y: number;
}

/** Who acted, on the left, and what was acted upon, on the right, with a line for what the alerts saw between them. */
export function connectionsPicture(report: Report): Html | undefined {
  const actors = side(report, 'actor');
  const targets = side(report, 'target');
  if (actors.length + targets.length === 0) return undefined;
  const height = 34 + Math.max(actors.length, targets.length) * (HEIGHT + GAP);
  const left = report.entities.length - actors.length - targets.length;
  return html`<figure>
    <div class="picture narrow">
      <svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="connections-title">
        <title id="connections-title">${inWords(report)}</title>
        <text class="name" x="8" y="18">Acted</text>
        <text class="name" x="${WIDTH - BOX - 8}" y="18">Acted upon</text>
        ${report.links.map(({ actor, target }) => line(find(actors, actor), find(targets, target)))}
        ${actors.map((one) => box(one, 8, report))}${targets.map((one) => box(one, WIDTH - BOX - 8, report))}
      </svg>
    </div>
    <figcaption>
      <span>A line: an alert names both. Green: contained and read back.</span>
      ${left > 0 && html`<span>${left} more stand in the list.</span>`}
    </figcaption>
  </figure>`;
}

/** The last part of an ARN, or the whole of a bare id. */
function short(id: string): string {
  return id.startsWith('arn:') ? (id.split(/[/:]/).at(-1) ?? id) : id;
}

function inWords({ links, entities }: Report): string {
  const name = (place: number) => short(entities[place]?.id ?? '');
  const told = links.slice(0, 20).map(({ actor, target }) => `${name(actor)} acted on ${name(target)}`);
  return told.length === 0 ? 'Entities; no alert connects them' : `Connections: ${told.join(', ')}`;
}

function side({ entities }: Report, role: ReportedEntity['role']): Placed[] {
  return entities
    .flatMap((entity, place) => (entity.role === role ? [{ entity, place }] : []))
    .slice(0, MAX_SIDE)
    .map((one, index) => ({ ...one, y: 28 + index * (HEIGHT + GAP) }));
}

function find(placed: readonly Placed[], place: number): Placed | undefined {
  return placed.find((one) => one.place === place);
}

function line(from: Placed | undefined, to: Placed | undefined): Html | '' {
  if (!from || !to) return '';
  const middle = HEIGHT / 2;
  return html`<line
    class="tie"
    x1="${8 + BOX}"
    x2="${WIDTH - BOX - 8}"
    y1="${from.y + middle}"
    y2="${to.y + middle}"
  />`;
}

function box({ entity, y }: Placed, x: number, { containments }: Report): Html {
  const contained = containments.some(
    ({ target, status }) => status.tone === 'good' && target.includes(` ${entity.id}`),
  );
  return html`<rect
      class="${contained ? 'box contained' : 'box'}"
      x="${x}"
      y="${y}"
      width="${BOX}"
      height="${HEIGHT}"
      rx="6"
    />
    <text x="${x + 9}" y="${y + 16}">${entity.kind.replaceAll('-', ' ')}${contained && ' ✓'}</text>
    <text class="name" x="${x + 9}" y="${y + 32}">${shorten(short(entity.id), 18)}</text>`;
}
