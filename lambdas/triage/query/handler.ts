import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { JsonObject } from '../../../lib/model/json';
import { getContainment, readActions } from '../../shared/store/containments';
import { waitingApprovals } from '../../shared/approvals/waiting-approvals';
import { readCanaryState } from '../../shared/store/canaries';
import { getIncident } from '../../shared/store/incidents';
import { listIncidents } from '../../shared/store/list-incidents';
import { readSuppressedCounts } from '../../shared/store/suppressions';
import { deployedExercise } from '../../shared/exercise';
import { requireEnv } from '../../shared/require-env';
import { incidentTable, type Table } from '../../shared/store/table';
import { queryRequest, type QueryRequest } from './request';
import { showPage, START } from './show-page';
import { readStats } from './stats';

/** What a person asked for, or why there is no answer; never thrown, so that the command line can tell them apart. */
export type QueryAnswer =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly problem: string };

const exercise = deployedExercise();
let lambda: LambdaClient | undefined;

/** Reads for people. It has no right to change anything. */
export async function handler(event: unknown): Promise<QueryAnswer> {
  const request = queryRequest.safeParse(event);
  if (!request.success) return { ok: false, problem: `this request is not understood: ${request.error.message}` };
  return answer(incidentTable(), request.data);
}

export async function answer(table: Table, request: QueryRequest): Promise<QueryAnswer> {
  switch (request.op) {
    case 'list':
      return { ok: true, value: await listIncidents(table, request.status, request.limit) };
    case 'suppressed':
      return { ok: true, value: await readSuppressedCounts(table) };
    case 'canary':
      return { ok: true, value: await readCanaryState(table) };
    case 'stats':
      return { ok: true, value: await readStats(table, request.days, new Date()) };
    case 'show': {
      const page = await showPage(table, request.incidentId, request.from ?? START, exercise);
      if (!page) return { ok: false, problem: `there is no incident '${request.incidentId}'` };
      // Whoever does not know of pages would take the first for all of it, and its timeline for one that was cut off.
      if (request.from === undefined && page.next !== undefined) {
        return { ok: false, problem: tooLarge(request.incidentId) };
      }
      return { ok: true, value: page };
    }
    case 'approvals': {
      const incident = await getIncident(table, request.incidentId);
      return incident
        ? { ok: true, value: await waitingApprovals(table, incident) }
        : { ok: false, problem: `there is no incident '${request.incidentId}'` };
    }
    case 'containment': {
      const containment = await getContainment(table, request.containmentId);
      if (!containment) return { ok: false, problem: `there is no containment '${request.containmentId}'` };
      return {
        ok: true,
        value: { containment, actions: await readActions(table, containment.id, containment.generation) },
      };
    }
    case 'plan':
      return plan(request);
  }
}

function tooLarge(incidentId: string): string {
  return `incident '${incidentId}' is too large for one answer: a newer command line reads it in pages; its draft report lies in the vault, drafts/${incidentId}/report.md`;
}

/** Asks the runbook's evidence function, which may only read and keep evidence, what it would change. */
async function plan(request: Extract<QueryRequest, { op: 'plan' }>): Promise<QueryAnswer> {
  const functions = JSON.parse(requireEnv('EVIDENCE_FUNCTIONS')) as Record<string, string>;
  const FunctionName = functions[request.runbook];
  if (FunctionName === undefined) {
    const deployed = Object.keys(functions).join(', ') || 'none';
    return { ok: false, problem: `runbook '${request.runbook}' is not deployed; deployed are: ${deployed}` };
  }
  lambda ??= new LambdaClient({});
  const { Payload, FunctionError } = await lambda.send(
    new InvokeCommand({
      FunctionName,
      Payload: JSON.stringify({ schemaVersion: 1, op: 'preview', target: request.target }),
    }),
  );
  const said = JSON.parse(Payload?.transformToString() ?? 'null') as JsonObject;
  if (FunctionError !== undefined) {
    const message = said['errorMessage'];
    return {
      ok: false,
      problem: `the target could not be read: ${typeof message === 'string' ? message : FunctionError}`,
    };
  }
  return { ok: true, value: said };
}
