import type { Entity } from '../../../lib/model/entity';
import type { Severity } from '../../../lib/model/severity';
import type { ApprovalLine } from './approval-lines';
import type { Briefing, ContainmentLine } from './briefing';
import { words } from './words';

/** What a page says, before a medium puts it in its form. Texts are still as they were recorded: hostile. */
export interface PageContent {
  readonly pageId: string;
  readonly incidentId: string;
  readonly severity: Severity;
  readonly title: string;
  readonly account: string;
  readonly region: string;
  readonly openedAt: string;
  readonly chain: string;
  readonly level: string;
  readonly attempt: number;
  readonly cycle: number;
  readonly round: number;
  readonly containments: readonly (ContainmentLine & { readonly words: string })[];
  /** What waits for this recipient's decision, or somebody else's. */
  readonly approvals: readonly ApprovalLine[];
  readonly news: readonly string[];
  readonly entities: readonly Entity[];
  /** Ours: never neutralised, or it could not be clicked. */
  readonly link: string;
  readonly command: string;
  /** What the deployment says that it rehearses: ours, and never out of an event. */
  readonly exercise?: string;
  /** ISO 8601. */
  readonly sentAt: string;
}

export type PagePlace = Pick<
  PageContent,
  'pageId' | 'chain' | 'level' | 'attempt' | 'cycle' | 'round' | 'approvals' | 'link' | 'exercise' | 'sentAt'
>;

const MAX_ENTITIES = 20;

export function pageContent(briefing: Briefing, place: PagePlace): PageContent {
  const { incident, containments, news } = briefing;
  return {
    ...place,
    incidentId: incident.id,
    severity: incident.severity,
    title: incident.title,
    account: incident.account,
    region: incident.region,
    openedAt: incident.openedAt,
    containments: containments.map((line) => ({ ...line, words: words(line) })),
    news,
    entities: incident.entities.slice(0, MAX_ENTITIES),
    command: acknowledgeCommand(incident.id),
  };
}

export function acknowledgeCommand(incidentId: string): string {
  return `firebreak incident ack ${incidentId} --by NAME`;
}
