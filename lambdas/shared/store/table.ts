import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { requireEnv } from '../require-env';

/**
 * One table holds everything about incidents. Keys:
 *
 * | pk | sk | what |
 * |---|---|---|
 * | `INCIDENT#<id>` | `META` | the incident, with hand-over states and the head of its timeline |
 * | `INCIDENT#<id>` | `TL#<sequence>` | a timeline record |
 * | `INCIDENT#<id>` | `ALERT#<id>` | an alert, as it came, in one text |
 * | `INCIDENT#<id>` | `PAGE#<id>` | a page to one recipient |
 * | `INCIDENT#<id>` | `UPDATE#<stakeholder>` | how far a stakeholder was told |
 * | `ALERT#<id>` | `META` | which incident took it, or what kept it quiet: makes a second delivery harmless |
 * | `SUPPRESSION#<name>` | `ALERT#<id>` | an alert that was kept quiet; 90 days |
 * | `SUPPRESSIONS` | `<name>` | how many a suppression kept quiet |
 * | `ENTITY#<key>` | `META` | the open incident about an entity, or of a rule that names none, within its window |
 * | `CONTAINMENT#<id>` | `META` | a containment, its holds and status |
 * | `CONTAINMENT#<id>` | `PLAN#<attempt>` | what an attempt would change, where people are asked |
 * | `APPROVAL#<id>` | `META` | a question to people, its plan and their decision |
 * | `CONTAINMENT#<id>` | `UNDO#<generation>#<action>` | the state before, create-only |
 * | `CONTAINMENT#<id>` | `ACTION#<generation>#<action>` | where an action stands |
 * | `CONTAINMENT#<id>` | `SWEEP#<generation>#<attempt>` | which execution sweeps after an attempt, create-only |
 * | `LOCK#<resource>` | `META` | a fenced lock |
 * | `RATE#<runbook>#<hour>` | `META` | the blast-radius counter |
 * | `TOKEN#<hash>` | `META` | a link's token, stored hashed |
 * | `CANARY#<hash>` | `META` | a canary that was registered, and the alert that used it |
 * | `CANARY#<hash>` | `TL#CANARY` | it came to the end of the chain |
 * | `CANARIES` | `LAST` | when one was sent last, and when one came all the way |
 *
 * Index `pending` (`pendingSince`) holds only incidents with a hand-over that is not finished; index `status`
 * (`status`, `openedAt`) lists incidents; index `work` (`work`, `startedAt`) holds containments whose execution
 * should be running, and approvals that wait (`startedAt` is then when time decides).
 */
export interface Table {
  readonly client: DynamoDBDocumentClient;
  readonly name: string;
}

let table: Table | undefined;

/** The table of this stack: `INCIDENT_TABLE`. The client is made once, at first use. */
export function incidentTable(): Table {
  table ??= makeTable(new DynamoDBClient({}), requireEnv('INCIDENT_TABLE'));
  return table;
}

export function makeTable(client: DynamoDBClient, name: string): Table {
  return {
    name,
    client: DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } }),
  };
}

export const META = 'META';
export const alertKey = (id: string) => ({ pk: `ALERT#${id}`, sk: META });
export const incidentKey = (id: string) => ({ pk: `INCIDENT#${id}`, sk: META });
export const timelineKey = (id: string, sequence: number) => ({
  pk: `INCIDENT#${id}`,
  sk: `TL#${String(sequence).padStart(8, '0')}`,
});
export const containmentKey = (id: string) => ({ pk: `CONTAINMENT#${id}`, sk: META });
