import { z } from 'zod';
import { ENTITY_KINDS } from '../../../lib/model/entity';
import { MAX_REASON } from '../../shared/approvals/decide-approval';
import { MOMENTS } from '../../../lib/model/notification';
import { SEVERITIES } from '../../../lib/model/severity';

const incidentId = z.string().regex(/^inc-[0-9a-z-]{8,60}$/, "an id that begins with 'inc-'");
const containmentId = z.string().regex(/^con-[0-9a-f]{32}$/, "an id that begins with 'con-'");
/** Who says so: the command line asks for it; what IAM knows of the caller stands in CloudTrail. */
const by = z.string().trim().min(1).max(100);
const text = z.string().trim().min(1).max(1000);

/** What a responder may ask. */
export const respondRequest = z.discriminatedUnion('op', [
  z.strictObject({
    op: z.literal('open'),
    by,
    title: z.string().trim().min(1).max(200),
    severity: z.enum(SEVERITIES),
    contain: z
      .array(
        z.strictObject({
          runbook: z.string().max(64),
          target: z.strictObject({
            kind: z.enum(ENTITY_KINDS),
            id: z.string().min(1).max(2048),
            account: z.string().regex(/^\d{12}$/),
            region: z.string().max(32),
          }),
        }),
      )
      .max(20),
  }),
  z.strictObject({ op: z.literal('ack'), incidentId, by }),
  z.strictObject({
    op: z.literal('decide'),
    incidentId,
    approvalId: z.string().regex(/^apr-[0-9a-f]{32}$/, "an id that begins with 'apr-'"),
    /** Of the plan that was shown. */
    planHash: z.string().regex(/^[0-9a-f]{64}$/),
    approve: z.boolean(),
    by,
    reason: z.string().trim().min(1).max(MAX_REASON),
    /** IAM identity of the caller, as their credentials say; CloudTrail has it by itself. */
    principal: z.string().max(2048).optional(),
  }),
  z.strictObject({ op: z.literal('note'), incidentId, by, text }),
  z.strictObject({
    op: z.literal('snooze'),
    incidentId,
    by,
    reason: text,
    minutes: z.number().int().min(1).max(10_080),
  }),
  z.strictObject({ op: z.literal('hand-over'), incidentId, by, to: by, reason: text }),
  z.strictObject({ op: z.literal('close'), incidentId, by, reason: text, falsePositive: z.boolean().default(false) }),
  z.strictObject({
    op: z.literal('moment'),
    incidentId,
    by,
    moment: z.enum(MOMENTS),
    at: z.iso.datetime({ offset: true }),
    reason: text,
  }),
  z.strictObject({
    op: z.literal('release'),
    containmentId,
    incidentId: incidentId.optional(),
    by,
    reason: text,
    force: z.boolean(),
    reactivateKeys: z.boolean(),
  }),
]);
export type RespondRequest = z.infer<typeof respondRequest>;
/** As it is sent: what has a default may be left out. */
export type RespondInput = z.input<typeof respondRequest>;
export type Ask<Op extends RespondRequest['op']> = Extract<RespondRequest, { op: Op }>;
