import type { Severity } from '../../../lib/model/severity';
import { SEVERITIES } from '../../../lib/model/severity';
import { sha256 } from '../../../lib/model/ids';
import type { Briefing } from '../page/briefing';
import { words } from '../page/words';
import { standingOf, type UpdateLine } from './update-lines';

/** What a stakeholder is told at once. Texts are still as they were recorded: hostile. */
export interface UpdateContent {
  /** The same where it had to be sent again. */
  readonly updateId: string;
  readonly stakeholder: string;
  /** What they asked for. */
  readonly events: readonly string[];
  /** The worst first. */
  readonly incidents: readonly IncidentUpdate[];
  /** Further incidents with news, for which there is no room. */
  readonly more: number;
  /** ISO 8601. */
  readonly sentAt: string;
  /** What the deployment says that it rehearses: ours, and never out of an event. */
  readonly exercise?: string;
}

export interface IncidentUpdate {
  readonly incidentId: string;
  readonly severity: Severity;
  readonly title: string;
  readonly account: string;
  readonly region: string;
  readonly openedAt: string;
  /** The newest, in order. */
  readonly lines: readonly UpdateLine[];
  /** Earlier ones that are left out. */
  readonly earlier: number;
  readonly standing: string;
  /** `contained: user build-agent` */
  readonly containments: readonly string[];
}

/** What one message holds; more is counted. */
export const MAX_INCIDENTS = 10;
const MAX_LINES = 10;
const MAX_CONTAINMENTS = 5;

export function incidentUpdate(briefing: Briefing, lines: readonly UpdateLine[]): IncidentUpdate {
  const { incident, containments } = briefing;
  const shown = containments.slice(0, MAX_CONTAINMENTS);
  const left = containments.length - shown.length;
  return {
    incidentId: incident.id,
    severity: incident.severity,
    title: incident.title,
    account: incident.account,
    region: incident.region,
    openedAt: incident.openedAt,
    lines: lines.slice(-MAX_LINES),
    earlier: Math.max(0, lines.length - MAX_LINES),
    standing: standingOf(incident),
    containments: [
      ...shown.map((line) => `${words(line)}: ${line.target.kind.replaceAll('-', ' ')} ${nameIn(line.target.id)}`),
      ...(left > 0 ? [`and ${left} more`] : []),
    ],
  };
}

function nameIn(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}

/** @param all one for each incident that has news. */
export function updateContent(
  stakeholder: { readonly name: string; readonly events: readonly string[] },
  all: readonly IncidentUpdate[],
  now: Date,
  exercise?: string,
): UpdateContent {
  const sorted = [...all].sort(
    (a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) || (a.incidentId < b.incidentId ? -1 : 1),
  );
  const told = sorted.map(({ incidentId, lines }) => [incidentId, lines.map(({ sequence }) => sequence)]);
  return {
    updateId: `upd-${sha256(JSON.stringify([stakeholder.name, told])).slice(0, 32)}`,
    stakeholder: stakeholder.name,
    events: stakeholder.events,
    incidents: sorted.slice(0, MAX_INCIDENTS),
    more: Math.max(0, sorted.length - MAX_INCIDENTS),
    sentAt: now.toISOString(),
    ...(exercise !== undefined && { exercise }),
  };
}
