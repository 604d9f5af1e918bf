import { z } from 'zod';
import { LEVELS } from '../lib/model/alert';
import { MOMENTS } from '../lib/model/notification';
import { SEVERITIES } from '../lib/model/severity';
import { STAGES, TIMELINE_KINDS } from '../lib/model/timeline';
import { REPORT_SCHEMA_VERSION } from '../lambdas/report/writer/report';

const time = z.string().describe('ISO 8601, UTC');
const ms = z.number().nullable().describe('milliseconds; null where it has not happened, or cannot be known');
const status = z.strictObject({ tone: z.enum(['good', 'bad', 'warn', 'calm']), label: z.string() });
const records = z.array(z.string()).describe('names of the rows of the timeline that back this');
const texts = z.array(z.string());
const evidence = { key: z.string(), versionId: z.string().optional(), sha256: z.string() };
const verdict = {
  intact: z.boolean(),
  problem: z.string().optional(),
  anchoredUpTo: z.strictObject({ length: z.int(), at: time }).optional(),
  unanchored: z.int(),
  head: z.strictObject({ length: z.int(), hash: z.string() }),
  text: z.string(),
};

const row = z.strictObject({
  name: z.string(),
  incidentId: z.string().optional(),
  sequence: z.int(),
  at: time,
  stage: z.enum(STAGES),
  kind: z.enum(TIMELINE_KINDS),
  status,
  text: z.string(),
  by: z.string(),
  execution: z.string().optional(),
  containmentId: z.string().optional(),
  evidence: z.array(z.strictObject(evidence)),
});

const action = z.strictObject({
  id: z.string(),
  title: z.string(),
  status,
  appliedAt: time.optional(),
  releasedAt: time.optional(),
  detail: z.string(),
  changes: texts,
  release: z.enum(['restores', 'manual', 'never']).optional(),
  records,
});

const containment = z.strictObject({
  id: z.string(),
  runbook: z.string(),
  title: z.string(),
  target: z.string(),
  mode: z.enum(['observe', 'approve', 'enforce']),
  state: z.string(),
  status,
  reason: z.string().optional(),
  startedAt: time,
  verifiedAt: time.optional(),
  containMs: z.number().optional(),
  heldAt: time.optional(),
  releasedAt: time.optional(),
  by: z.string(),
  otherHolders: texts,
  actions: z.array(action),
  timesUndone: z.int(),
  observedBecause: z.string().optional(),
  wouldHave: texts.optional(),
  records,
});

const clock = z.strictObject({
  id: z.string(),
  law: z.string(),
  article: z.string(),
  to: z.string(),
  because: z.string(),
  onlyIf: z.string(),
  steps: z.array(
    z.strictObject({ name: z.string(), within: z.string(), from: z.enum(MOMENTS), dueAt: time.optional() }),
  ),
  records,
});

/** The report as JSON. A test holds what is written against it. */
export const reportSchema = z.strictObject({
  schemaVersion: z.literal(REPORT_SCHEMA_VERSION),
  exercise: z.string().optional().describe('what was rehearsed; absent where it was real. Told by the deployment'),
  incidentId: z.string(),
  title: z.string(),
  severity: z.enum(SEVERITIES),
  severityHistory: z.array(
    z.strictObject({ at: time, from: z.string().optional(), to: z.string(), because: z.string(), records }),
  ),
  account: z.string(),
  region: z.string(),
  writtenAt: time,
  final: z.boolean(),
  summary: texts,
  answers: z.array(z.strictObject({ question: z.string(), text: texts, records })),
  containment: status,
  answer: status,
  incident: status,
  firstEventAt: time,
  openedAt: time,
  acknowledged: z.strictObject({ by: z.string(), at: time, how: z.string() }).optional(),
  closedAt: time.optional(),
  timings: z.strictObject({
    detect_ms: ms,
    delivery_ms: ms,
    own_ms: ms,
    acknowledge_ms: ms,
    contain_ms: ms,
    held_ms: ms,
    dwell_ms: ms,
    recover_ms: ms,
    close_ms: ms,
  }),
  unansweredLevels: texts,
  alertCount: z.int(),
  rules: z.array(
    z.strictObject({
      id: z.string(),
      title: z.string(),
      level: z.enum(LEVELS).optional(),
      alerts: z.int(),
      firstAt: time,
      techniques: texts,
      because: texts,
      via: texts,
      records,
    }),
  ),
  techniques: z.array(z.strictObject({ id: z.string(), tactics: texts, rules: texts })),
  entities: z.array(
    z.strictObject({
      kind: z.string(),
      id: z.string(),
      role: z.enum(['actor', 'target']),
      trust: z.string(),
      where: z.string(),
      records,
    }),
  ),
  links: z.array(z.strictObject({ actor: z.int(), target: z.int(), rules: texts, records })),
  assets: texts,
  data: texts,
  questions: z.array(z.strictObject({ text: z.string(), records })),
  suppressed: z.array(
    z.strictObject({
      name: z.string(),
      owner: z.string(),
      reason: z.string(),
      count: z.int(),
      lastAt: time,
      lastTitle: z.string(),
    }),
  ),
  moments: z.array(z.strictObject({ moment: z.enum(MOMENTS), at: time.optional(), basis: z.string(), records })),
  clocks: z.array(clock),
  levels: z.array(
    z.strictObject({
      name: z.string(),
      pages: z.array(z.strictObject({ at: time, to: z.string(), status })),
      outcome: status.extend({ at: time.optional() }),
      records,
    }),
  ),
  pauses: z.array(row),
  rootCause: z.array(z.strictObject({ question: z.string(), answer: z.null() })),
  containments: z.array(containment),
  swept: z.array(
    z.strictObject({
      at: time,
      did: z.string(),
      kind: z.string(),
      id: z.string(),
      call: z.string(),
      by: z.string(),
      region: z.string(),
      eventId: z.string(),
      onlyInAnAlert: z.boolean(),
      runbook: z.string().optional(),
      records,
    }),
  ),
  sweeps: z.array(row),
  tasks: z.array(z.strictObject({ text: z.string(), from: z.string(), owner: z.null(), due: z.null(), records })),
  failures: z.array(row),
  timeline: z.array(row),
  omittedRows: z.int(),
  evidence: z.array(
    z.strictObject({ ...evidence, record: z.string(), sequence: z.int(), at: time, by: z.string(), text: z.string() }),
  ),
  chain: z.strictObject(verdict),
  merged: z.array(z.strictObject({ ...verdict, incidentId: z.string(), title: z.string() })),
  records: z.int(),
});

/** The JSON schema of `report.json`. */
export function reportSchemaText(): string {
  return `${JSON.stringify(z.toJSONSchema(reportSchema), undefined, 2)}\n`;
}
