import { isJsonObject, textAt, type Json } from '../../../lib/model/json';
import type { TimelineRecord } from '../../../lib/model/timeline';
import { neutralText } from '../../shared/neutral-text';
import { recordName } from '../all-records';
import { kindStatus } from './kind-status';
import type { EvidenceReference, ReportedEvidence, ReportedRow } from './report';
import { utc } from './time-text';

const TEXT_LENGTH = 1000;
/** Evidence lies at `details`, or in one list or object below it. */
const MAX_DEPTH = 3;

/** @param incidentId whose report it is: rows of others say whose they are. */
export function reportRow(record: TimelineRecord, incidentId: string): ReportedRow {
  const containmentId = textAt(record.details, 'containmentId');
  return {
    name: neutralText(recordName(record, incidentId), 80),
    sequence: record.sequence,
    ...(record.incidentId !== incidentId && { incidentId: neutralText(record.incidentId, 60) }),
    at: record.at,
    stage: record.stage,
    kind: record.kind,
    status: kindStatus(record.kind),
    text: `${neutralText(record.text, TEXT_LENGTH)}${raised(record)}`,
    ...doer(record),
    ...(containmentId !== undefined && { containmentId: neutralText(containmentId, 60) }),
    evidence: references(record.details, MAX_DEPTH),
  };
}

/** An alert is written down after it was raised, and that was after its event: a row has room for all three. */
function raised({ kind, details }: TimelineRecord): string {
  const [eventAt, raisedAt] = [textAt(details, 'eventAt'), textAt(details, 'raisedAt')];
  if (kind !== 'alert-raised' || eventAt === undefined || raisedAt === undefined) return '';
  return ` (event ${utc(neutralText(eventAt, 40))}, alert raised ${utc(neutralText(raisedAt, 40))})`;
}

/** Executions are named after what they work on; people read the name of the runbook or of the chain. */
const EXECUTION = /^(con|inc|release|chain)-[0-9a-z-]{10,}$/;

function doer({ by, details, stage }: TimelineRecord): Pick<ReportedRow, 'by' | 'execution'> {
  if (!EXECUTION.test(by)) return { by: neutralText(by, 200) };
  return { by: neutralText(textAt(details, 'runbook') ?? stage, 200), execution: by };
}

/** Every object of the vault that the timeline names, once a version, in order. */
export function collectEvidence(rows: readonly ReportedRow[]): ReportedEvidence[] {
  const seen = new Set<string>();
  return rows.flatMap(({ name, sequence, at, by, text, evidence }) =>
    evidence
      .filter(({ key, versionId }) => {
        const id = JSON.stringify([key, versionId]);
        return !seen.has(id) && seen.add(id);
      })
      .map((reference) => ({ ...reference, record: name, sequence, at, by, text })),
  );
}

/** Whatever has a key and a SHA-256 is something in the vault, wherever a stage put it. */
function references(value: Json | undefined, depth: number): EvidenceReference[] {
  if (depth === 0) return [];
  if (Array.isArray(value)) return value.flatMap((item) => references(item, depth - 1));
  if (!isJsonObject(value)) return [];
  const { key, versionId, sha256 } = value;
  if (typeof key === 'string' && typeof sha256 === 'string') {
    return [
      {
        key: neutralText(key, 1024),
        ...(typeof versionId === 'string' && { versionId: neutralText(versionId, 1024) }),
        sha256: neutralText(sha256, 64),
      },
    ];
  }
  return Object.values(value).flatMap((item) => references(item, depth - 1));
}
