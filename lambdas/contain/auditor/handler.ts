import { executionName } from '../../../lib/model/ids';
import type { Containment } from '../../../lib/model/containment';
import { isJsonObject, textAt, type Json } from '../../../lib/model/json';
import { errorText } from '../../shared/aws-error';
import { executionArnOf, executionStatus } from '../../shared/hand-over/start-execution';
import { requireEnv } from '../../shared/require-env';
import { containmentsAtWork, getContainment } from '../../shared/store/containments';
import { incidentTable, type Table } from '../../shared/store/table';
import { failContainment } from '../shared/fail-containment';

/** Younger containments are left alone: their execution may not have said yet who it is. */
const GRACE_MS = 5 * 60_000;
/** An execution that never started is triage's to start again; after this long nobody will. */
const NEVER_STARTED_MS = 30 * 60_000;
const NEVER_STARTED = 'its execution never started';

/**
 * Notices executions that ended without writing down how. Called by Step Functions' events, and every 5 minutes by
 * itself, because events can be missed.
 */
export async function handler(event: unknown): Promise<{ readonly failed: readonly string[] }> {
  const table = incidentTable();
  const failed =
    isJsonObject(event) && event['detail-type'] === 'Step Functions Execution Status Change'
      ? await audit(
          table,
          await named(table, event),
          `its execution ended as ${textAt(event, 'detail.status') ?? 'failed'}`,
        )
      : await lookAround(table);
  console.log({ message: 'auditor', failed });
  return { failed };
}

/** The containment whose execution an event is about. */
async function named(table: Table, event: Json): Promise<Containment[]> {
  const executionArn = textAt(event, 'detail.executionArn') ?? '';
  const id = containmentIdOf(textAt(event, 'detail.input')) ?? /con-[0-9a-f]{32}/.exec(executionArn)?.[0];
  const containment = id === undefined ? undefined : await getContainment(table, id);
  return containment && isAtWork(containment, executionArn) ? [containment] : [];
}

/**
 * Whether this execution is the one that the containment waits for: while it is released, the release's own; else that
 * of its attempt. That an earlier one failed says nothing about what is at work now.
 */
function isAtWork({ id, attempt, status, executionArn }: Containment, arn: string): boolean {
  return status === 'releasing' ? executionArn === arn : arn.endsWith(`:${executionName(id, attempt)}`);
}

function containmentIdOf(input: string | undefined): string | undefined {
  if (input === undefined) return undefined;
  try {
    return textAt(JSON.parse(input) as Json, 'containmentId');
  } catch {
    // Step Functions leaves out large inputs; the execution's name holds the id too.
    return undefined;
  }
}

async function lookAround(table: Table): Promise<string[]> {
  const old = await containmentsAtWork(table, new Date(Date.now() - GRACE_MS));
  const failed: string[] = [];
  const errors: unknown[] = [];
  for (const containment of old) {
    try {
      failed.push(...(await lookAt(table, containment)));
    } catch (error) {
      // One that cannot be looked at must not hide those that are younger.
      errors.push(error);
    }
  }
  if (errors.length > 0) {
    throw new AggregateError(
      errors,
      `${errors.length} of ${old.length} containments could not be looked at, ${failed.length} had ended unheard: ${errors.map(errorText).join('; ')}`,
    );
  }
  return failed;
}

async function lookAt(table: Table, containment: Containment): Promise<string[]> {
  const ended = await whyEnded(containment);
  if (ended === undefined) return [];
  // The index lags, and others were looked at before: it may have ended well, or another execution be at work on it.
  const now = await getContainment(table, containment.id);
  if (now?.status !== containment.status || now.attempt !== containment.attempt) return [];
  if (now.executionArn !== containment.executionArn) return [];
  return audit(table, [now], ended);
}

async function whyEnded(containment: Containment): Promise<string | undefined> {
  const { executionArn } = containment;
  if (executionArn === undefined || !isAtWork(containment, executionArn)) {
    const age = Date.now() - new Date(containment.startedAt).getTime();
    return age > NEVER_STARTED_MS ? whyNotStarted(containment) : undefined;
  }
  return whyOver(await executionStatus(executionArn));
}

/** Triage may have started it just now, after the service was away for so long: it has only not said who it is yet. */
async function whyNotStarted({ id, attempt, runbook, status }: Containment): Promise<string | undefined> {
  const machine = (JSON.parse(requireEnv('RUNBOOK_MACHINES')) as Record<string, string>)[runbook];
  if (status === 'releasing' || machine === undefined) return NEVER_STARTED;
  const found = await executionStatus(executionArnOf(machine, executionName(id, attempt)));
  return found === 'UNKNOWN' ? NEVER_STARTED : whyOver(found);
}

function whyOver(status: string): string | undefined {
  return status === 'RUNNING' || status === 'PENDING_REDRIVE' ? undefined : `its execution ended as ${status}`;
}

async function audit(table: Table, containments: readonly Containment[], because: string): Promise<string[]> {
  const failed: string[] = [];
  for (const containment of containments) {
    const kind = failureOf(containment);
    if (kind === undefined) continue;
    await failContainment(table, containment, { kind, because: `${because}; ${hint(containment)}`, by: 'auditor' });
    failed.push(containment.id);
  }
  return failed;
}

/** What is over and said is nobody's business any more. */
function failureOf(containment: Containment): 'failed' | 'release-failed' | undefined {
  switch (containment.status) {
    case 'starting':
    case 'containing':
    case 'verified':
      return 'failed';
    case 'releasing':
      return 'release-failed';
    case 'planned':
    case 'refused':
    // Nobody works on it until people decide; that somebody does is watched by the reconciler.
    case 'awaiting-approval':
    case 'not-approved':
    case 'held':
    case 'failed':
    case 'released':
    case 'release-failed':
      return undefined;
  }
}

function hint(containment: Containment): string {
  return containment.status === 'verified'
    ? 'everything had been read back before, but nobody watched whether it holds'
    : 'nobody wrote down how';
}
