import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import { CANARY_END } from '../../shared/store/canaries';
import { TIMELINE_KINDS, type TimelineRecord } from '../../../lib/model/timeline';

/** One record of the stream: something to publish, something that is none of our business, or something unreadable. */
export type StreamRecord =
  | { readonly kind: 'timeline'; readonly position: string; readonly record: TimelineRecord }
  /** A canary came to the end of the chain. */
  | { readonly kind: 'canary'; readonly position: string; readonly canary: string }
  | { readonly kind: 'other'; readonly position: string }
  | { readonly kind: 'unreadable'; readonly position: string; readonly why: string };

/** The event source's filter lets only inserts of timeline records through; this does not rely on it. */
export function readStreamRecord(raw: DynamoDBRecord): StreamRecord {
  const position = raw.dynamodb?.SequenceNumber ?? '';
  const sortKey = raw.dynamodb?.Keys?.['sk']?.S ?? '';
  if (raw.eventName !== 'INSERT' || !sortKey.startsWith('TL#')) return { kind: 'other', position };
  try {
    const image = unmarshall((raw.dynamodb?.NewImage ?? {}) as Record<string, AttributeValue>);
    if (sortKey === CANARY_END) return { kind: 'canary', position, canary: String(image['canary']) };
    const record = image['record'] as Partial<TimelineRecord> | undefined;
    if (!isTimelineRecord(record)) {
      return { kind: 'unreadable', position, why: `'${sortKey}' has no timeline record that this version knows` };
    }
    return { kind: 'timeline', position, record };
  } catch (error) {
    return {
      kind: 'unreadable',
      position,
      why: `'${sortKey}': ${error instanceof Error ? error.message : 'not readable'}`,
    };
  }
}

function isTimelineRecord(record: Partial<TimelineRecord> | undefined): record is TimelineRecord {
  return (
    typeof record?.incidentId === 'string' &&
    typeof record.sequence === 'number' &&
    typeof record.at === 'string' &&
    typeof record.hash === 'string' &&
    typeof record.text === 'string' &&
    TIMELINE_KINDS.some((kind) => kind === record.kind)
  );
}
