import { z } from 'zod';
import { ALERT_SCHEMA_VERSION, LEVELS, type Alert } from '../../../lib/model/alert';
import { ENTITY_KINDS, TRUSTS } from '../../../lib/model/entity';

const entity = z.object({
  kind: z.enum(ENTITY_KINDS),
  id: z.string().min(1).max(2048),
  account: z.string(),
  region: z.string(),
  role: z.enum(['actor', 'target']),
  trust: z.enum(TRUSTS),
  path: z.string(),
});

/** What triage relies on; other fields of the finding pass through as they are. */
const alertSchema = z.looseObject({
  class_uid: z.literal(2004),
  time: z.number(),
  severity: z.enum(LEVELS),
  message: z.string(),
  metadata: z.looseObject({ logged_time: z.number() }),
  cloud: z.looseObject({ account: z.looseObject({ uid: z.string() }), region: z.string() }),
  finding_info: z.looseObject({
    uid: z.string().min(1).max(200),
    title: z.string(),
    analytic: z.looseObject({ uid: z.string().min(1), name: z.string() }),
    attacks: z.array(z.looseObject({})),
  }),
  unmapped: z.looseObject({
    firebreak: z.looseObject({
      schemaVersion: z.literal(ALERT_SCHEMA_VERSION),
      source: z.enum(['cloudtrail', 'guardduty', 'application']),
      tags: z.array(z.string()),
      because: z.array(z.looseObject({ path: z.string(), op: z.string(), actual: z.string() })),
      entities: z.array(entity),
      delivery: z.looseObject({ via: z.string(), receivedAt: z.string() }),
      neverEnforce: z.array(z.string()),
    }),
  }),
});

/**
 * An alert out of a queue message.
 *
 * @throws Error that names the fields that are wrong.
 */
export function parseAlert(body: string): Alert {
  const parsed = alertSchema.safeParse(JSON.parse(body));
  if (parsed.success) return parsed.data as unknown as Alert;
  throw new Error(`this is not an alert of schema version ${ALERT_SCHEMA_VERSION}: ${z.prettifyError(parsed.error)}`);
}
