import { z } from 'zod';
import { ENTITY_KINDS } from '../lib/model/entity';
import { WhenNobodyDecides } from '../lib/triage/approval';
import { Criticality, DataKind } from '../lib/triage/asset-group';
import { ContainmentMode } from '../lib/triage/containment-mode';
import { Level } from '../lib/triage/level';
import { AlertSource, Contains, IncidentSeverity } from '../lib/triage/response-plan';
import { SweepMode } from '../lib/triage/sweep-mode';
import { RUNBOOKS } from '../runbooks';
import { personReference, recipient, RECIPIENT } from './people-schema';
import { accountId, arnPattern, duration, eachOnce, label, list, name, time } from './values-schema';

export const mode = z.enum(ContainmentMode, {
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
export const approvalChoice = z.union([z.literal('automatic'), approval], {
  error: "'automatic' (nobody is asked), or 'within', 'onTimeout' and 'approvers'",
});
const sweep = z.enum(SweepMode, {
  error: "'list' (what the actor made is listed), 'contain' (it is contained as well) or 'off' (nobody looks)",
});
const runbookId = z.enum(RUNBOOKS.map(({ id }) => id));

export const responsePlan = z.strictObject({
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

export const assetGroup = z.strictObject({
  name: label,
  criticality: z.enum(Criticality),
  accounts: list(accountId).optional(),
  resources: list(arnPattern).optional().describe('They can only raise the impact'),
  data: list(z.enum(DataKind)).optional().describe('What lies there, for those who have to be told of its loss'),
});

export const suppression = z.strictObject({
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
