import type { Acknowledgement, Incident } from '../../lib/model/incident';
import { neutralText } from './neutral-text';
import { changeIncident } from './store/incidents';
import { survivorOf } from './store/survivor';
import type { Table } from './store/table';
import { type TokenRecord, useToken } from './store/tokens';

/** Characters of a name. */
export const MAX_NAME = 80;

export interface AcknowledgeRequest {
  /** A person's name, as they gave it. */
  readonly by: string;
  readonly how: Acknowledgement['how'];
  /** Used up together with the acknowledgement, or not at all. */
  readonly token?: TokenRecord;
}

export interface AcknowledgeResult {
  readonly outcome: 'acknowledged' | 'already-acknowledged' | 'closed';
  readonly incident: Incident;
}

/**
 * A name as it is kept and shown: one harmless line of 80 characters at most. Undefined where nothing is left of it.
 */
export function personName(text: string): string | undefined {
  const name = neutralText(text, MAX_NAME);
  return name === '' ? undefined : name;
}

/**
 * Records that a person takes care of an incident, which ends paging. The first acknowledgement stands; a second
 * changes nothing and learns who was first. Never touches a containment. Who answers the page of an incident that was
 * merged takes care of the one that goes on for it.
 *
 * @throws Error where the name is empty, or the incident does not exist.
 */
export async function acknowledge(
  table: Table,
  incidentId: string,
  ask: AcknowledgeRequest,
  now: () => Date = () => new Date(),
): Promise<AcknowledgeResult> {
  const by = personName(ask.by);
  if (by === undefined) throw new Error('an acknowledgement needs a name: who takes care of it?');
  const going = await survivorOf(table, incidentId);
  const { incident, records } = await changeIncident(
    table,
    going?.id ?? incidentId,
    (before) => {
      if (before.acknowledgement || before.status !== 'open') return undefined;
      const acknowledgement: Acknowledgement = { by, at: now().toISOString(), how: ask.how };
      const via = ask.how === 'link' ? 'by link' : 'on the command line';
      const details = ask.token && {
        pageId: ask.token.pageId,
        level: ask.token.level,
        recipient: ask.token.recipient,
      };
      return {
        set: { acknowledgement },
        entries: [
          {
            stage: 'escalate',
            kind: 'acknowledged',
            text: `${by} acknowledged ${via}`,
            by,
            ...(details && { details }),
          },
        ],
        also: ask.token ? [useToken(table, ask.token, now())] : [],
      };
    },
    now,
  );
  if (records.length > 0) return { outcome: 'acknowledged', incident };
  // Merged in this very moment.
  if (incident.status === 'merged') return acknowledge(table, incident.id, ask, now);
  return { outcome: incident.acknowledgement ? 'already-acknowledged' : 'closed', incident };
}
