import { z } from 'zod';
import { Weekday } from '../lib/escalate/business-hours';
import { StakeholderEvent } from '../lib/escalate/stakeholder';
import { IncidentSeverity } from '../lib/triage/response-plan';
import { arn, duration, eachOnce, label, list, name } from './values-schema';

export const RECIPIENT =
  "one recipient: 'person', 'email', 'sms', 'https' (with 'signingSecret'), 'queue', 'topic', 'pagerDuty', 'slack' or 'teams'";
export const recipient = z.union(
  [
    z.strictObject({ email: z.email() }),
    z.strictObject({ sms: z.string().regex(/^\+[1-9]\d{6,14}$/, 'a number in E.164 form, such as +4915112345678') }),
    z.strictObject({ https: z.url({ protocol: /^https$/ }), signingSecret: arn('secretsmanager').optional() }),
    z.strictObject({ queue: arn('sqs') }),
    z.strictObject({ topic: arn('sns') }),
    z.strictObject({ slack: arn('secretsmanager').describe("The secret that holds an incoming webhook's URL") }),
    z.strictObject({ teams: arn('secretsmanager').describe("The secret that holds a workflow's URL") }),
    z.strictObject({
      pagerDuty: arn('secretsmanager').describe('The secret that holds the routing key (Events API v2)'),
    }),
  ],
  { error: RECIPIENT },
);

export const person = z.strictObject({
  name: z
    .string()
    .regex(/^[\p{L}\p{N}][\p{L}\p{N} ._'-]{0,59}$/u, "a name of at most 60 letters, digits, spaces and - _ . '"),
  channels: list(recipient).describe('Tried in this order: the next only where one did not take the page'),
});
export const personReference = z.strictObject({ person: z.string().min(1) });

const rotation = z.strictObject({
  people: list(z.union([personReference, recipient], "'person' with a name of 'people', or a recipient")),
  timeZone: z.string().describe('IANA name, such as Europe/Berlin'),
  startsAt: z.string().describe('Local date and time at which the first begins, such as 2026-11-23T09:00'),
  everyDays: z.number().int().min(1).max(366).default(7),
});

const businessHours = z.strictObject({
  timeZone: z.string().describe('IANA name, such as Europe/Berlin'),
  from: z.string().describe('Local time, such as 09:00'),
  to: z.string().describe('Local time, such as 17:30'),
  days: list(z.enum(Weekday)).optional(),
  holidays: z.array(z.string()).default([]).describe('Local dates, such as 2026-12-25'),
});

export const level = z
  .strictObject({
    name,
    recipients: z
      .array(z.union([personReference, recipient], RECIPIENT))
      .default([])
      .describe('Paged together; may be left out where a rotation says who is on call'),
    rotation: rotation.optional().describe('People who take turns'),
    businessHours: businessHours.optional().describe('When it is paged about SEV3 and SEV4; SEV1 and SEV2 never wait'),
    acknowledgeWithinBySeverity: z
      .strictObject({ SEV1: duration, SEV2: duration, SEV3: duration, SEV4: duration })
      .partial()
      .default({}),
    acknowledgeWithin: duration.describe('How long this level has to answer; at least 1 minute'),
    repeats: z
      .number()
      .int()
      .min(0)
      .max(5)
      .default(0)
      .describe('How often the level is paged again before the next one'),
  })
  .check((context) => {
    const { recipients, rotation: turns } = context.value;
    if (recipients.length > 0 || turns) return;
    const message = 'at least one recipient, or a rotation beside it';
    context.issues.push({ code: 'custom', input: recipients, path: ['recipients'], message });
  });

const stakeholderEvents = Object.values(StakeholderEvent);
export const stakeholder = z.strictObject({
  name: label.describe('Unique; response plans name whom they tell'),
  recipient: z
    .union([personReference, recipient], RECIPIENT)
    .describe('Of a person the channels that do not ring, in order; SMS and PagerDuty are for pages'),
  events: list(
    z.enum(StakeholderEvent, { error: `one of ${stakeholderEvents.map((event) => `'${event}'`).join(', ')}` }),
  )
    .check(eachOnce)
    .describe('What they want to be told about'),
  severityAtLeast: z.enum(IncidentSeverity).optional().describe('Only of incidents of this severity, and worse ones'),
});
