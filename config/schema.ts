import { z } from 'zod';
import { ENTITY_KINDS } from '../lib/model/entity';
import { EXERCISE_RULE, EXERCISE_SENTENCE } from '../lib/model/exercise';
import { StakeholderEvent } from '../lib/escalate/stakeholder';
import { WhenNobodyDecides } from '../lib/triage/approval';
import { Weekday } from '../lib/escalate/business-hours';
import { ContainmentMode } from '../lib/triage/containment-mode';
import { Criticality, DataKind } from '../lib/triage/asset-group';
import { Level } from '../lib/triage/level';
import { SweepMode } from '../lib/triage/sweep-mode';
import { AlertSource, Contains, IncidentSeverity } from '../lib/triage/response-plan';
import { RUNBOOKS } from '../runbooks';

const name = z
  .string()
  .regex(
    /^[A-Za-z][A-Za-z0-9-]{0,39}$/,
    'a name of letters, digits and hyphens that begins with a letter, at most 40 characters',
  );
const duration = z
  .string()
  .regex(/^[1-9]\d{0,3}[smhd]$/, "a duration such as '90s', '5m', '2h' or '1d'")
  .describe("A whole number with its unit: 's', 'm', 'h' or 'd'");
const arn = (service: string) =>
  z.string().regex(new RegExp(`^arn:aws[a-z-]*:${service}:`), `an ARN of ${service}, such as arn:aws:${service}:…`);
const arnPattern = z
  .string()
  .regex(
    /^arn:(\*|aws[a-z-]*):[a-z0-9-]+:/,
    "an ARN, with '*' where any will do, such as arn:aws:iam::111122223333:user/break-glass*",
  );
const label = z.string().trim().min(1).max(80);
const accountId = z.string().regex(/^\d{12}$/, 'twelve digits, in quotes');
const list = <T extends z.ZodType>(of: T) => z.array(of).min(1, 'at least one');

/** Says of each entry whose name an entry before it has. */
function eachItsOwnName(context: z.core.ParsePayload<{ readonly name: string }[]>): void {
  const seen = new Set<string>();
  for (const [index, { name: input }] of context.value.entries()) {
    if (seen.has(input)) {
      context.issues.push({ code: 'custom', input, path: [index, 'name'], message: 'a name that no other here has' });
    }
    seen.add(input);
  }
}

/** Says of each entry that stands there already. */
function eachOnce(context: z.core.ParsePayload<string[]>): void {
  for (const [index, input] of context.value.entries()) {
    if (context.value.indexOf(input) === index) continue;
    context.issues.push({ code: 'custom', input, path: [index], message: 'named once' });
  }
}

const RECIPIENT =
  "one recipient: 'person', 'email', 'sms', 'https' (with 'signingSecret'), 'queue', 'topic', 'pagerDuty', 'slack' or 'teams'";
const recipient = z.union(
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

const person = z.strictObject({
  name: z
    .string()
    .regex(/^[\p{L}\p{N}][\p{L}\p{N} ._'-]{0,59}$/u, "a name of at most 60 letters, digits, spaces and - _ . '"),
  channels: list(recipient).describe('Tried in this order: the next only where one did not take the page'),
});
const personReference = z.strictObject({ person: z.string().min(1) });

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

const level = z
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

const mode = z.enum(ContainmentMode, {
  error: "'observe' (nothing is changed), 'approve' (people are asked first) or 'enforce' (contains at once)",
});
const whenNobodyDecides = z.enum(WhenNobodyDecides, {
  error: "'escalate' (the next level is asked), 'contain' or 'abort' (nothing is changed)",
});
const approval = z.strictObject({
  within: duration.default('15m').describe('How long people have, each time they are asked; 1 minute to 24 hours'),
  onTimeout: z
    .strictObject({
      SEV1: whenNobodyDecides.optional(),
      SEV2: whenNobodyDecides.optional(),
      SEV3: whenNobodyDecides.optional(),
      SEV4: whenNobodyDecides.optional(),
    })
    .default({})
    .describe("What happens where nobody decided in time, by severity; 'escalate' where it is left out"),
  approvers: list(
    z.strictObject({
      recipient: z
        .union([personReference, recipient], RECIPIENT)
        .describe('One of the recipients of the escalation chains, written as there'),
      principals: list(arnPattern)
        .optional()
        .describe('IAM identities of this person: whoever acted in an incident does not approve'),
    }),
  )
    .optional()
    .describe('Who may approve; everybody who is paged where it is left out'),
});
/** Nobody is asked, or how people are. */
const approvalChoice = z.union([z.literal('automatic'), approval], {
  error: "'automatic' (nobody is asked), or 'within', 'onTimeout' and 'approvers'",
});
const sweep = z.enum(SweepMode, {
  error: "'list' (what the actor made is listed), 'contain' (it is contained as well) or 'off' (nobody looks)",
});
const runbookId = z.enum(RUNBOOKS.map(({ id }) => id));

const stakeholderEvents = Object.values(StakeholderEvent);
const stakeholder = z.strictObject({
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

const responsePlan = z.strictObject({
  name,
  when: z
    .strictObject({
      rules: list(z.uuid('the id of a rule, a UUID')).optional(),
      tags: list(z.string()).optional(),
      levelAtLeast: z.enum(Level).optional(),
      sources: list(z.enum(AlertSource)).optional(),
      entityKinds: list(z.enum(ENTITY_KINDS)).optional(),
      entities: list(arnPattern).optional(),
      accounts: list(accountId).optional(),
      criticalityAtLeast: z.enum(Criticality).optional(),
    })
    .default({}),
  runbooks: z
    .array(
      z.strictObject({
        runbook: runbookId,
        contains: z.enum(Contains),
        mode: mode.optional(),
        approval: approvalChoice.optional(),
      }),
    )
    .default([]),
  escalationChain: name.optional(),
  severity: z.enum(IncidentSeverity).optional(),
  sweep: sweep
    .default(SweepMode.LIST)
    .describe('What becomes of what a user or role created or changed before a runbook of this plan contained it'),
  stakeholders: z
    .array(label)
    .check(eachOnce)
    .optional()
    .describe('Names of those who are told; all of them where it is left out'),
  staged: z.boolean().default(false).describe('Not promoted yet: its runbooks only observe'),
});

const assetGroup = z.strictObject({
  name: label,
  criticality: z.enum(Criticality),
  accounts: list(accountId).optional(),
  resources: list(arnPattern).optional().describe('They can only raise the impact'),
  data: list(z.enum(DataKind)).optional().describe('What lies there, for those who have to be told of its loss'),
});

const time = z.iso
  .datetime({ offset: true, error: 'a time with its zone, such as 2027-01-31T22:00:00Z' })
  .describe('ISO 8601, with its zone');

const suppression = z.strictObject({
  name: label,
  owner: z.string().trim().min(1, 'who answers for it').max(80),
  reason: z.string().trim().min(1, 'why').max(300),
  from: time.optional(),
  until: time,
  levelAtMost: z.enum(Level).default(Level.MEDIUM).describe('What is worse is never kept quiet'),
  rules: list(z.uuid('the id of a rule, a UUID')).optional(),
  principals: list(arnPattern).optional(),
  resources: list(arnPattern).optional(),
  addresses: list(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], 'an address or a CIDR block')).optional(),
  accounts: list(accountId).optional(),
});

/** `firebreak.yaml`, key by key. The library needs none; the app and the command line read it. */
export const configuration = z
  .strictObject({
    stack: name.default('Firebreak').describe('Name of the CloudFormation stack'),
    region: z
      .string()
      .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'a Region such as eu-central-1')
      .optional()
      .describe("Where to deploy; the CDK's current Region if left out"),
    account: z
      .string()
      .regex(/^\d{12}$/, 'twelve digits, in quotes')
      .optional()
      .describe("Where to deploy; the CDK's current account if left out"),
    mode: mode.default(ContainmentMode.OBSERVE).describe('What runbooks do unless a response plan says otherwise'),
    approval: approvalChoice
      .optional()
      .describe(
        "How people are asked where the mode is 'approve', and for what is over the limit of a runbook; 15 minutes, and until somebody decides, where it is left out",
      ),
    sources: z.strictObject({
      cloudTrail: z
        .strictObject({
          events: z.boolean().default(true).describe('Management events by EventBridge: fast, needs a trail'),
          logGroups: list(z.string()).optional().describe('Log groups that a trail writes to'),
        })
        .optional(),
      guardDuty: z.boolean().default(false),
      applications: z.strictObject({ logGroups: list(z.string()) }).optional(),
    }),
    rules: z
      .strictObject({ builtIn: z.boolean().default(true), directories: z.array(z.string()).default([]) })
      .default({ builtIn: true, directories: [] }),
    responsePlans: z
      .array(responsePlan)
      .check(eachItsOwnName)
      .optional()
      .describe('In order: the first whose conditions hold answers'),
    people: z.array(person).check(eachItsOwnName).default([]).describe('Whom levels and rotations name'),
    escalationChains: list(
      z.strictObject({
        name,
        levels: list(level),
        voidAfterSilence: duration
          .optional()
          .describe('How long whoever acknowledged may be silent before people are paged again; 15 minutes to 7 days'),
        whenNobodyAnswers: z
          .union([
            z.strictObject({ alarm: z.literal(true) }),
            z.strictObject({ startAgain: z.number().int().min(1).max(5).describe('times') }),
          ])
          .default({ alarm: true }),
      }),
    )
      .check(eachItsOwnName)
      .describe('The first is the default'),
    stakeholders: z
      .array(stakeholder)
      .check(eachItsOwnName)
      .default([])
      .describe('Who is told how incidents go, in plain language, and never paged'),
    guardRails: z
      .strictObject({
        protectedPrincipals: z.array(arnPattern).default([]),
        protectedResources: z.array(arnPattern).default([]),
        protectedVpcs: z.array(z.string().regex(/^vpc-[0-9a-f]+$/, 'the id of a VPC, such as vpc-0a1b2c')).default([]),
        maximumContainmentsPerHour: z.number().int().min(1).max(100).default(5).describe('For each runbook'),
      })
      .optional(),
    assets: z.array(assetGroup).default([]).describe('What weighs more, or less, than the rest'),
    suppressions: z
      .array(suppression)
      .check(eachItsOwnName)
      .default([])
      .describe('Alerts that open no incident for a while: each with an owner, a reason and an end'),
    staging: z
      .strictObject({ rules: list(z.uuid('the id of a rule, a UUID')) })
      .optional()
      .describe('Rules that are not promoted yet: nothing is contained on their word'),
    repeatsThatRaise: z
      .number()
      .int()
      .min(0)
      .max(10_000)
      .default(20)
      .describe('So many alerts of one rule in an incident raise its severity by one step; 0: never'),
    exercise: z
      .string()
      .regex(EXERCISE_SENTENCE, EXERCISE_RULE)
      .optional()
      .describe(
        'Says on pages, updates, alarms and reports that this deployment is for an exercise, in one sentence; changes nothing else',
      ),
    canary: z
      .boolean()
      .default(true)
      .describe('A harmless event through the whole chain every 30 minutes, with an alarm where none comes out'),
    incidentWindow: duration.default('1h').describe('How long an incident takes alerts about the same entities'),
    evidenceRetention: duration.default('30d').describe('How long evidence cannot be deleted'),
    snapshotLock: z
      .strictObject({
        mode: z
          .enum(['governance', 'compliance'])
          .describe('compliance: nobody can end it early, AWS and the root user included'),
        duration: duration.optional().describe('Whole days; as long as evidenceRetention without it'),
        coolOff: duration.optional().describe('compliance only: how long it can still be undone, 1h to 72h'),
      })
      .optional()
      .describe('Locks the snapshots that isolate-instance takes; not locked without it'),
    forensicKey: z
      .string()
      .regex(/^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+$/, 'must be the ARN of a KMS key, not of an alias')
      .optional()
      .describe('Copies those snapshots to this key, best one of another account; not copied without it'),
  })
  .meta({ title: 'firebreak.yaml', description: 'Configuration of Firebreak: incident response as code for AWS' });

export type Configuration = z.infer<typeof configuration>;
export type ApprovalConfiguration = z.infer<typeof approvalChoice>;
export type RecipientConfiguration = z.infer<typeof recipient>;
export type LevelConfiguration = z.infer<typeof level>;
export type StakeholderConfiguration = z.infer<typeof stakeholder>;
export type ResponsePlanConfiguration = z.infer<typeof responsePlan>;
