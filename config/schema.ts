import { z } from 'zod';
import { EXERCISE_RULE, EXERCISE_SENTENCE } from '../lib/model/exercise';
import { ContainmentMode } from '../lib/triage/containment-mode';
import { level, person, stakeholder, type recipient } from './people-schema';
import { approvalChoice, assetGroup, mode, responsePlan, suppression } from './plans-schema';
import { arnPattern, duration, eachItsOwnName, list, name } from './values-schema';

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
          reads: z
            .boolean()
            .default(true)
            .describe('With events: calls that only read, too; without them rules about such calls never fire'),
          logGroups: list(z.string()).optional().describe('Log groups that a trail writes to'),
        })
        .optional(),
      guardDuty: z.boolean().default(false),
      applications: z.strictObject({ logGroups: list(z.string()) }).optional(),
      vpcFlowLogs: z
        .strictObject({ logGroups: list(z.string()) })
        .optional()
        .describe('Flow logs in their default format'),
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
      .regex(
        /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+$/,
        'the ARN of a KMS key, such as arn:aws:kms:eu-central-1:111122223333:key/1234abcd-…; not of an alias, which somebody can move to another key',
      )
      .optional()
      .describe('Copies those snapshots to this key, best one of another account; no alias. Not copied without it'),
  })
  .meta({ title: 'firebreak.yaml', description: 'Configuration of Firebreak: incident response as code for AWS' });

export type Configuration = z.infer<typeof configuration>;
export type ApprovalConfiguration = z.infer<typeof approvalChoice>;
export type RecipientConfiguration = z.infer<typeof recipient>;
export type LevelConfiguration = z.infer<typeof level>;
export type StakeholderConfiguration = z.infer<typeof stakeholder>;
export type ResponsePlanConfiguration = z.infer<typeof responsePlan>;
