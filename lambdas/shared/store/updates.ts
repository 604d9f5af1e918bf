import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { isNamed } from '../aws-error';
import type { WriteItem } from './incidents';
import { incidentKey, type Table } from './table';

/** What a stakeholder was told of an incident, and what could not be told. */
export interface UpdateMark {
  /** Sequence of the newest record that was looked at for an update; 0 at first. */
  readonly upTo: number;
  /** Whether anything was ever told. */
  readonly told: boolean;
  /** Sequence of the record whose telling failed, and was said to have failed. */
  readonly failedFrom?: number;
}

/** Whoever died over an update has stopped by then: the function may run for two minutes. */
const CLAIMED_MS = 3 * 60_000;

const markKey = (incidentId: string, stakeholder: string) => ({
  pk: incidentKey(incidentId).pk,
  sk: `UPDATE#${stakeholder}`,
});

/** Takes the telling of one stakeholder about one incident; undefined where another run has it at the moment. */
export async function claimUpdate(
  table: Table,
  incidentId: string,
  stakeholder: string,
  run: string,
  now: Date,
): Promise<UpdateMark | undefined> {
  try {
    const { Attributes } = await table.client.send(
      new UpdateCommand({
        TableName: table.name,
        Key: markKey(incidentId, stakeholder),
        UpdateExpression: 'SET claimedBy = :run, claimedUntil = :until',
        ConditionExpression: 'attribute_not_exists(claimedBy) OR claimedBy = :run OR claimedUntil < :now',
        ExpressionAttributeValues: {
          ':run': run,
          ':until': new Date(now.getTime() + CLAIMED_MS).toISOString(),
          ':now': now.toISOString(),
        },
        ReturnValues: 'ALL_NEW',
      }),
    );
    const { upTo = 0, told = false, failedFrom } = (Attributes ?? {}) as Partial<UpdateMark>;
    return { upTo, told, ...(failedFrom !== undefined && { failedFrom }) };
  } catch (error) {
    if (isNamed(error, 'ConditionalCheckFailedException')) return undefined;
    throw error;
  }
}

/** The write by which a run lets go of it; goes with the record on the timeline, where there is one. */
export function settleUpdate(
  table: Table,
  incidentId: string,
  stakeholder: string,
  run: string,
  mark: UpdateMark,
): WriteItem {
  const { upTo, told, failedFrom } = mark;
  return {
    Update: {
      TableName: table.name,
      Key: markKey(incidentId, stakeholder),
      UpdateExpression: `SET upTo = :upTo, told = :told${failedFrom === undefined ? '' : ', failedFrom = :failed'} REMOVE claimedBy, claimedUntil${failedFrom === undefined ? ', failedFrom' : ''}`,
      ConditionExpression: 'claimedBy = :run',
      ExpressionAttributeValues: {
        ':upTo': upTo,
        ':told': told,
        ':run': run,
        ...(failedFrom !== undefined && { ':failed': failedFrom }),
      },
    },
  };
}

/** Lets go of it without a record: there was nothing to tell, or it was said before that it could not be told. */
export async function leaveUpdate(...args: Parameters<typeof settleUpdate>): Promise<void> {
  const { Update } = settleUpdate(...args);
  if (Update) await args[0].client.send(new UpdateCommand(Update));
}
