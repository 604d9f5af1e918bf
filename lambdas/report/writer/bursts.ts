import { textAt, type Json } from '../../../lib/model/json';

/** What a batch says of one incident. */
export interface Burst {
  readonly incidentId: string;
  readonly closed: boolean;
  readonly messageIds: readonly string[];
}

/** A batch, put together by incident; messages that name none fail alone. */
export interface Batch {
  readonly bursts: readonly Burst[];
  readonly unreadable: readonly string[];
}

export function readBatch(records: readonly { readonly messageId: string; readonly body: string }[]): Batch {
  const bursts = new Map<string, { closed: boolean; messageIds: string[] }>();
  const unreadable: string[] = [];
  for (const { messageId, body } of records) {
    const event = parse(body);
    const incidentId = textAt(event, 'detail.incidentId');
    if (incidentId === undefined) {
      unreadable.push(messageId);
      continue;
    }
    const burst = bursts.get(incidentId) ?? { closed: false, messageIds: [] };
    burst.closed ||= textAt(event, 'detail-type') === 'Incident Closed';
    burst.messageIds.push(messageId);
    bursts.set(incidentId, burst);
  }
  return { bursts: [...bursts].map(([incidentId, burst]) => ({ incidentId, ...burst })), unreadable };
}

function parse(body: string): Json | undefined {
  try {
    return JSON.parse(body) as Json;
  } catch {
    // Told apart by the caller: such a message is sent back, and ends in the dead-letter queue.
    return undefined;
  }
}
