import { html, type Html } from '../../shared/html';
import { firstAlertAt } from './first-alert';
import type { Report, ReportedRow, Tone } from './report';
import { mark } from './svg-parts';
import { span, timeOfDay } from './time-text';

const WIDTH = 960;
const LEFT = 150;
const RIGHT = 36;
const TOP = 66;
const LANE = 38;
/** More marks than this are one smear: those that say little are left out. */
const MAX_MARKS = 60;
/** Characters of 12 px text are about this wide. */
const CHARACTER = 6.6;

interface Lane {
  readonly name: string;
  readonly rows: readonly ReportedRow[];
  readonly containment?: Report['containments'][number];
}

/**
 * The course of an incident in one picture: a lane for the alerts, each containment and the people. Time runs from
 * left to right, but quiet stretches are shortened, because an attack has seconds and an incident has hours.
 */
export function picture(report: Report): Html {
  const lanes = lanesOf(report);
  const x = scale(report, lanes);
  const height = TOP + lanes.length * LANE + 34;
  const moments = placeMoments(momentsOf(report), x);
  return html`<figure>
    <div class="picture" role="region" aria-label="Course of the incident" tabindex="0">
      <svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="picture-title">
        <title id="picture-title">${described(report)}</title>
        ${moments.map(({ at, label, left, row }) => moment({ x: x(at), label, left, row, bottom: height - 30 }))}
        ${lanes.map((lane, index) => drawLane(lane, TOP + index * LANE + LANE / 2, x))}
        ${axis(report, lanes, x, height)}
      </svg>
    </div>
    <figcaption>
      ${legend('good', 'stopped or answered')}${legend('warn', 'needs attention')}${legend('bad', 'failed')}${legend('calm', 'other steps')}
      <span>Not to scale: quiet stretches are shortened.</span>
    </figcaption>
  </figure>`;
}

function legend(tone: Tone, text: string): Html {
  return html`<span
    ><svg class="${tone}" viewBox="-9 -9 18 18" aria-hidden="true">${mark(tone, 0, 0)}</svg>${text}</span
  >`;
}

function described(report: Report): string {
  return momentsOf(report)
    .map(({ at, label, told = at }) => `${label} at ${timeOfDay(told)} UTC`)
    .join(', ');
}

const QUIET: readonly ReportedRow['kind'][] = [
  'hand-over-started',
  'state-recorded',
  'note',
  'report-written',
  'escalation-ended',
];

function lanesOf(report: Report): Lane[] {
  const told = report.timeline.filter(({ kind }) => !QUIET.includes(kind));
  const loud = told.filter(({ status }) => status.tone !== 'calm');
  const rows = (told.length <= MAX_MARKS ? told : loud).slice(0, MAX_MARKS);
  const containments = report.containments.slice(0, 5).map((containment): Lane => ({
    name: containment.runbook,
    rows: rows.filter(({ containmentId }) => containmentId === containment.id),
    containment,
  }));
  const lane = (name: string, ...stages: readonly ReportedRow['stage'][]): Lane => ({
    name,
    rows: rows.filter(({ stage, containmentId }) => stages.includes(stage) && containmentId === undefined),
  });
  return [
    lane('alerts', 'log', 'detect'),
    lane('incident', 'triage', 'report', 'contain'),
    ...containments,
    lane('people', 'escalate'),
  ].filter((one) => one.rows.length > 0 || one.containment !== undefined);
}

/** Where a time stands: each gap counts by the logarithm of its seconds, and each mark has room for itself. */
function scale(report: Report, lanes: readonly Lane[]): (iso: string) => number {
  const times = [
    ...new Set([report.firstEventAt, report.openedAt, ...lanes.flatMap(({ rows }) => rows.map(({ at }) => at))]),
  ]
    .map((iso) => Date.parse(iso))
    .filter((time) => !Number.isNaN(time))
    .sort((a, b) => a - b);
  const places = new Map<number, number>();
  let place = 0;
  times.forEach((time, index) => {
    const gap = time - (times[index - 1] ?? time);
    if (index > 0) place += 1.1 + Math.log2(1 + gap / 1000);
    places.set(time, place);
  });
  const unit = place === 0 ? 0 : (WIDTH - LEFT - RIGHT) / place;
  return (iso) => {
    const time = Date.parse(iso);
    const known = places.get(time) ?? places.get(times.findLast((other) => other <= time) ?? times[0] ?? 0) ?? 0;
    return Math.round((LEFT + known * unit) * 10) / 10;
  };
}

interface Moment {
  /** Where it is drawn: where the mark of its record is. */
  readonly at: string;
  readonly label: string;
  /** When it was, where it was written down later. */
  readonly told?: string;
}

function momentsOf(report: Report): Moment[] {
  const first = (kind: ReportedRow['kind']) => report.timeline.find((row) => row.kind === kind)?.at;
  const contained =
    report.timings.contain_ms === null
      ? undefined
      : report.timeline.findLast(({ kind }) => kind === 'containment-verified')?.at;
  const all: readonly (readonly [string | undefined, string, string?])[] = [
    [report.rules.length > 0 ? report.firstEventAt : undefined, 'First event'],
    [first('alert-raised') ?? report.openedAt, report.rules.length > 0 ? 'Alert' : 'Opened', firstAlertAt(report)],
    [contained, 'Contained'],
    [report.acknowledged?.at, 'Acknowledged'],
    [first('containment-released'), 'Released'],
    [report.closedAt, 'Closed'],
  ];
  return all
    .flatMap(([at, label, told]) => (at === undefined ? [] : [{ at, label, ...(told !== undefined && { told }) }]))
    .sort((a, b) => a.at.localeCompare(b.at));
}

/** Labels that would overlap go up one row. */
function placeMoments(moments: readonly Moment[], x: (iso: string) => number) {
  const ends = [-Infinity, -Infinity, -Infinity];
  return moments.map(({ at, label }) => {
    const width = label.length * CHARACTER + 14;
    const left = Math.min(Math.max(x(at) - width / 2, 4), WIDTH - width - 4);
    const free = ends.findIndex((end) => end <= left);
    const row = free === -1 ? ends.length - 1 : free;
    ends[row] = left + width;
    return { at, label, left: left + 7, row };
  });
}

function moment(at: { x: number; label: string; left: number; row: number; bottom: number }): Html {
  const y = TOP - 20 - at.row * 17;
  return html`<line class="guide" x1="${at.x}" x2="${at.x}" y1="${y + 6}" y2="${at.bottom}" />
    <text class="moment" x="${at.left}" y="${y}">${at.label}</text>`;
}

function drawLane(lane: Lane, y: number, x: (iso: string) => number): Html {
  const { containment } = lane;
  const until = containment?.releasedAt ?? containment?.heldAt ?? lane.rows.at(-1)?.at;
  const name = lane.name.length > 20 ? `${lane.name.slice(0, 19)}…` : lane.name;
  return html`<text class="name" x="16" y="${y + 4}">${name}</text>
    <line class="rail" x1="${LEFT - 8}" x2="${WIDTH - RIGHT + 12}" y1="${y}" y2="${y}" />
    ${containment?.verifiedAt !== undefined && bar('working', x(containment.startedAt), x(containment.verifiedAt), y)}
    ${containment?.verifiedAt !== undefined && until !== undefined && bar('span', x(containment.verifiedAt), x(until), y)}
    ${lane.rows.map((row) => markOf(row, x(row.at), y))}`;
}

function bar(kind: 'working' | 'span', from: number, to: number, y: number): Html {
  return html`<line class="${kind}" x1="${from}" x2="${Math.max(to, from)}" y1="${y}" y2="${y}" />`;
}

function markOf(row: ReportedRow, x: number, y: number): Html {
  return mark(row.status.tone, x, y, html`<title>${row.status.label}: ${row.text.slice(0, 120)}</title>`);
}

/** Elapsed time since the first event, where there is room. */
function axis(report: Report, lanes: readonly Lane[], x: (iso: string) => number, height: number): Html {
  const times = lanes.flatMap(({ rows }) => rows.map(({ at }) => at)).sort();
  const start = times.reduce((earliest, at) => (at < earliest ? at : earliest), report.firstEventAt);
  let end = -Infinity;
  const labels = [start, ...times].flatMap((at) => {
    const label = at === start ? timeOfDay(at) : `+${span(Date.parse(at) - Date.parse(start))}`;
    const width = label.length * CHARACTER;
    const left = Math.min(x(at) - width / 2, WIDTH - width - 4);
    if (left < end + 16) return [];
    end = left + width;
    return [html`<text x="${Math.round(left)}" y="${height - 10}">${label}</text>`];
  });
  return html`${labels}`;
}
