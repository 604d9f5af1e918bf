import { z } from 'zod';
import { INCIDENT_STATUSES } from '../../../lib/model/incident';

const id = (prefix: string) =>
  z.string().regex(new RegExp(`^${prefix}-[0-9a-z-]{8,60}$`), `an id that begins with '${prefix}-'`);

/** What a reader may ask. */
export const queryRequest = z.discriminatedUnion('op', [
  z.strictObject({
    op: z.literal('list'),
    status: z.enum(INCIDENT_STATUSES),
    limit: z.number().int().min(1).max(500),
  }),
  z.strictObject({ op: z.literal('suppressed') }),
  z.strictObject({ op: z.literal('canary') }),
  z.strictObject({ op: z.literal('stats'), days: z.number().int().min(1).max(366) }),
  z.strictObject({
    op: z.literal('show'),
    incidentId: id('inc'),
    /** Absent: all of it in one answer, or none. */
    from: z
      .union([z.literal('start'), z.string().regex(/^inc-[0-9a-z-]{8,60}#\d{1,8}$/, 'as an answer says it')])
      .optional(),
  }),
  z.strictObject({ op: z.literal('approvals'), incidentId: id('inc') }),
  z.strictObject({ op: z.literal('containment'), containmentId: id('con') }),
  z.strictObject({
    op: z.literal('plan'),
    runbook: z.string().max(64),
    target: z.strictObject({
      kind: z.string(),
      id: z.string().min(1).max(2048),
      account: z.string().regex(/^\d{12}$/),
      region: z.string().max(32),
    }),
  }),
]);
export type QueryRequest = z.infer<typeof queryRequest>;
