import type { ActionRecord, Containment, UndoRecord } from '../../../lib/model/containment';
import type { JsonObject } from '../../../lib/model/json';
import { AwsClients } from '../../shared/aws-clients';
import { requireEnv } from '../../shared/require-env';
import { containmentKey, incidentTable, type Table } from '../../shared/store/table';
import type { WriteItem } from '../../shared/store/incidents';
import type { Action, ActionContext, Runbook } from './action';

const clients = new Map<string, AwsClients>();

function clientsFor(region: string): AwsClients {
  const known = clients.get(region);
  if (known) return known;
  const made = new AwsClients(region);
  clients.set(region, made);
  return made;
}

let parameters: Readonly<Record<string, string>> | undefined;

/** One call to a runbook's function: which containment, and with what. */
export interface Run {
  readonly runbook: Runbook;
  readonly table: Table;
  readonly containment: Containment;
  readonly context: ActionContext;
  /** Who acts, for the timeline: the execution. */
  readonly by: string;
}

export function makeRun(runbook: Runbook, containment: Containment, execution: string): Run {
  if (containment.runbook !== runbook.facts.id) {
    throw new Error(
      `containment '${containment.id}' is of runbook '${containment.runbook}', not of '${runbook.facts.id}'`,
    );
  }
  parameters ??= JSON.parse(requireEnv('RUNBOOK_PARAMETERS')) as Record<string, string>;
  return {
    runbook,
    table: incidentTable(),
    containment,
    by: execution.split(':').at(-1) ?? execution,
    context: {
      target: containment.target,
      containmentId: containment.id,
      incidentId: containment.incidentId,
      generation: containment.generation,
      startedAt: containment.startedAt,
      aws: clientsFor(containment.target.region),
      parameters,
      now: () => new Date(),
    },
  };
}

export function actionOf(runbook: Runbook, id: string | undefined): Action {
  const found = runbook.actions.find((action) => action.id === id);
  if (found) return found;
  throw new Error(`runbook '${runbook.facts.id}' has no action '${id ?? ''}'`);
}

export function titleOf(runbook: Runbook, id: string): string {
  return runbook.facts.actions.find((action) => action.id === id)?.title ?? id;
}

/** An action's state, written together with the timeline's word about it. */
export function actionItem(
  run: Run,
  action: string,
  what: Pick<ActionRecord, 'status' | 'detail' | 'tasks' | 'made' | 'unread' | 'givenBack'>,
): WriteItem {
  const record: ActionRecord = {
    containmentId: run.containment.id,
    generation: run.containment.generation,
    action,
    at: new Date().toISOString(),
    ...what,
  };
  return {
    Put: {
      TableName: run.table.name,
      Item: { pk: containmentKey(run.containment.id).pk, sk: `ACTION#${record.generation}#${action}`, action: record },
    },
  };
}

export function undoOf(run: Run, action: string, before: JsonObject): UndoRecord {
  return {
    containmentId: run.containment.id,
    generation: run.containment.generation,
    action,
    at: new Date().toISOString(),
    before,
  };
}
